import type { Account } from '../../../core/person.ts'
import type { ChatName } from '../prover.ts'
import type { Wire } from './wire.ts'

/** A button as it stands on a message. */
export interface ShownButton {
  readonly label: string
  readonly verb: string
}

/** A message of the bot's as it stands in the chat. */
export interface ShownCard {
  /** As the program remembers it (deliveries.ref). */
  readonly ref: string
  /** The conversation that it stands in, as `Saying.place`. */
  readonly place: string
  /** Everything it says, a line an element. */
  readonly words: string
  readonly buttons: readonly ShownButton[]
}

/** Something said once. Sent again, it is the same event delivered again. */
export interface Saying {
  /** What the store knows it by (requests.key). */
  readonly key: string
  /** Where it was said, and where its answers stand. */
  readonly place: string
  /** How the store knows that place (threads.surface_key). */
  readonly threadKey: string
  /** Resolves with whether the program acknowledged it. */
  send(address: string): Promise<boolean>
}

/** How a chat service says something: in a new place of its own, or in one that is there; as a command, where the service has them. */
export interface Manner {
  readonly place?: string
  readonly asCommand?: boolean
}

/** A press of a button. Sent again, it is the same click delivered again. */
export interface Press {
  /** What the program knows it by, once it was sent. */
  readonly key: string
  /** Resolves with what they alone were told; undefined when nobody answered. */
  send(address: string): Promise<string | undefined>
}

/** Two channels that nobody asks in: one that hears of what is asked elsewhere, and one that will not hear of it. */
export const CHANNEL_NAMES = ['wall', 'shut'] as const
export type ChannelName = (typeof CHANNEL_NAMES)[number]

export interface ChatSecret {
  readonly name: string
  readonly value: string
}

/** A chat service with a bot in it, in place of the real one: who speaks there, what stands there. A prover names no service. */
export interface Chat {
  readonly name: ChatName
  /** Its part of the configuration; the secrets that it refers to are in the environment. */
  readonly config: object
  accountOf(person: string): Account
  saying(person: string, text: string, manner?: Manner): Promise<Saying>
  /**
   * The button with that verb, on the card as this person sees it; undefined where it has none. `address`: some services ask the program. `reason`:
   * what they write where they are asked why.
   */
  press(person: string, card: ShownCard, verb: string, address: string, reason?: string): Promise<Press | undefined>
  /** What the bot said in a place, oldest first. */
  cardsIn(place: string): Promise<readonly ShownCard[]>
  /** Whatever the bot said anywhere, in the order in which it came. */
  all(): Promise<readonly ShownCard[]>
  /** The time by which what people do is signed, or its tokens are good. */
  now: () => number
  /** Whether a post whose answer was lost is found again, or posted a second time. */
  readonly finds: boolean
  /** Asked when the program calls, before it counts and before it is answered; true: it is not answered, because it was ended here. */
  watch: (passing: string, moment: 'before' | 'after') => boolean
  /** Everything that the program sent there, what only one person was shown included. */
  sent(): string
  /** What the program was given to speak there, and must keep to itself. */
  secrets(): readonly ChatSecret[]
  /** A place in a channel of that name, where nobody has said anything yet. */
  channel(name: ChannelName): string
  /** Under which address the program remembers it, where it does (the Bot Framework's `serviceUrl`). */
  readonly serviceUrl: string | undefined
  /** Where the store has a conversation, as `Saying.place`. */
  placeOf(threadKey: string): string
  /** From now on that channel does not let the bot in. */
  shut(name: ChannelName): void
  /** Somebody puts the bot into the service from the program's own page, where it was not put there beforehand (`ChatOptions.byInstalling`). */
  install(address: string): Promise<void>
  /** What stands there and who is there, as `ChatOptions.kept` takes it; `address`: of the program, which is asked for what only some see. */
  keep(address: string): Promise<object>
  /** The way to it, where that may be troubled. */
  readonly wire: Wire | undefined
  /** A program ended that may have posted something and not heard that it was taken. */
  died(): void
  /** For each such end, and each answer that its way may have lost, how many messages there were, where they cannot be found again. */
  readonly deaths: readonly number[]
  close(): Promise<void>
}

/** What a program passes when it speaks to the chat. */
export const POST = 'chat: POST card'
export const EDIT = 'chat: PUT card'
