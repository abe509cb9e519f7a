import { apiVersionOf } from '../store/resources.ts'
import type { KubeObject } from '../store/types.ts'
import type { Format } from './accept.ts'
import type { ServedType } from './served-types.ts'
import { tableOf } from './tables/table.ts'

interface ShapeContext {
  type: ServedType
  format: Format
  query: URLSearchParams
  now: Date
}

/** One object the way the client asked to see it. */
export function shapeObject(object: KubeObject, { type, format, query, now }: ShapeContext): unknown {
  const shown = type.toApi(object)
  if (format.shape === 'table') {
    const table = tableOf(type.resource, [shown], now, query.get('includeObject'))
    return { ...table, metadata: { resourceVersion: object.metadata.resourceVersion } }
  }
  return format.shape === 'metadata' ? metadataOnly(shown) : shown
}

/** A list of objects the way the client asked to see it. `metadata` is the list's own. */
export function shapeList(objects: KubeObject[], metadata: Record<string, unknown>, context: ShapeContext): unknown {
  const { type, format, query, now } = context
  const shown = objects.map((object) => type.toApi(object))
  if (format.shape === 'table') {
    return { ...tableOf(type.resource, shown, now, query.get('includeObject')), metadata }
  }
  if (format.shape === 'metadata') {
    const items = shown.map(metadataOnly)
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items }
  }
  const items = shown.map(({ apiVersion: _, kind: __, ...item }) => item)
  // Items of a built-in list carry no kind of their own, items of a custom resource's list do.
  const custom = type.group.includes('.') && !type.group.endsWith('.k8s.io')
  return { kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata, items: custom ? shown : items }
}

function metadataOnly(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}
