import { apiVersionOf, RESOURCE_TYPES, resourceKey } from '../store/resources.ts'
import type { KubeObject, ResourceType } from '../store/types.ts'
import { fromEventsV1, toEventsV1 } from './events-view.ts'

/** A resource as one API version shows it; most are shown as they are stored. */
export interface ServedType extends ResourceType {
  /** The store's name for it. */
  resource: string
  toApi: (object: KubeObject) => KubeObject
  fromApi: (object: KubeObject) => KubeObject
}

const asStored = (object: KubeObject): KubeObject => object

const STORED: ServedType[] = RESOURCE_TYPES.map((type) => ({
  ...type,
  resource: resourceKey(type),
  toApi: asStored,
  fromApi: asStored,
}))

const EVENTS_V1: ServedType[] = STORED.filter((type) => type.resource === 'events').map((type) => ({
  ...type,
  group: 'events.k8s.io',
  resource: 'events',
  toApi: toEventsV1,
  fromApi: fromEventsV1,
}))

export const SERVED_TYPES: readonly ServedType[] = [...STORED, ...EVENTS_V1]

export function servedType(group: string, version: string, plural: string): ServedType | undefined {
  return SERVED_TYPES.find((type) => type.group === group && type.version === version && type.plural === plural)
}

/** Groups that answer questions and store nothing: kind, plural and their one verb. */
export const REVIEW_TYPES = [
  { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
  { group: 'authentication.k8s.io', version: 'v1', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
] as const

/** Every `group/version` the server has, core first. */
export function groupVersions(): { group: string; version: string }[] {
  const all = [...SERVED_TYPES, ...REVIEW_TYPES].map(({ group, version }) => ({ group, version }))
  return [...new Map(all.map((entry) => [apiVersionOf(entry), entry])).values()]
}
