import { flushCompileCache } from 'node:module'
import { z } from 'zod'
import { newRequestId, type OperationId } from '../../../core/ids.ts'
import type { JsonObject } from '../../../core/json.ts'
import { insertRequest } from '../../../db/requests.ts'
import { openThread } from '../../../db/threads.ts'
import { type Engine, type EngineOptions, openEngine, REQUESTER } from './engine.ts'
import { Gauge, type KillPlan, MOMENTS } from './points.ts'
import { watchDrivers } from './seam.ts'

/** What its parent says to the program in a process of its own, and what that answers. */
export interface LifeOptions extends EngineOptions {
  readonly plan: KillPlan | undefined
  /** Stopped where it would be killed, until somebody lets it go on. */
  readonly pauses?: boolean
}
export interface Asking {
  readonly key: string
  readonly skill: string
  readonly input: JsonObject
}
export type FromLife =
  | { readonly is: 'ready'; readonly address?: string | undefined }
  | { readonly is: 'asked'; readonly key: string; readonly operation: string }
  | { readonly is: 'passing'; readonly passing: string }
  | { readonly is: 'unfinished'; readonly count: number; readonly inQueue: number }
  | { readonly is: 'wiped' }

const Told = z.union([
  z.object({ ask: z.object({ key: z.string(), skill: z.string(), input: z.record(z.string(), z.json()) }) }),
  z.object({ count: z.literal(true) }),
  z.object({ wipe: z.literal(true) }),
  z.object({ arm: z.object({ passing: z.string(), moment: z.enum(MOMENTS), nth: z.number() }) }),
])

const tell = (message: FromLife) => process.send?.(message)

/** The same key is the same request, however often it is asked: as a surface delivers again what was not acknowledged. */
export async function ask({ store, door }: Engine, { key, skill, input }: Asking): Promise<OperationId> {
  const now = new Date()
  const thread = await openThread(store.db, { surface: 'web', surfaceKey: key, openedBy: REQUESTER, now })
  const said = `${skill} ${Object.values(input).join(' ')}`
  const { request } = await store.transaction((tx) =>
    insertRequest(tx, {
      ...{ id: newRequestId(), surface: 'web' as const, threadId: thread.id, personId: REQUESTER },
      ...{ text: said, key, receivedAt: now },
    }),
  )
  const about = { requestId: request.id, threadId: thread.id, personId: REQUESTER, said, skill, input }
  const { operationId } = await door.propose({ ...about, by: 'command', confidence: 1, dryRun: false })
  return operationId
}

const askAndTell = async (engine: Engine, asking: Asking) =>
  tell({ is: 'asked', key: asking.key, operation: await ask(engine, asking) })

/** Words that a chat was not yet given; a page is given nothing, it looks for itself. */
export const UNTOLD = `(select count(*)::int from quarterdeck.deliveries
  where surface in ('slack', 'teams') and sent_revision < revision)`

async function countUnfinished({ store }: Engine): Promise<void> {
  const { rows } = await store.db.execute<{ count: number; queued: number; untold: number }>(
    `select count(*)::int as count, count(*) filter (where state = 'approved' and exists (
        select 1 from quarterdeck.outbox waiting
        where waiting.operation_id = operation.id and waiting.dispatched_at is not null and waiting.done_at is null))::int as queued,
      ${UNTOLD} as untold
      from quarterdeck.operations operation where finished_at is null and state <> 'needs_human'`,
  )
  tell({ is: 'unfinished', count: (rows[0]?.count ?? 0) + (rows[0]?.untold ?? 0), inQueue: rows[0]?.queued ?? 0 })
}

/** All that BullMQ keeps, gone at once, as by an operator's mistake. */
async function wipe({ store }: Engine): Promise<void> {
  // Again, should it meet somebody's lock: the store does that with transactions.
  await store.transaction((tx) => tx.execute('drop schema if exists bullmq cascade'))
  tell({ is: 'wiped' })
}

if (import.meta.main) {
  // Its parent wrote it, with the types above.
  const options = JSON.parse(process.argv[2] ?? '') as LifeOptions
  const gauge = new Gauge(options.plan)
  watchDrivers(gauge, (passing) => tell({ is: 'passing', passing }), options.pauses ? 'SIGSTOP' : 'SIGKILL')
  process.once('disconnect', () => process.exit(0))
  const engine = await openEngine(options)
  // Who is not spoken to loads no readers of language.
  const front = options.chat && (await (await import('../surfaces/front-door.ts')).openFrontDoor(engine, options.chat))
  process.on('message', (message) => {
    const told = Told.parse(message)
    if ('arm' in told) return gauge.arm(told.arm)
    const done = 'ask' in told ? askAndTell(engine, told.ask) : 'wipe' in told ? wipe(engine) : countUnfinished(engine)
    done.catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
      // A proof that waits for it must hear of it.
      if ('wipe' in told) process.exit(1)
    })
  })
  // It will be killed, and then it keeps nothing.
  flushCompileCache()
  tell({ is: 'ready', address: front?.address })
}
