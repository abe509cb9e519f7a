import type { Action, Block, Card } from '../../core/card.ts'
import { UserError } from '../../core/errors.ts'
import { sayTogether } from './combine.ts'
import { type Part, sayPart } from './expand.ts'

/** More than this in one card is read by nobody. */
export const ANSWERS_MAX = 6
const ACTIONS_MAX = 5

const WORST: readonly Card['tone'][] = ['bad', 'warn', 'busy', 'neutral', 'good']

/**
 * The answers of a read skill for several targets, in one card. One that fails is a sentence in it, as `explain` puts it; throws only when
 * all do.
 */
export async function answerEach(
  parts: readonly Part[],
  answer: (part: Part) => Promise<Card>,
  explain: (error: unknown) => string,
): Promise<Card> {
  const tried = await Promise.allSettled(parts.map(answer))
  const cards = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const [first, ...others] = cards
  if (!first) throw tried.find((one) => one.status === 'rejected')?.reason ?? new UserError('There is nothing to say.')
  if (others.length === 0 && parts.length === 1) return first
  const failed = tried.some((one) => one.status === 'rejected')
  const worst = WORST.find((tone) => (tone === 'warn' && failed) || cards.some((card) => card.tone === tone))
  const name = parts[0]?.skill ?? ''
  return {
    kind: 'answer',
    tone: worst ?? 'neutral',
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)} of ${sayTogether(parts.map(sayPart))}`,
    blocks: tried.flatMap((one, index) => {
      const part = parts[index]
      if (one.status === 'fulfilled') return section(one.value)
      return [{ type: 'note', tone: 'warn', text: `${part ? sayPart(part) : ''}: ${explain(one.reason)}` } as const]
    }),
    actions: actionsOf(cards),
  }
}

function section({ title, blocks }: Card): readonly Block[] {
  return [{ type: 'text', text: [{ bold: title }] }, ...blocks]
}

function actionsOf(cards: readonly Card[]): readonly Action[] {
  const all = cards.flatMap((card) => card.actions ?? [])
  return all.filter((one, index) => all.findIndex(({ label }) => label === one.label) === index).slice(0, ACTIONS_MAX)
}
