import { parseImage } from '../../core/image-reference.ts'
import { Deployment, paths } from './kinds.ts'
import { type Locator, mainContainer } from './locate.ts'

/** A service that was found running rather than read from the configuration. */
export interface LearnedService {
  readonly name: string
  readonly environment: string
  readonly namespace: string
  readonly workload: string
  /** Image repository without tag. */
  readonly repository: string
}

/** The Deployments of an environment as services. Throws UserError for an unknown environment, UpstreamError when the cluster cannot say. */
export async function learnServices(locator: Locator, environment: string): Promise<LearnedService[]> {
  const { cluster, namespace } = locator.environment(environment)
  const { items } = await cluster.list(paths.deployments(namespace), Deployment)
  return items.map((deployment) => {
    const workload = deployment.metadata.name
    const { image } = mainContainer(deployment, {
      ref: { service: workload, environment },
      workload,
      container: undefined,
    })
    return { name: workload, environment, namespace, workload, repository: parseImage(image).repository }
  })
}
