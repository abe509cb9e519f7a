import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiFaults } from './api/faults.ts'
import type { SimulatedClock } from './clock.ts'
import type { Random } from './random.ts'
import type { ObjectStore } from './store/object-store.ts'

/** The rest of the sandbox hangs its HTTP parts onto the one server through this list. */
export interface Mount {
  /** A path prefix such as `/prometheus`, matched by whole segments. The handler sees the full URL. */
  prefix: string
  handler: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>
}

export interface LogOptions {
  follow: boolean
  previous: boolean
  timestamps: boolean
  tailLines?: number
  /** Only lines written at or after this simulated moment. */
  since?: Date
  /** Aborted when the reader hangs up. */
  signal: AbortSignal
}

/**
 * The text of a container's log: lines with their newlines. With `follow` an iterable that goes on until the signal aborts or the container ends.
 * With `timestamps` every line begins with its RFC 3339 time. Throws StatusError 400 where the kubelet would
 * (`container "app" in pod "x" is waiting to start: ContainerCreating`, `previous terminated container "app" in pod "x" not found`).
 */
export type ReadLogs = (
  pod: { namespace: string; name: string },
  container: string,
  options: LogOptions,
) => AsyncIterable<string> | Iterable<string> | string

/** What the server hands to the world behind the API. */
export interface WorldParts {
  store: ObjectStore
  clock: SimulatedClock
  random: Random
  /** The faults of the API's HTTP layer, for the control page. */
  faults: ApiFaults
}

/** The world behind the API: controllers, nodes, traffic, metrics, registry, control page. */
export interface World {
  /** Seeds the shop where the store is empty, takes over what a loaded store holds otherwise, and starts to live. */
  start(): void
  stop(): void
  logs: ReadLogs
  mounts: Mount[]
}
