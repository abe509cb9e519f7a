import type { Card, Click } from '../../core/card.ts'
import type { Catalog } from '../../core/catalog/catalog.ts'
import type { OperationId, PersonId, RequestId, ThreadId } from '../../core/ids.ts'
import type { Reader } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Account } from '../../core/person.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import type { ClickReply } from '../../core/ports/surface.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
import type { DeclaredSkill, Skill } from '../../core/skill.ts'
import type { Store } from '../../db/store.ts'
import type { VouchedEmail } from '../people/meet.ts'
import type { ModelReader } from '../understand/language-model/model-reader.ts'

/** What the conversation asks of the door (operations/door.ts). */
interface ConversationDoor {
  propose(proposal: {
    requestId: RequestId
    threadId: ThreadId
    personId: PersonId
    said: string
    skill: string
    input: JsonObject
    by: Reader
    confidence: number
    dryRun: boolean
  }): Promise<{ readonly operationId: OperationId; readonly already?: boolean }>
  answer(ask: { requestId: RequestId; personId: PersonId; skill: string; input: JsonObject }): Promise<Card>
  show(showing: { operationId: OperationId; threadId: ThreadId; personId: PersonId }): Promise<boolean>
  click(click: { personId: PersonId; account: Account; click: Click }): Promise<ClickReply>
  edit(change: {
    operationId: OperationId
    personId: PersonId
    skill: string
    input: JsonObject
    said: string
    by: Reader
  }): Promise<unknown>
}

export interface ConversationDeps {
  readonly store: Store
  readonly door: ConversationDoor
  /** All that may be asked for; what is only declared is answered with what is missing. */
  readonly skills: readonly (Skill | DeclaredSkill)[]
  readonly catalog: () => Catalog
  readonly people: PeopleDirectory
  /** Absent: no service here knows people's addresses. */
  readonly vouchedEmail?: VouchedEmail
  readonly clock: () => Date
  readonly log: Logger
  /** Told of what was done. Absent: nobody is. */
  readonly telemetry?: Telemetry
  /** Reads with a language model, where one is configured. */
  readonly reader?: ModelReader
  readonly limits?: Partial<Limits>
}

export interface Limits {
  /** Messages held in memory; the next one is told that we are too busy. */
  readonly queued: number
  /** Messages worked on at the same time. */
  readonly concurrent: number
  /** First wait between tries while the store is down, and the longest. */
  readonly retryMs: number
  readonly retryMaxMs: number
  /** How long a question waits for its answer. */
  readonly questionMs: number
  /** How long the language model may read before a card says that it does. */
  readonly slowReadingMs: number
  /** What waited longer for the store is not done any more: nobody expects it now. */
  readonly lateMs: number
  /** How often requests are looked for that a process which died left unanswered. */
  readonly recoverMs: number
}

export const LIMITS: Limits = {
  queued: 5_000,
  concurrent: 24,
  retryMs: 200,
  retryMaxMs: 5_000,
  questionMs: 30 * 60_000,
  slowReadingMs: 1_000,
  lateMs: 15 * 60_000,
  recoverMs: 60_000,
}
