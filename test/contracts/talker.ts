import type { TestProgram } from '../_harness/program.ts'

/** A card as somebody has it before their eyes on a surface, whatever it is made of there. */
export interface Seen {
  /** The message it is in, where the surface has messages (a terminal only prints): the same as long as it is edited in place. */
  readonly message?: string
  /** Everything it says, with its own line breaks. */
  readonly words: string
  /** The labels of its buttons. */
  readonly buttons: readonly string[]
}

/** Somebody on a surface, in the one conversation of their place. */
export interface Talker {
  readonly person: string
  says(text: string): Promise<void>
  /** The newest card that says all of it and has the button, once there is one; rejects with what there is. */
  sees(words: RegExp | readonly RegExp[], button?: string): Promise<Seen>
  /** Presses a button as a person does, answering what it asks; resolves with what only they are told ('' when nothing). */
  presses(seen: Seen, button: string, answers?: { readonly reason?: string }): Promise<string>
  /** Fills the form of a card and sends it; resolves with what only they are told. */
  fills(seen: Seen, values: Readonly<Record<string, string>>): Promise<string>
}

/** A program, and a conversation on one of its surfaces. */
export interface Place {
  readonly q: TestProgram
  /** Somebody of quarterdeck.yaml; everybody of a place is in one conversation. */
  as(person: string): Promise<Talker>
  /** A new conversation of the same people. */
  elsewhere(): Promise<void>
  close(): Promise<void>
}

/** Looks until there is one; says what there was when none comes. */
export async function lookFor<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  there: () => Promise<string> | string,
  patienceMs = 45_000,
): Promise<Found> {
  const until = Date.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited in vain for ${what}; there is:\n${await there()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The newest of the cards that says all of it and has the button. */
export function newestOf<One extends Seen>(
  cards: readonly One[],
  words: RegExp | readonly RegExp[],
  button?: string,
): One | undefined {
  const all = Array.isArray(words) ? words : [words]
  return cards.findLast(
    (card) =>
      all.every((pattern) => pattern.test(card.words)) &&
      (button === undefined || card.buttons.some((label) => label.startsWith(button))),
  )
}

/** What there is, for a test that waited in vain. */
export const shown = (cards: readonly Seen[]): string =>
  cards.map(({ words, buttons }) => `${words}\n  [${buttons.join('] [')}]`).join('\n\n')
