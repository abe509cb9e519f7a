import { flushCompileCache } from 'node:module'
import { z } from 'zod'
import { CLICK_VERBS } from '../../../core/card.ts'
import type { OperationId, PersonId } from '../../../core/ids.ts'
import { deliveryByKey } from '../../../db/deliveries.ts'
import { type Engine, openEngine } from '../crash/engine.ts'
import { ask, type LifeOptions } from '../crash/worker.ts'
import { WATCH_MOVES } from './watch.ts'

const Asking = z.object({ key: z.string(), skill: z.string(), input: z.record(z.string(), z.json()) })
const Click = z.object({ key: z.string(), operation: z.string(), person: z.string(), verb: z.enum(CLICK_VERBS) })
const Wanted = z.union([
  z.object({ ask: Asking }),
  z.object({ click: Click }),
  z.object({ open: z.literal(true) }),
  /** From now on its clock is that much before everybody's. */
  z.object({ aheadMs: z.number() }),
])
/** What its parent wants of a worker in a process of its own; the number comes back with the answer. */
export type Wanted = z.infer<typeof Wanted>
const Told = z.object({ number: z.number(), wanted: Wanted })

/** An operation that is not over. */
export interface StillOpen {
  readonly id: string
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
  if ('open' in wanted) return { open: await stillOpen(engine) }
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
  const { rows } = await store.db.execute<{ id: OperationId; state: string; until: string | null }>(
    `select id, state, (select detail->>'until' from quarterdeck.steps
      where operation_id = operation.id and kind = 'wait' and steps.state = 'intent' limit 1) as until
    from quarterdeck.operations operation where finished_at is null and state <> 'needs_human'`,
  )
  return [...rows]
}

// Its parent wrote it, with the types above.
const options = JSON.parse(process.argv[2] ?? '') as LifeOptions
process.once('disconnect', () => process.exit(0))
const engine = await openEngine(options, () => new Date(Date.now() + aheadMs))
// A server is watched by the parent itself.
await engine.store.pglite?.exec(WATCH_MOVES)
process.on('message', async (message) => {
  const { number, wanted } = Told.parse(message)
  const answer = await perform(engine, wanted).catch((error: unknown): Answer => ({ failed: String(error) }))
  process.send?.({ is: 'replied', number, answer } satisfies Replied)
})
// It will be killed, and then it keeps nothing.
flushCompileCache()
process.send?.({ is: 'ready' })
