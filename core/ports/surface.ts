import type { Card, Click } from '../card.ts'
import type { DeliveryId, OperationId, PersonId, RequestId, ThreadId } from '../ids.ts'
import type { Account, SurfaceName } from '../person.ts'

/** What a surface hands in: already authenticated, not yet stored. */
export interface IncomingMessage {
  readonly surface: SurfaceName
  /** The surface's own key of the conversation thread, e.g. a Slack `channel:thread_ts`. */
  readonly threadKey: string
  readonly account: Account
  readonly text: string
  /** Idempotency key: the same for every redelivery of this event. */
  readonly key: string
  readonly at: Date
}

export interface IncomingClick extends Click {
  readonly surface: SurfaceName
  readonly account: Account
  readonly at: Date
}

/** What the person who clicked sees at once, privately; the card itself changes through its delivery. */
export interface ClickReply {
  readonly ok: boolean
  readonly says: string
}

/** What a surface gives its incoming events to. `receive` returns when the event is safe in memory; it is stored right after. */
export interface Intake {
  receive(message: IncomingMessage): void
  click(click: IncomingClick): Promise<ClickReply>
}

export interface OutgoingMessage {
  readonly deliveryId: DeliveryId
  readonly threadId: ThreadId
  readonly threadKey: string
  readonly card: Card
  readonly revision: number
  /** Shown to this person only. */
  readonly only?: PersonId
  readonly operationId?: OperationId
  readonly requestId?: RequestId
  /** The last word: nothing edits it after this revision. */
  readonly final: boolean
  readonly createdAt: Date
  /** When this revision was written. */
  readonly updatedAt: Date
}

/**
 * Transport and rendering of one surface, nothing else. At least once: `post` may be asked again after a crash, so a surface that
 * can find its own message by delivery id does so in `find`.
 */
export interface Surface {
  readonly name: SurfaceName
  /** Returns the surface's id of the message. */
  post(message: OutgoingMessage): Promise<{ readonly ref: string }>
  update(message: OutgoingMessage & { readonly ref: string }): Promise<void>
  find?(message: OutgoingMessage): Promise<{ readonly ref: string } | undefined>
}
