import type { RequestId, ThreadId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Account, Person, SurfaceName } from '../../core/person.ts'
import type { Meaning } from './interpret.ts'

/** A stored message and what it means, on its way to an answer. */
export interface Spoken {
  readonly requestId: RequestId
  readonly thread: { readonly id: ThreadId; readonly surface: SurfaceName; readonly context: JsonObject }
  readonly account: Account
  readonly person: Person | undefined
  /** As it is stored and shown. */
  readonly said: string
  readonly length: number
  readonly meaning: Meaning
  /** A card may stand in the thread that says that this is being read. */
  readonly readSlowly?: boolean
  /** The language model was to be asked, and could not be. */
  readonly readAlone?: boolean
}
