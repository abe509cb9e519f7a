import type { ClickVerb } from '../../../core/card.ts'
import type { DeliveryId, OperationId } from '../../../core/ids.ts'

/** A card as somebody has it before their eyes, wherever they talk. */
export interface Seen {
  readonly deliveryId: DeliveryId
  readonly operationId: OperationId | null
  /** It is the last state of what it is about. */
  readonly final: boolean
  /** Everything it says, a line an element. */
  readonly words: string
  readonly verbs: readonly ClickVerb[]
}

export interface Told {
  /** Whether the press counted. */
  readonly ok: boolean
  readonly says: string
}

/** Somebody in one conversation. */
export interface Speaker {
  /** Says it; resolves with the card that answers. */
  says(text: string): Promise<Seen>
  /** Resolves with the newest card of the conversation that is so; rejects, saying what there is, when none comes. */
  sees(is: (card: Seen) => boolean, what: string, patienceMs?: number): Promise<Seen>
  /** Presses the button with that verb, as it stands on the card. */
  presses(card: Seen, verb: ClickVerb): Promise<Told>
}

/** A conversation of its own for each who opens one; who comes along is in theirs. */
export interface Conversations {
  open(person: string): Promise<Speaker>
  /** The same conversation, with somebody else in it. */
  beside(speaker: Speaker, person: string): Promise<Speaker>
}
