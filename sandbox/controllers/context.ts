import type { SimulatedClock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { EventRecorder } from './events.ts'

/** What every controller works with. */
export interface ControllerContext {
  store: ObjectStore
  clock: SimulatedClock
  random: Random
  events: EventRecorder
  /** Told about errors that are no refusal of the API: a bug in a controller. */
  onError: (error: unknown) => void
}
