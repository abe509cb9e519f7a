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

export interface Said {
  readonly thread: { readonly id: ThreadId; readonly surface: SurfaceName; readonly context: JsonObject }
  /** The request of that key: this one, or of a redelivery the one stored before. */
  readonly request: { readonly id: RequestId; readonly outcome: RequestOutcome | null }
}

interface Row extends Record<string, unknown> {
  readonly n: number
  readonly thread_id: ThreadId
  readonly context: JsonObject
  readonly added: boolean
}

/** Stores what was said, once per (surface, key), and opens its threads where they are new, in one statement. A thread's `updatedAt` moves. */
export async function storeSayings(db: Queryable, sayings: readonly Saying[]): Promise<Said[]> {
  const list = sayings.map((saying, n) => ({ ...saying, n, threadId: newThreadId() }))
  // Threads in the order of their keys, so that two processes never wait for each other.
  const { rows } = await runPrepared<Row>(
    db,
    'say',
    sql`
    with item as materialized (
      select * from jsonb_to_recordset(${jsonText(list)}::jsonb) as item (n integer, id text, surface text, "surfaceKey" text,
        "personId" text, text text, key text, "receivedAt" timestamptz, interpretation jsonb, "threadId" text)
    ), thread as (
      insert into quarterdeck.threads as kept (id, surface, surface_key, opened_by, created_at, updated_at)
      select distinct on (surface, "surfaceKey") "threadId", surface, "surfaceKey", "personId", "receivedAt",
        max("receivedAt") over (partition by surface, "surfaceKey")
      from item order by surface, "surfaceKey", n
      on conflict (surface, surface_key) do update set updated_at = greatest(kept.updated_at, excluded.updated_at)
      returning id, surface, surface_key, context
    ), added as (
      insert into quarterdeck.requests (id, surface, thread_id, person_id, text, key, interpretation, received_at)
      select item.id, item.surface, thread.id, "personId", text, key, interpretation, "receivedAt"
      from item join thread on thread.surface = item.surface and thread.surface_key = "surfaceKey" order by n
      on conflict (surface, key) do nothing
      returning id
    )
    select n, thread.id as thread_id, context, added.id is not null as added
    from item join thread on thread.surface = item.surface and thread.surface_key = "surfaceKey"
      left join added on added.id = item.id`,
  )
  const found = placed(sayings.length, rows)
  return Promise.all(
    sayings.map(async (saying, n) => {
      const row = found[n]
      if (!row) throw new Error(`The thread ${saying.surface} ${saying.surfaceKey} could not be opened.`)
      const thread = { id: row.thread_id, surface: saying.surface, context: row.context }
      return { thread, request: row.added ? { id: saying.id, outcome: null } : await storedBefore(db, saying) }
    }),
  )
}

async function storedBefore(db: Queryable, { id, surface, key }: Saying): Promise<Said['request']> {
  const [stored] = await db
    .select({ id: requests.id, outcome: requests.outcome })
    .from(requests)
    .where(and(eq(requests.surface, surface), eq(requests.key, key)))
  if (!stored) throw new Error(`The request ${id} was neither stored nor found.`)
  return stored
}
