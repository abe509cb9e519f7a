import type { Card, ClickVerb } from '../../core/card.ts'
import { type Person, SURFACES } from '../../core/person.ts'
import type { OperationSummary } from '../../core/ports/desk.ts'
import { STATE_WORDS } from '../../core/states.ts'
import { cardsById, placesOfOperations } from '../../db/thread-view.ts'
import type { ChatDeps } from '../chat-surface.ts'
import type { HomeData, HomeDecision, HomeLine } from './render/home.ts'

const RUNNING: readonly OperationSummary['state'][] = ['approved', 'running', 'waiting', 'cancelling', 'needs_human']
const DECIDES: readonly ClickVerb[] = ['approve', 'reject', 'break-glass']
const MOST = 20

/** What a person wants to see first, from the desk: what waits for them, what runs, what they asked for, what they may do. */
export async function homeData(
  { desk, guide, store, clock }: Pick<ChatDeps, 'desk' | 'guide' | 'store' | 'clock'>,
  person: Person | undefined,
): Promise<HomeData> {
  const at = clock().toISOString()
  if (!person?.active) return { name: undefined, waiting: [], running: [], mine: [], recent: [], may: [], at }
  // One after the other: the embedded store has one session, and a pool is not for one page alone.
  const waiting = await desk.approvalsFor(person.id)
  const open = await desk.operations({ state: 'open', limit: 100 })
  const finished = await desk.operations({ state: 'finished', limit: MOST })
  const may = await guide.for(person)
  const mine = (all: readonly OperationSummary[]) => all.filter(({ requestedBy }) => requestedBy.id === person.id)
  return {
    name: person.name,
    waiting: await decisions(store, waiting.slice(0, MOST)),
    running: open.filter(({ state }) => RUNNING.includes(state)).map(lineOf),
    mine: [...mine(open), ...mine(finished)].map(lineOf),
    recent: finished.map(lineOf),
    may: may.map(({ summary, examples }) => ({ what: summary, ...(examples[0] ? { example: examples[0] } : {}) })),
    at,
  }
}

/** With the buttons of their own cards, wherever those stand: a click here is a click there. */
async function decisions(store: ChatDeps['store'], waiting: readonly OperationSummary[]): Promise<HomeDecision[]> {
  const places = await placesOfOperations(
    store.db,
    waiting.map(({ id }) => id),
    SURFACES,
  )
  const cards = await cardsById(
    store.db,
    [...places.values()].map(({ deliveryId }) => deliveryId),
  )
  return waiting.flatMap((operation) => {
    const row = cards.find(({ id }) => id === places.get(operation.id)?.deliveryId)
    if (!row) return []
    const actions = (row.card.actions ?? []).filter(({ verb }) => DECIDES.includes(verb))
    return [{ ...lineOf(operation), deliveryId: row.id, actions }]
  })
}

function lineOf({ id, state, summary, requestedBy, requestedAt, says }: OperationSummary): HomeLine {
  return {
    tone: toneOf(state),
    title: summary,
    about: [
      ...[{ code: id }, ` · ${STATE_WORDS[state]} · `, { person: requestedBy.id, name: requestedBy.name }, ' · '],
      ...[{ time: requestedAt.toISOString(), show: 'relative' as const }],
      ...(says ? [` · ${says}`] : []),
    ],
  }
}

function toneOf(state: OperationSummary['state']): Card['tone'] {
  if (state === 'succeeded') return 'good'
  if (state === 'failed' || state === 'needs_human') return 'bad'
  if (RUNNING.includes(state)) return 'busy'
  return state === 'rolled_back' || state === 'rejected' || state === 'expired' ? 'warn' : 'neutral'
}
