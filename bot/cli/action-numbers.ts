import type { Action, Card } from '../../core/card.ts'
import type { CliCard } from './api.ts'

/**
 * What to type for which button. A number once shown means that button for good: it is never given to another one, so that typing it
 * cannot hit a card that came in between.
 */
export class ActionNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #offered = new Map<number, { card: CliCard; action: Action }>()

  /** The numbers of a card's buttons, in order; buttons the card no longer has are forgotten. */
  of(card: CliCard): number[] {
    for (const [number, offer] of this.#offered)
      if (offer.card.deliveryId === card.deliveryId) this.#offered.delete(number)
    return (card.card.actions ?? []).map((action) => {
      const name = JSON.stringify([card.deliveryId, action.verb, action.label, action.payload])
      const number = this.#numbers.get(name) ?? this.#numbers.size + 1
      this.#numbers.set(name, number)
      this.#offered.set(number, { card, action })
      return number
    })
  }

  get(number: number): { card: CliCard; action: Action } | undefined {
    return this.#offered.get(number)
  }

  /** Whether a question that is open in this conversation could be answered with a bare number. */
  mayBeAnswer(threadKey: string): boolean {
    return [...this.#offered.values()].some(
      ({ card, action }) => card.threadKey === threadKey && action.verb === 'answer' && takesNumbers(card.card),
    )
  }

  /** Was shown once, and is gone. */
  wasShown(number: number): boolean {
    return number >= 1 && number <= this.#numbers.size
  }
}

const NUMBER = /^\d+$/

function takesNumbers({ blocks, actions = [] }: Pick<Card, 'blocks' | 'actions'>): boolean {
  const fields = blocks.flatMap((block) => (block.type === 'form' ? block.fields : []))
  const words = fields.flatMap(({ options }) => options?.map(({ value }) => value) ?? '0')
  return [...words, ...actions.map(({ label }) => label)].some((word) => NUMBER.test(word))
}
