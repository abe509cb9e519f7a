/** The shapes every part of the sandbox shares. Times are RFC 3339 strings with seconds, as the API server writes them. */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** One entry of metadata.managedFields; `fieldsV1` is the trie of `f:`, `k:` and `v:` keys. */
export interface ManagedFieldsEntry {
  manager?: string
  operation?: 'Apply' | 'Update'
  apiVersion?: string
  time?: string
  fieldsType?: string
  fieldsV1?: Record<string, unknown>
  subresource?: string
}

export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
}

export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [section: string]: unknown
}

/** What discovery says about one resource. `subresources` are names without the parent, such as `status`. */
export interface ResourceType {
  group: string
  version: string
  plural: string
  singular: string
  kind: string
  namespaced: boolean
  shortNames: string[]
  subresources: string[]
  verbs: string[]
  categories?: string[]
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

export interface ChangeEvent {
  type: ChangeType
  /** `pods`, `apps/deployments`, … (see resourceKey) */
  resource: string
  object: KubeObject
  /** The object before this change; absent for ADDED. */
  previous?: KubeObject
  /** The store's resourceVersion after this change. */
  version: number
}

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan'

export interface DeleteOptions {
  propagationPolicy?: PropagationPolicy
  gracePeriodSeconds?: number
  preconditions?: { uid?: string; resourceVersion?: string }
}

export interface WriteOptions {
  fieldManager?: string
  subresource?: string
  /** Check everything, store nothing. */
  dryRun?: boolean
  /** Ownership that was worked out already (server-side apply); otherwise the store works it out. */
  managedFields?: ManagedFieldsEntry[]
}

/** Sees every write before it is stored; refuses by throwing a StatusError (see errors.ts). `object` may be changed on CREATE. */
export type AdmissionHook = (request: {
  operation: 'CREATE' | 'UPDATE' | 'DELETE'
  resource: string
  subresource?: string
  object: KubeObject
  previous?: KubeObject
}) => void
