import { and, eq, sql } from 'drizzle-orm'
import { newThreadId, type PersonId, type RequestId, type ThreadId } from '../core/ids.ts'
import type { Interpretation } from '../core/interpretation.ts'
import type { JsonObject } from '../core/json.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable } from './database.ts'
import { runPrepared } from './handle.ts'
import { placed } from './placed.ts'
import { jsonText } from './publish.ts'
import type { RequestOutcome } from './requests.ts'
import { requests } from './schema/requests.ts'

/** Something said in a surface's conversation. */
export interface Saying {
  readonly id: RequestId
  readonly surface: SurfaceName
  readonly surfaceKey: string
  readonly personId: PersonId | null
  readonly text: string
  /** The surface's idempotency key of the event. */
  readonly key: string
  readonly receivedAt: Date
  readonly interpretation: Interpretation | null
}

/** A thread as a conversation needs it. */
export interface OpenThread {
  readonly id: ThreadId
  readonly surface: SurfaceName
  readonly context: JsonObject
}

/** The request of a key: the one that was said, or of a redelivery the one stored before. */
export interface SaidRequest {
  readonly id: RequestId
  readonly outcome: RequestOutcome | null
}

export interface Stored {
  /** As the store has it. */
  readonly thread: OpenThread
  /** Undefined when the thread is not the one that was assumed: nothing was stored then. */
  readonly request: SaidRequest | undefined
}

interface Row extends Record<string, unknown> {
  readonly n: number
  readonly thread_id: ThreadId
  readonly context: JsonObject
  readonly fits: boolean
  readonly added: boolean
}

/**
 * Stores what was said, once per (surface, key), and opens its threads where they are new, in one statement. Each only if its thread is
 * what `assumed` says: new (undefined), or the one with that context. A thread's `updatedAt` moves.
 */
export async function storeSayings(
  db: Queryable,
  sayings: readonly { readonly saying: Saying; readonly assumed: OpenThread | undefined }[],
): Promise<Stored[]> {
  const list = sayings.map(({ saying, assumed }, n) => {
    return { ...saying, n, threadId: assumed?.id ?? newThreadId(), context: assumed?.context ?? {} }
  })
  // Threads in the order of their keys, so that two processes never wait for each other.
  const { rows } = await runPrepared<Row>(
    db,
    'say',
    sql`
    with item as materialized (
      select * from jsonb_to_recordset(${jsonText(list)}::jsonb) as item (n integer, id text, surface text, "surfaceKey" text,
        "personId" text, text text, key text, "receivedAt" timestamptz, interpretation jsonb, "threadId" text, context jsonb)
    ), thread as (
      insert into quarterdeck.threads as kept (id, surface, surface_key, opened_by, created_at, updated_at)
      select distinct on (surface, "surfaceKey") "threadId", surface, "surfaceKey", "personId", "receivedAt",
        max("receivedAt") over (partition by surface, "surfaceKey")
      from item order by surface, "surfaceKey", n
      on conflict (surface, surface_key) do update set updated_at = greatest(kept.updated_at, excluded.updated_at)
      returning id, surface, surface_key, context
    ), heard as (
      select item.*, thread.id as thread_id, thread.context as now, thread.id = "threadId" and thread.context = item.context as fits
      from item join thread on thread.surface = item.surface and thread.surface_key = "surfaceKey"
    ), added as (
      insert into quarterdeck.requests (id, surface, thread_id, person_id, text, key, interpretation, received_at)
      select id, surface, thread_id, "personId", text, key, interpretation, "receivedAt" from heard where fits order by n
      on conflict (surface, key) do nothing
      returning id
    )
    select n, thread_id, now as context, fits, added.id is not null as added from heard left join added on added.id = heard.id`,
  )
  const found = placed(sayings.length, rows)
  return Promise.all(
    sayings.map(async ({ saying }, n) => {
      const row = found[n]
      if (!row) throw new Error(`The thread ${saying.surface} ${saying.surfaceKey} could not be opened.`)
      const thread = { id: row.thread_id, surface: saying.surface, context: row.context }
      if (!row.fits) return { thread, request: undefined }
      return { thread, request: row.added ? { id: saying.id, outcome: null } : await storedBefore(db, saying) }
    }),
  )
}

async function storedBefore(db: Queryable, { id, surface, key }: Saying): Promise<SaidRequest> {
  const [stored] = await db
    .select({ id: requests.id, outcome: requests.outcome })
    .from(requests)
    .where(and(eq(requests.surface, surface), eq(requests.key, key)))
  if (!stored) throw new Error(`The request ${id} was neither stored nor found.`)
  return stored
}
