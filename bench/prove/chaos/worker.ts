import { flushCompileCache } from 'node:module'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { CLICK_VERBS } from '../../../core/card.ts'
import type { OperationId, PersonId } from '../../../core/ids.ts'
import { deliveryByKey } from '../../../db/deliveries.ts'
import { storeClock } from '../../../db/store.ts'
import { keptStoreTime } from '../../../operations/store-time.ts'
import { type Engine, openEngine } from '../crash/engine.ts'
import { ask, type LifeOptions, UNTOLD } from '../crash/worker.ts'
import { WATCH_MOVES } from './watch.ts'

const Asking = z.object({ key: z.string(), skill: z.string(), input: z.record(z.string(), z.json()) })
const Click = z.object({ key: z.string(), operation: z.string(), person: z.string(), verb: z.enum(CLICK_VERBS) })
const Wanted = z.union([
  z.object({ ask: Asking }),
  z.object({ click: Click }),
  z.object({ open: z.literal(true) }),
  /** What came of what was said in a chat, by its request's key. */
  z.object({ cameOf: z.string() }),
  /** From now on its clock is that much before everybody's. */
  z.object({ aheadMs: z.number() }),
])
/** What its parent wants of a worker in a process of its own; the number comes back with the answer. */
export type Wanted = z.infer<typeof Wanted>
const Told = z.object({ number: z.number(), wanted: Wanted })

/** An operation that is not over. */
export interface StillOpen {
  readonly id: string
  /** Of the request that it is for. */
  readonly key: string
  readonly state: string
  /** Where it holds on purpose: until when. */
  readonly until: string | null
}
export interface Answer {
  /** It could not be done now. */
  readonly failed?: string
  readonly operation?: string
  /** `gone`: the card has no such button (any more). */
  readonly clicked?: { readonly ok: boolean; readonly says: string; readonly gone?: boolean }
  readonly open?: readonly StillOpen[]
  /** Words that the chat was not yet given. */
  readonly untold?: number
  /** It was answered, and is no operation. */
  readonly inVain?: boolean
}
export interface Replied {
  readonly is: 'replied'
  readonly number: number
  readonly answer: Answer
}

let aheadMs = 0

async function perform(engine: Engine, wanted: Wanted): Promise<Answer> {
  if ('ask' in wanted) return { operation: await ask(engine, wanted.ask) }
  if ('click' in wanted) return { clicked: await click(engine, wanted.click) }
  if ('open' in wanted) return { open: await stillOpen(engine), untold: await untold(engine) }
  if ('cameOf' in wanted) return { inVain: await cameToNothing(engine, wanted.cameOf) }
  aheadMs = wanted.aheadMs
  return {}
}

/** As a person does: the button is pressed on the card as it is stored, for the plan that it shows. */
async function click({ store, door }: Engine, { key, operation, person, verb }: z.infer<typeof Click>) {
  const delivery = await deliveryByKey(store.db, `operation:${operation}`)
  const button = delivery?.card.actions?.find((action) => action.verb === verb)
  if (!delivery || !button) return { ok: false, gone: true, says: `There is no button to ${verb}.` }
  const { planHash } = button.payload ?? {}
  return door.click({
    personId: person as PersonId, // who they are was settled by their parent
    account: { surface: 'web', id: person },
    click: {
      ...{ deliveryId: delivery.id, verb, payload: button.payload ?? {}, key },
      ...(typeof planHash === 'string' ? { planHash } : {}),
    },
  })
}

async function stillOpen({ store }: Engine): Promise<StillOpen[]> {
  const { rows } = await store.db.execute<{ id: OperationId; key: string; state: string; until: string | null }>(
    `select id, state, (select key from quarterdeck.requests where requests.id = operation.request_id) as key, (select detail->>'until' from quarterdeck.steps
      where operation_id = operation.id and kind = 'wait' and steps.state = 'intent' limit 1) as until
    from quarterdeck.operations operation where finished_at is null and state <> 'needs_human'`,
  )
  return [...rows]
}

async function untold({ store }: Engine): Promise<number> {
  const { rows } = await store.db.execute<{ untold: number }>(`select ${UNTOLD} as untold`)
  return rows[0]?.untold ?? 0
}

async function cameToNothing({ store }: Engine, key: string): Promise<boolean> {
  const { rows } = await store.db.execute(
    sql`select from quarterdeck.requests where key = ${key} and outcome is not null and operation_id is null`,
  )
  return rows.length > 0
}

// Its parent wrote it, with the types above.
const options = JSON.parse(process.argv[2] ?? '') as LifeOptions
process.once('disconnect', () => process.exit(0))
const clock = () => new Date(Date.now() + aheadMs)
const engine = await openEngine(options, clock)
// A server is watched by the parent itself.
await engine.store.pglite?.exec(WATCH_MOVES)
process.on('message', async (message) => {
  const { number, wanted } = Told.parse(message)
  const answer = await perform(engine, wanted).catch((error: unknown): Answer => ({ failed: String(error) }))
  process.send?.({ is: 'replied', number, answer } satisfies Replied)
})
const address = options.chat && (await talk(options.chat))
// It will be killed, and then it keeps nothing.
flushCompileCache()
process.send?.({ is: 'ready', address })

/** Hears and shows, by the clock that main.ts gives to what does. */
async function talk(chat: object): Promise<string> {
  const { store } = engine
  const { now } = await keptStoreTime({ ask: () => storeClock(store.db), clock })
  // Who is not spoken to loads no readers of language.
  const { openFrontDoor } = await import('../surfaces/front-door.ts')
  return (await openFrontDoor(engine, chat, now)).address
}
