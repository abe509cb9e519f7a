import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { isTerminal, type OperationState, STATE_WORDS } from '../../../core/states.ts'
import type { Store } from '../../../db/store.ts'
import type { Breach } from '../prover.ts'
import type { Chat, ShownCard } from './chat.ts'

export const ONE = 'an operation has one message in the chat'
const TRUE = 'the message in the chat says what the database says'
const MOST_TOLD = 5
const SENT_WITHIN_MS = 60_000
const LOOK_MS = 200

/** What may be pressed while something is still to come of it. */
const LIVE_VERBS = ['approve', 'reject', 'go', 'cancel', 'break-glass']

interface Row extends Record<string, unknown> {
  readonly operation: string
  readonly state: OperationState
  readonly summary: string
  /** Nothing was to be done: its message says that in the place of how it ended. */
  readonly isDry: boolean
  /** Of its card there: null when there is none. */
  readonly ref: string | null
  readonly isSent: boolean | null
}

const OPERATIONS = (surface: string) => sql`
  select operation.id as operation, operation.state, operation.plan->>'summary' as summary, operation.dry_run as "isDry", delivery.ref,
    delivery.sent_revision = delivery.revision as "isSent"
  from quarterdeck.operations operation
  join quarterdeck.requests request on request.operation_id = operation.id and request.surface = ${surface}
  left join quarterdeck.deliveries delivery on delivery.key = 'operation:' || operation.id`
const REFS = (surface: string) =>
  sql`select ref from quarterdeck.deliveries where surface = ${surface} and ref is not null`
const UNSENT = (surface: string) =>
  sql`select count(*)::int as count from quarterdeck.deliveries where surface = ${surface} and sent_revision < revision`

/** Messages that the chat was not yet given. */
const unsentCards = async ({ db }: Store, { name }: Chat): Promise<number> =>
  (await db.execute<{ count: number }>(UNSENT(name))).rows[0]?.count ?? 0

/** Judges when the chat was given everything, or when it is clear that it will not be. */
export async function judgeAtRest(store: Store, chat: Chat): Promise<CardsJudged> {
  for (const late = Date.now() + SENT_WITHIN_MS; (await unsentCards(store, chat)) > 0 && Date.now() < late; )
    await pause(LOOK_MS)
  return judgeCards(store, chat)
}

export interface CardsJudged {
  readonly breaches: Breach[]
  /** Operations whose message was looked at. */
  readonly looked: number
  /** Messages that came a second time, after a lost answer, where the chat cannot be asked. */
  readonly again: number
}

/**
 * Holds what stands in the chat against what the store says, when everything has come to rest. Where posts cannot be found again, one more
 * may stand there if somebody died who had posted it, before the next one came.
 */
export async function judgeCards({ db }: Store, chat: Chat): Promise<CardsJudged> {
  const { rows } = await db.execute<Row>(OPERATIONS(chat.name))
  const refs = new Set((await db.execute<{ ref: string }>(REFS(chat.name))).rows.map(({ ref }) => ref))
  const all = await chat.all()
  const shown = new Map(all.map((card) => [card.ref, card]))
  const untrue = rows.flatMap((row) => untruth(row, shown) ?? [])
  const extra = all.filter(({ ref }) => !refs.has(ref))
  const unexcused = extra.filter((card) => chat.finds || !isExcused(card, all, chat.deaths))
  const told = (promise: string, says: readonly string[]): Breach[] =>
    says.slice(0, MOST_TOLD).map((what) => ({ promise, what }))
  return {
    breaches: [
      ...told(TRUE, untrue),
      ...told(
        ONE,
        unexcused.map((card) => `${card.ref} in ${card.place} is a message more: ${oneLine(card)}`),
      ),
    ],
    looked: rows.length,
    again: extra.length - unexcused.length,
  }
}

/** The next message of its place came after somebody had died who had posted this one. */
function isExcused(card: ShownCard, all: readonly ShownCard[], deaths: readonly number[]): boolean {
  const at = all.indexOf(card)
  const next = all.findIndex((one, index) => index > at && one.place === card.place)
  return next > 0 && deaths.some((count) => count > at && count <= next)
}

function untruth(row: Row, shown: ReadonlyMap<string, ShownCard>): string | undefined {
  const { operation, state, summary, isDry, ref, isSent } = row
  // What is under way may be a moment ahead of its message.
  if (!isTerminal(state) && state !== 'needs_human') return undefined
  if (ref === null) return `${operation} is ${state} and has no message`
  const card = shown.get(ref)
  if (!card) return `${operation} is ${state}, and its message ${ref} is not there`
  if (!isSent) return `the last word on ${operation}, which is ${state}, was not sent: ${oneLine(card)}`
  const lines = card.words.split('\n')
  const word = isDry ? 'dry run' : STATE_WORDS[state]
  const wants = word.charAt(0).toUpperCase() + word.slice(1)
  if (!lines.some((line) => line === wants) || !lines.some((line) => line.endsWith(summary)))
    return `${operation} (${summary}) is ${state}, and its message says ${oneLine(card)}`
  const live = isTerminal(state) ? card.buttons.filter(({ verb }) => LIVE_VERBS.includes(verb)) : []
  const [button] = live
  return button && `${operation} is ${state}, and its message still has the button "${button.label}"`
}

const oneLine = ({ words }: ShownCard): string => words.replaceAll('\n', ' / ').slice(0, 300)
