import { conflict, notFound, type StatusCause, StatusError } from '../errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { apiVersionOf, resourceType } from '../resources.ts'
import { type Schema, schemaOf } from '../schema/schema.ts'
import { timestamp } from '../timestamp.ts'
import type { KubeObject } from '../types.ts'
import { compare } from './compare.ts'
import { fieldsOf } from './extract.ts'
import { difference, EMPTY, type FieldSet, intersection, paths, pathText, union } from './field-set.ts'
import { decodeManagers, encodeManagers, type Manager, sameManager, withoutServerFields } from './managers.ts'
import { merge, prune } from './merge.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export interface ApplyOptions {
  fieldManager: string
  force?: boolean
  dryRun?: boolean
  subresource?: 'status'
}

/**
 * Server-side apply (KEP-555): merges the configuration, takes its fields into the manager's ownership, removes what the
 * manager named before and nobody names now.
 * @throws 409 Conflict with one cause per field that another manager holds at another value, unless `force`
 */
export function applyObject(
  store: ObjectStore,
  resource: string,
  applied: KubeObject,
  options: ApplyOptions,
): { object: KubeObject; created: boolean } {
  const type = resourceType(resource)
  const schema = schemaOf(type)
  const { name, namespace, resourceVersion } = applied.metadata
  const applier: Manager = {
    manager: options.fieldManager,
    operation: 'Apply',
    apiVersion: apiVersionOf(type),
    ...(options.subresource ? { subresource: options.subresource } : {}),
    time: timestamp(store.now()),
    fields: withoutServerFields(fieldsOf(schema, applyScope(type.subresources, applied, options.subresource))),
  }
  const live: KubeObject | undefined = store.get(resource, namespace, name)
  if (!live) {
    if (applied.metadata.uid) {
      const why = `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`
      throw conflict(resource, name, why)
    }
    if (options.subresource) throw notFound(resource, name)
    const managedFields = encodeManagers([applier]) ?? []
    const object = store.create(resource, applied, { dryRun: options.dryRun, managedFields })
    return { object, created: true }
  }

  const managers = decodeManagers(live.metadata.managedFields)
  const before = managers.find((manager) => sameManager(manager, applier))
  const others = managers.filter((manager) => manager !== before)
  const merged = merge(schema, live, applied)
  const changes = compare(schema, live, merged)
  const changed = withoutServerFields(union(changes.added, changes.modified))
  if (!options.force) refuseConflicts(others, difference(changed, clientSideFields(schema, live, options.fieldManager)))
  // Values of others that were overwritten are no longer theirs; equal values are owned by both.
  const left = others.map((manager) => ({ ...manager, fields: difference(manager.fields, changed) }))
  const owned = [...left, applier].reduce((all, manager) => union(all, manager.fields), EMPTY)
  const result = prune(schema, merged, before?.fields ?? EMPTY, owned) as KubeObject // metadata.name always stays
  keepLastApplied(result, applied, options.fieldManager)
  const object: KubeObject = {
    ...result,
    metadata: { ...result.metadata, resourceVersion: resourceVersion ?? live.metadata.resourceVersion ?? '' },
  }
  // What went with a removed list item is nobody's any more.
  const gone = withoutServerFields(compare(schema, live, result).removed)
  const managedFields = encodeManagers([
    ...left.map((manager) => ({ ...manager, fields: difference(manager.fields, gone) })),
    applier,
  ])
  const written = store.update(resource, object, {
    dryRun: options.dryRun,
    ...(options.subresource ? { subresource: options.subresource } : {}),
    managedFields: managedFields ?? [],
  })
  return { object: written, created: false }
}

/**
 * The fields that `kubectl apply` wrote down before its user turned to server-side apply. The server lets the manager
 * "kubectl" take those over without a conflict; any other name opts out.
 */
function clientSideFields(schema: Schema, live: KubeObject, manager: string): FieldSet {
  const written = live.metadata.annotations?.[LAST_APPLIED]
  if (manager !== 'kubectl' || !written) return EMPTY
  try {
    return withoutServerFields(fieldsOf(schema, JSON.parse(written)))
  } catch {
    return EMPTY // an annotation that is no JSON gives no rights
  }
}

/** Keeps the annotation of client-side apply true, so that its user can go back. */
function keepLastApplied(result: KubeObject, applied: KubeObject, manager: string): void {
  const { annotations } = result.metadata
  if (manager !== 'kubectl' || !annotations?.[LAST_APPLIED]) return
  result.metadata = {
    ...result.metadata,
    annotations: { ...annotations, [LAST_APPLIED]: `${JSON.stringify(applied)}\n` },
  }
}

/** The part of a configuration that counts: an apply to the object ignores its status, one to the status all else. */
function applyScope(subresources: string[], applied: KubeObject, subresource?: 'status'): unknown {
  if (subresource === 'status') return { status: applied.status }
  const { status, ...rest } = applied
  return subresources.includes('status') ? rest : { ...rest, status }
}

function refuseConflicts(others: Manager[], changed: Manager['fields']): void {
  const conflicts = others.flatMap((manager) =>
    [...paths(intersection(manager.fields, changed))].map((path) => ({
      holder: holderText(manager),
      field: pathText(path),
    })),
  )
  const [first] = conflicts
  if (!first) return
  const causes: StatusCause[] = conflicts.map(({ holder, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${holder}`,
    field,
  }))
  throw new StatusError(409, 'Conflict', conflictText(conflicts), { causes })
}

function conflictText(conflicts: { holder: string; field: string }[]): string {
  const [first] = conflicts
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first.holder}: ${first.field}`
  }
  const holders = [...new Set(conflicts.map((conflict) => conflict.holder))].sort()
  const lines = holders.flatMap((holder) => [
    `conflicts with ${holder}:`,
    ...conflicts.filter((conflict) => conflict.holder === holder).map((conflict) => `- ${conflict.field}`),
  ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function holderText(manager: Manager): string {
  const name = JSON.stringify(manager.manager)
  if (manager.operation === 'Apply') return name
  const subresource = manager.subresource ? ` with subresource ${JSON.stringify(manager.subresource)}` : ''
  return `${name}${subresource} using ${manager.apiVersion}`
}
