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
  /** The HTTP request that brought it (`X-Request-Id`), where one of ours did. */
  readonly httpRequestId?: string
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
  /**
   * The thread is not there yet: this message begins it in this channel (`C012AB3CD` of the home workspace, `T012:C034`, `#checkout`;
   * `19:…@thread.tacv2`), at its top level, and the surface says in `Posted` what its key is from then on.
   */
  readonly begins?: string
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

/** Where a message is: the surface's id of it, and the key of the thread that it began. */
export interface Posted {
  readonly ref: string
  readonly threadKey?: string
}

/**
 * Transport and rendering of one surface, nothing else. At least once: `post` may be asked again after a crash, so a surface that
 * can find its own message by delivery id does so in `find`.
 */
export interface Surface {
  readonly name: SurfaceName
  /** One process at a time sends, because the service counts how much comes. */
  readonly alone?: boolean
  /**
   * Milliseconds until this message may go; 0 takes the place in the queue: it must go now. What waits is asked again with its newest
   * card, so that stale ones in between are never sent.
   */
  pace?(message: OutgoingMessage & { readonly ref?: string }): number
  /** Returns the surface's id of the message. An UpstreamError that is not retryable stays due, and is tried again much later. */
  post(message: OutgoingMessage): Promise<Posted>
  /** Returns where it is from now on, where that is not where it was. */
  update(message: OutgoingMessage & { readonly ref: string }): Promise<Posted | undefined>
  find?(message: OutgoingMessage): Promise<Posted | undefined>
  /** This process is the one that sends from now on. What was sent shortly before may lack what follows a card: its files, its progress. */
  takeOver?(sentLately: readonly (OutgoingMessage & { readonly ref: string })[]): void
  /** Another process sends from now on, or may: what was shown is not this one's to change any more. */
  handOver?(): void
}
