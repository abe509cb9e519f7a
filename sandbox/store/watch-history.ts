import { gone } from './errors.ts'
import type { ChangeEvent, KubeObject } from './types.ts'

/** The last changes in order, so that a watch can start in the past and a list can show it. */
export class WatchHistory {
  readonly #capacity: number
  #events: ChangeEvent[] = []
  /** Changes up to and including this version are forgotten. */
  #forgottenUpTo = 0

  constructor(capacity = 4000) {
    this.#capacity = capacity
  }

  add(event: ChangeEvent): void {
    this.#events.push(event)
    // Trim in large slices: shifting one by one would copy the array on every change.
    if (this.#events.length > this.#capacity * 1.25) this.forget(this.#events.length - this.#capacity)
  }

  /** Drops the oldest `count` changes (etcd calls it compaction). */
  forget(count: number): void {
    const dropped = this.#events.splice(0, count)
    this.#forgottenUpTo = dropped.at(-1)?.version ?? this.#forgottenUpTo
  }

  /** After a restart nothing before `version` can be watched. */
  startAt(version: number): void {
    this.#events = []
    this.#forgottenUpTo = version
  }

  /** The oldest version one can ask for. */
  get oldest(): number {
    return this.#forgottenUpTo
  }

  /** @throws 410 Expired when changes after `version` are already forgotten */
  since(version: number, resource: string): ChangeEvent[] {
    this.#mustRemember(version)
    return this.#events.filter((event) => event.version > version && event.resource === resource)
  }

  /**
   * What `current` (keyed by namespace/name) was at `version`.
   * @throws 410 Expired when that is forgotten
   */
  rewind(current: Map<string, KubeObject>, version: number, resource: string): Map<string, KubeObject> {
    this.#mustRemember(version)
    const past = new Map(current)
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const event = this.#events[index]
      if (!event || event.version <= version) break
      if (event.resource !== resource) continue
      const key = objectKey(event.object)
      if (event.previous) past.set(key, event.previous)
      else past.delete(key)
    }
    return past
  }

  #mustRemember(version: number): void {
    if (version < this.#forgottenUpTo) {
      throw gone(`too old resource version: ${version} (${this.#forgottenUpTo})`)
    }
  }
}

export function objectKey(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}
