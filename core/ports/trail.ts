import type { OperationId, PersonId, RequestId } from '../ids.ts'
import type { Reader } from '../interpretation.ts'
import type { SurfaceName } from '../person.ts'

/** The way of one request through the house, from where it was said to the cards that tell of it. */
export interface RequestTrail {
  readonly id: RequestId
  readonly surface: SurfaceName
  readonly said: string
  /** Absent while nobody was linked to the account that spoke. */
  readonly by: { readonly id: PersonId; readonly name: string } | undefined
  readonly receivedAt: Date
  readonly answeredAt: Date | undefined
  readonly outcome: string | undefined
  /** Absent where nothing was understood: a code, a button. */
  readonly read: { readonly by: Reader; readonly skill: string | null; readonly confidence: number } | undefined
  readonly operation: OperationId | undefined
  /** How often a worker took it, and who has it now. */
  readonly claims: number
  readonly worker: string | undefined
  readonly cards: readonly {
    readonly surface: SurfaceName
    /** Shown to one person only. */
    readonly isPrivate: boolean
    /** How often the surface took it, and refused it. */
    readonly sends: number
    readonly failures: number
    readonly lastSentAt: Date | undefined
    /** What it shows is not the newest. */
    readonly isDue: boolean
    /** Nobody tries to show it any more. */
    readonly isGivenUp: boolean
    readonly lastError: string | undefined
  }[]
}
