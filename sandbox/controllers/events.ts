import type { SimulatedClock } from '../clock.ts'
import { hash32 } from '../random.ts'
import type { KubeEvent } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { timestamp } from '../store/timestamp.ts'
import type { KubeObject } from '../store/types.ts'

const lifetimeMs = 3_600_000

export interface EventSource {
  component: string
  host?: string
}

/**
 * Writes Events as the components of a cluster do: the same thing happening again to the same object raises the
 * count of the event that is already there. Events go after an hour, as with the API server's default.
 */
export class EventRecorder {
  readonly #store: ObjectStore
  readonly #clock: SimulatedClock

  /** While true nothing is recorded: for a past that lies further back than events are kept. */
  muted = false

  constructor(store: ObjectStore, clock: SimulatedClock) {
    this.#store = store
    this.#clock = clock
  }

  normal(source: EventSource, object: KubeObject, reason: string, message: string, fieldPath?: string): void {
    this.#record('Normal', source, object, reason, message, fieldPath)
  }

  warning(source: EventSource, object: KubeObject, reason: string, message: string, fieldPath?: string): void {
    this.#record('Warning', source, object, reason, message, fieldPath)
  }

  /** Removes what is older than an hour; call it now and then. */
  expire(): void {
    const oldest = this.#clock.now() - lifetimeMs
    for (const event of this.#store.list('events')) {
      const last = Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp ?? '')
      if (last < oldest) this.#store.remove('events', event.metadata.namespace, event.metadata.name)
    }
  }

  #record(
    type: 'Normal' | 'Warning',
    source: EventSource,
    object: KubeObject,
    reason: string,
    message: string,
    fieldPath: string | undefined,
  ): void {
    if (this.muted) return
    const namespace = object.metadata.namespace ?? 'default'
    const now = timestamp(this.#clock.date())
    // The name is derived from what happened, so that a repetition finds its predecessor without a search.
    const identity = [object.metadata.uid, type, reason, message, fieldPath, source.component, source.host].join('\n')
    const suffix =
      hash32(identity).toString(16).padStart(8, '0') + hash32(identity, 0x1234567).toString(16).padStart(8, '0')
    const name = `${object.metadata.name}.${suffix}`
    if (this.#store.get('events', namespace, name) !== undefined) {
      this.#store.modify('events', namespace, name, (event) => {
        event.count = (event.count ?? 1) + 1
        event.lastTimestamp = now
      })
      return
    }
    // A namespace on its way out takes no new objects, events included.
    const home = this.#store.get('namespaces', undefined, namespace)
    if (home === undefined || home.metadata.deletionTimestamp !== undefined) return
    const event: KubeEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.metadata.name,
        ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
        uid: object.metadata.uid,
        resourceVersion: object.metadata.resourceVersion,
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      eventTime: null,
      source: { component: source.component, ...(source.host === undefined ? {} : { host: source.host }) },
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    }
    this.#store.create('events', event, { fieldManager: source.component })
  }
}
