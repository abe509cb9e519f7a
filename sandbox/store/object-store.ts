import { deletionOf } from './deletion.ts'
import { alreadyExists, conflict, notFound } from './errors.ts'
import { recordUpdate } from './fields/record-update.ts'
import { copyOf, deepFreeze } from './immutable.ts'
import type { KindOf } from './kinds.ts'
import { type ListFilter, matchesFilter } from './list-filter.ts'
import { nameSuffix } from './name-suffix.ts'
import { objectForUpdate, sameButForManagers } from './object-for-update.ts'
import { prepare } from './prepare.ts'
import { resourceKey, resourceType } from './resources.ts'
import type { AdmissionHook, ChangeEvent, ChangeType, DeleteOptions, KubeObject, WriteOptions } from './types.ts'
import { objectKey, WatchHistory } from './watch-history.ts'

export interface StoreDump {
  version: number
  objects: Record<string, KubeObject[]>
}

/**
 * Changes between a dump and the crash after it. Their versions must not be handed out again for other changes: a watch would go on in
 * another history, and a precondition hold by chance. `etcdutl snapshot restore --bump-revision` is there for the same.
 */
const LOST_AT_MOST = 1_000_000

/**
 * The cluster's state: etcd and the write path of the API server in one. What it hands out is frozen: copy before you
 * change (`modify` does it for you). Listeners are called in commit order, after the commit; a listener may write.
 */
export class ObjectStore {
  readonly #now: () => Date
  readonly #uid: () => string
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  readonly #listeners = new Set<(event: ChangeEvent) => void>()
  readonly #admission: AdmissionHook[] = []
  readonly #pending: ChangeEvent[] = []
  #notifying = false
  #version = 1
  readonly history = new WatchHistory()

  constructor(options: { now: () => Date; uid: () => string }) {
    this.#now = options.now
    this.#uid = options.uid
  }

  /** The newest resourceVersion. */
  get version(): number {
    return this.#version
  }

  now(): Date {
    return this.#now()
  }

  get<R extends string>(resource: R, namespace: string | undefined, name: string): KindOf<R> | undefined {
    // The map of a resource holds that resource's kind only, which Map's type cannot say.
    return this.#of(resource).get(this.#key(resource, namespace, name)) as KindOf<R> | undefined
  }

  /** Sorted by namespace and name, as etcd returns it. `at` reads a past version. @throws 410 when that is forgotten */
  list<R extends string>(resource: R, filter: ListFilter = {}, at?: number): KindOf<R>[] {
    const current = this.#of(resource)
    const objects = at === undefined || at >= this.#version ? current : this.history.rewind(current, at, resource)
    // A busy cluster has thousands of events, and most lists want few of them.
    const keys: string[] = []
    for (const [key, object] of objects) if (matchesFilter(object, filter)) keys.push(key)
    return keys.sort().map((key) => objects.get(key) as KindOf<R>) // as in get
  }

  /** @throws 409 AlreadyExists, 404 for a missing namespace, 422 Invalid, 403 from admission */
  create<R extends string>(resource: R, object: KindOf<R>, options: WriteOptions = {}): KindOf<R> {
    const type = resourceType(resource)
    const uid = this.#uid()
    const draft = copyOf<KubeObject>(object)
    const { generateName } = draft.metadata
    if (!draft.metadata.name && generateName) draft.metadata.name = generateName + nameSuffix(uid)
    const stored = prepare(type, draft, { operation: 'CREATE', uid, now: this.#now(), store: this })
    if (this.get(resource, stored.metadata.namespace, stored.metadata.name)) {
      throw alreadyExists(resource, stored.metadata.name)
    }
    this.#admit({ operation: 'CREATE', resource, object: stored })
    stored.metadata.managedFields = recordUpdate(type, undefined, stored, options, this.#now())
    return (options.dryRun ? deepFreeze(stored) : this.#commit('ADDED', resource, stored)) as KindOf<R> // as in get
  }

  /**
   * Replaces an object. A `metadata.resourceVersion` or `uid` in it is a precondition. Without a subresource the status
   * stays; with `status` only the status changes. Writing what is already there changes nothing, not even the version.
   * @throws 404, 409 Conflict, 422 Invalid, 403 from admission
   */
  update<R extends string>(resource: R, object: KindOf<R>, options: WriteOptions = {}): KindOf<R> {
    const { name, namespace } = object.metadata
    const previous: KubeObject | undefined = this.get(resource, namespace, name)
    if (!previous) throw notFound(resource, name)
    const { resourceVersion, uid } = object.metadata
    if (uid && uid !== previous.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid}`
      throw conflict(resource, name, why)
    }
    if (resourceVersion && resourceVersion !== previous.metadata.resourceVersion) throw conflict(resource, name)
    const type = resourceType(resource)
    const draft = objectForUpdate(type, previous, object, options.subresource)
    const stored = prepare(type, draft, { operation: 'UPDATE', previous, now: this.#now(), store: this, ...options })
    this.#admit({ operation: 'UPDATE', resource, object: stored, previous, subresource: options.subresource })
    stored.metadata.managedFields = recordUpdate(type, previous, stored, options, this.#now())
    if (sameButForManagers(previous, stored)) return previous as KindOf<R> // as in get
    if (options.dryRun) return deepFreeze(stored) as KindOf<R> // as in get
    const written = this.#commit('MODIFIED', resource, stored, previous)
    if (written.metadata.deletionTimestamp && deletionOf(type, written, { released: true }, this.#now()).removes) {
      this.#erase(resource, written)
    }
    return written as KindOf<R> // as in get
  }

  /** Reads, lets `change` edit a copy, writes. @throws as update */
  modify<R extends string>(
    resource: R,
    namespace: string | undefined,
    name: string,
    change: (draft: KindOf<R>) => void,
    options: WriteOptions = {},
  ): KindOf<R> {
    const current = this.get(resource, namespace, name)
    if (!current) throw notFound(resource, name)
    const draft = copyOf(current)
    change(draft)
    return this.update(resource, draft, options)
  }

  /**
   * Starts a deletion and, where nothing holds it back (finalizers, a pod's grace period, a namespace's contents), ends it.
   * @returns the object as it was left: removed ones without, waiting ones with a deletionTimestamp
   */
  delete<R extends string>(
    resource: R,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions & { dryRun?: boolean } = {},
  ): KindOf<R> {
    const type = resourceType(resource)
    const previous: KubeObject | undefined = this.get(resource, namespace, name)
    if (!previous) throw notFound(resource, name)
    const { uid, resourceVersion } = options.preconditions ?? {}
    if (uid && uid !== previous.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid}`
      throw conflict(resource, name, why)
    }
    if (resourceVersion && resourceVersion !== previous.metadata.resourceVersion) {
      const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${previous.metadata.resourceVersion}`
      throw conflict(resource, name, why)
    }
    this.#admit({ operation: 'DELETE', resource, object: previous, previous })
    const outcome = deletionOf(type, previous, options, this.#now())
    if (options.dryRun) return previous as KindOf<R> // as in get
    if (outcome.removes) return this.#erase(resource, previous) as KindOf<R> // as in get
    if (!outcome.marked) return previous as KindOf<R> // as in get
    return this.#commit('MODIFIED', resource, outcome.marked, previous) as KindOf<R> // as in get
  }

  /** The last step of a deletion, for controllers: gone at once, unless finalizers still hold it. Missing is fine. */
  remove(resource: string, namespace: string | undefined, name: string): void {
    if (this.get(resource, namespace, name)) this.delete(resource, namespace, name, { gracePeriodSeconds: 0 })
  }

  onChange(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  addAdmission(hook: AdmissionHook): () => void {
    this.#admission.push(hook)
    return () => this.#admission.splice(this.#admission.indexOf(hook), 1)
  }

  dump(): StoreDump {
    const objects = [...this.#objects].map(([resource, byKey]) => [resource, [...byKey.values()]])
    return { version: this.#version, objects: Object.fromEntries(objects) }
  }

  /** Takes over a dump into an empty store, without telling listeners. Watches from before it get 410. */
  load(dump: StoreDump): void {
    if (this.#version !== 1) throw new Error('A store that was written to cannot load a dump; make a new one.')
    for (const [resource, objects] of Object.entries(dump.objects)) {
      resourceType(resource)
      for (const object of objects) this.#of(resource).set(objectKey(object), deepFreeze(object))
    }
    this.#version = dump.version + LOST_AT_MOST
    this.history.startAt(this.#version)
  }

  /** Every stored object of every resource, for garbage collection and dumps. */
  *everything(): Generator<{ resource: string; object: KubeObject }> {
    for (const [resource, byKey] of this.#objects) for (const object of byKey.values()) yield { resource, object }
  }

  #of(resource: string): Map<string, KubeObject> {
    const found = this.#objects.get(resource)
    if (found) return found
    const made = new Map<string, KubeObject>()
    this.#objects.set(resourceKey(resourceType(resource)), made)
    return made
  }

  #key(resource: string, namespace: string | undefined, name: string): string {
    return `${resourceType(resource).namespaced ? (namespace ?? '') : ''}/${name}`
  }

  #admit(request: Parameters<AdmissionHook>[0]): void {
    for (const hook of this.#admission) hook(request)
  }

  #commit(type: ChangeType, resource: string, draft: KubeObject, previous?: KubeObject): KubeObject {
    this.#version += 1
    const metadata = { ...draft.metadata, resourceVersion: String(this.#version) }
    const object = deepFreeze({ ...draft, metadata })
    if (type === 'DELETED') this.#of(resource).delete(objectKey(object))
    else this.#of(resource).set(objectKey(object), object)
    const event: ChangeEvent = { type, resource, object, version: this.#version, ...(previous ? { previous } : {}) }
    this.history.add(event)
    this.#notify(event)
    return object
  }

  #erase(resource: string, object: KubeObject): KubeObject {
    return this.#commit('DELETED', resource, object, object)
  }

  #notify(event: ChangeEvent): void {
    this.#pending.push(event)
    if (this.#notifying) return
    this.#notifying = true
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        for (const listener of [...this.#listeners]) listener(next)
      }
    } finally {
      this.#notifying = false
    }
  }
}
