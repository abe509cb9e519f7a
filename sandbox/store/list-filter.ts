import { type FieldRequirement, type LabelRequirement, matchesFields, matchesLabels } from './selectors.ts'
import type { KubeObject } from './types.ts'

/** What a list or a watch selects; everything absent selects all. */
export interface ListFilter {
  namespace?: string
  labels?: LabelRequirement[]
  fields?: FieldRequirement[]
}

export function matchesFilter(object: KubeObject, filter: ListFilter): boolean {
  if (filter.namespace && object.metadata.namespace !== filter.namespace) return false
  if (filter.labels && !matchesLabels(object.metadata.labels, filter.labels)) return false
  return !filter.fields || matchesFields(object, filter.fields)
}
