import { FIELD_MANAGER, RESTARTED_AT } from './annotations.ts'
import type { Deployment, ManagedField } from './kinds.ts'

/** The fields that this program sets on a Deployment. Everything else it leaves untouched. */
export interface OwnFields {
  readonly replicas?: number
  readonly restartedAt?: string
  /** By container. */
  readonly images: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * What we own at present, with its present values. An apply must repeat it: a field that its only owner leaves out of the next
 * apply is removed by the server (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). What somebody
 * else has taken over is no longer among our managed fields and is not claimed back.
 */
export function readOwnFields({ metadata, spec }: Deployment): OwnFields {
  const own = metadata.managedFields.find(
    ({ manager, operation, subresource }) => manager === FIELD_MANAGER && operation === 'Apply' && !subresource,
  )
  if (!own) return { images: {}, annotations: {} }
  const has = (...path: string[]) => inside(own, path) !== undefined
  const images: Record<string, string> = {}
  for (const { name, image } of spec.template.spec.containers)
    if (has(...TEMPLATE, 'f:spec', 'f:containers', `k:${JSON.stringify({ name })}`, 'f:image')) images[name] = image
  const annotations: Record<string, string> = {}
  for (const [key, value] of Object.entries(metadata.annotations))
    if (has('f:metadata', 'f:annotations', `f:${key}`)) annotations[key] = value
  const restartedAt = spec.template.metadata.annotations[RESTARTED_AT]
  const ownsRestart = has(...TEMPLATE, 'f:metadata', 'f:annotations', `f:${RESTARTED_AT}`)
  return {
    images,
    annotations,
    ...(has('f:spec', 'f:replicas') ? { replicas: spec.replicas } : {}),
    ...(ownsRestart && restartedAt ? { restartedAt } : {}),
  }
}

const TEMPLATE = ['f:spec', 'f:template']

function inside({ fieldsV1 }: ManagedField, path: readonly string[]): unknown {
  let current: unknown = fieldsV1
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Record<string, unknown>)[key] // any object may be indexed by a string; what is found is unknown
  }
  return current
}

/** The body of a server-side apply: our fields only, on the object as it was at `resourceVersion`. */
export function applyBody({ metadata }: Deployment, own: OwnFields): object {
  const containers = Object.entries(own.images).map(([name, image]) => ({ name, image }))
  const template = {
    ...(own.restartedAt ? { metadata: { annotations: { [RESTARTED_AT]: own.restartedAt } } } : {}),
    ...(containers.length ? { spec: { containers } } : {}),
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      resourceVersion: metadata.resourceVersion,
      annotations: own.annotations,
    },
    spec: {
      ...(own.replicas === undefined ? {} : { replicas: own.replicas }),
      ...(Object.keys(template).length ? { template } : {}),
    },
  }
}
