import { and, eq, sql } from 'drizzle-orm'
import { newThreadId, type PersonId, type ThreadId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { threads } from './schema/threads.ts'

export type ThreadRow = typeof threads.$inferSelect

/** The thread of a surface's conversation; opened when it is new. Its `updatedAt` moves. */
export async function openThread(
  tx: Queryable,
  thread: { surface: SurfaceName; surfaceKey: string; openedBy?: PersonId; title?: string; now: Date },
): Promise<ThreadRow> {
  const { surface, surfaceKey, openedBy, title, now } = thread
  const [row] = await tx
    .insert(threads)
    .values({ id: newThreadId(), surface, surfaceKey, openedBy, title, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: [threads.surface, threads.surfaceKey],
      set: { updatedAt: sql`greatest(${threads.updatedAt}, excluded.updated_at)` },
    })
    .returning()
  if (!row) throw new Error(`The thread ${surface} ${surfaceKey} could not be opened.`)
  return row
}

export async function threadById(db: Queryable, id: ThreadId): Promise<ThreadRow | undefined> {
  return (await db.select().from(threads).where(eq(threads.id, id)))[0]
}

/** What the conversation remembers, held until the transaction ends, so that what is changed of it is changed one after the other. */
export async function threadContextForUpdate(tx: Transaction, id: ThreadId): Promise<JsonObject> {
  const [row] = await tx.select({ context: threads.context }).from(threads).where(eq(threads.id, id)).for('update')
  return row?.context ?? {}
}

export async function threadByKey(
  db: Queryable,
  surface: SurfaceName,
  surfaceKey: string,
): Promise<ThreadRow | undefined> {
  const where = and(eq(threads.surface, surface), eq(threads.surfaceKey, surfaceKey))
  return (await db.select().from(threads).where(where))[0]
}

export async function setThreadContext(tx: Queryable, id: ThreadId, context: JsonObject): Promise<void> {
  await tx.update(threads).set({ context }).where(eq(threads.id, id))
}

/** A thread that was begun gets the key by which its surface knows it; it keeps the old one where another has that already. */
export async function moveThread(db: Queryable, id: ThreadId, surfaceKey: string): Promise<void> {
  const taken = sql`exists (select from quarterdeck.threads other where other.surface = ${threads.surface}
    and other.surface_key = ${surfaceKey})`
  await db
    .update(threads)
    .set({ surfaceKey })
    .where(and(eq(threads.id, id), sql`not ${taken}`))
}
