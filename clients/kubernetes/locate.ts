import type { Catalog } from '../../core/catalog/catalog.ts'
import { UserError } from '../../core/errors.ts'
import type { WorkloadRef } from '../../core/ports/cluster.ts'
import { ApiError } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { Deployment, paths } from './kinds.ts'

/** A ref, mapped to where it is by the catalog. */
export interface Place {
  readonly ref: WorkloadRef
  readonly cluster: Cluster
  readonly namespace: string
  /** The Deployment's name. */
  readonly workload: string
  /** The container that the catalog names, if it does. */
  readonly container: string | undefined
}

export interface Locator {
  environment(name: string): { readonly cluster: Cluster; readonly namespace: string }
  place(ref: WorkloadRef): Place
}

export function createLocator(
  catalog: () => Catalog,
  clusterOf: (environment: string, context: string) => Cluster,
): Locator {
  const environment = (name: string) => {
    const known = catalog().environment(name)
    if (!known) {
      const names = catalog().environments.map((candidate) => candidate.name)
      throw new UserError(`There is no environment "${name}". There is: ${names.join(', ') || 'none'}.`, names)
    }
    return { cluster: clusterOf(known.name, known.cluster), namespace: known.namespace }
  }
  return {
    environment,
    place(ref) {
      const service = catalog().service(ref.service)
      // A service the catalog does not know (yet) is looked for under its own name.
      return {
        ref,
        ...environment(ref.environment),
        workload: service?.workload ?? ref.service,
        container: service?.container,
      }
    },
  }
}

/** The Deployment at a place. Throws UserError that names what is missing where. */
export async function readDeployment(place: Place): Promise<Deployment> {
  try {
    return await place.cluster.get(`${paths.deployments(place.namespace)}/${place.workload}`, Deployment)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) throw missing(place)
    throw error
  }
}

export function missing({ ref, cluster, namespace, workload }: Place): UserError {
  return new UserError(
    `${ref.service} does not run in ${ref.environment}: there is no deployment "${workload}" in the namespace ${namespace} of the cluster "${cluster.name}".`,
  )
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/**
 * The container that carries the service: the one the catalog names, else the one the pods name as default for kubectl, else the one
 * called like the service or the workload, else the first (sidecars come after it by custom). Throws UserError when the named one is not there.
 */
export function mainContainer(deployment: Deployment, place: Pick<Place, 'ref' | 'workload' | 'container'>) {
  const { containers } = deployment.spec.template.spec
  const named = (name: string | undefined) => name && containers.find((candidate) => candidate.name === name)
  if (place.container) {
    const found = named(place.container)
    if (found) return found
    const names = containers.map(({ name }) => name).join(', ')
    throw new UserError(
      `The catalog says that ${place.ref.service} runs in the container "${place.container}", but the deployment "${place.workload}" in ${place.ref.environment} has: ${names}.`,
    )
  }
  const found =
    named(deployment.spec.template.metadata.annotations[DEFAULT_CONTAINER]) ||
    named(place.ref.service) ||
    named(place.workload) ||
    containers[0]
  if (!found) throw new UserError(`The deployment "${place.workload}" in ${place.ref.environment} has no container.`)
  return found
}
