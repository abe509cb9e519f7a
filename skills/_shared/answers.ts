import type { Block, Card, Text } from '../../core/card.ts'
import { messageOf } from '../../core/errors.ts'
import type { OperationSummary } from '../../core/ports/desk.ts'
import { type OperationState, STATE_WORDS } from '../../core/states.ts'

/** A read skill's answer. */
export function answer(
  title: string,
  blocks: readonly Block[],
  more: Partial<Omit<Card, 'kind' | 'title' | 'blocks'>> = {},
): Card {
  return { kind: 'answer', tone: 'neutral', title, blocks, ...more }
}

export function note(tone: 'info' | 'warn' | 'bad' | 'good', text: Text): Block {
  return { type: 'note', tone, text }
}

/** Runs a read for each item; one that fails becomes a sentence instead of ending the whole answer. */
export async function eachOrSay<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<{ found: { item: Item; result: Result }[]; failed: { item: Item; says: string }[] }> {
  const settled = await Promise.allSettled(items.map((item) => read(item)))
  const found: { item: Item; result: Result }[] = []
  const failed: { item: Item; says: string }[] = []
  settled.forEach((entry, index) => {
    const item = items[index] as Item // same length as items
    if (entry.status === 'fulfilled') found.push({ item, result: entry.value })
    else failed.push({ item, says: messageOf(entry.reason) })
  })
  return { found, failed }
}

/** Operations as a table that fits a phone: what, how it stands, who, when. */
export function operationsTable(operations: readonly OperationSummary[], more = 0): Block {
  return {
    type: 'table',
    columns: ['Operation', 'What', 'State', 'By', 'When'],
    rows: operations.map((operation) => [
      [{ code: operation.id }],
      operation.summary,
      howItStands(operation),
      operation.requestedBy.name,
      [{ time: operation.requestedAt.toISOString(), show: 'relative' }],
    ]),
    more: more > 0 ? more : undefined,
  }
}

function howItStands({ state, dryRun, toReview }: OperationSummary): Text {
  if (dryRun) return 'dry run'
  return toReview ? [{ bold: `${STATE_WORDS[state]}, to be reviewed` }] : stateText(state)
}

export function stateText(state: OperationState): Text {
  return state === 'needs_human' || state === 'failed' ? [{ bold: STATE_WORDS[state] }] : STATE_WORDS[state]
}
