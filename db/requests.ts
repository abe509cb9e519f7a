import { and, asc, desc, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm'
import type { OperationId, RequestId, ThreadId } from '../core/ids.ts'
import type { Interpretation } from '../core/interpretation.ts'
import type { Queryable } from './database.ts'
import { requests } from './schema/requests.ts'

export type RequestRow = typeof requests.$inferSelect
export type RequestOutcome = NonNullable<RequestRow['outcome']>

/** Stores what was said, once per (surface, key). `isNew` is false for a redelivery; `request` is then the one stored before. */
export async function insertRequest(
  tx: Queryable,
  request: Pick<RequestRow, 'id' | 'surface' | 'threadId' | 'personId' | 'text' | 'key' | 'receivedAt'> &
    Partial<Pick<RequestRow, 'interpretation'>>,
): Promise<{ request: RequestRow; isNew: boolean }> {
  const [added] = await tx.insert(requests).values(request).onConflictDoNothing().returning()
  if (added) return { request: added, isNew: true }
  const same = and(eq(requests.surface, request.surface), eq(requests.key, request.key))
  const [stored] = await tx.select().from(requests).where(same)
  if (!stored) throw new Error(`The request ${request.id} was neither stored nor found.`)
  return { request: stored, isNew: false }
}

/** Writes what became of a request. */
export async function answerRequest(
  tx: Queryable,
  id: RequestId,
  answer: { outcome: RequestOutcome; interpretation?: Interpretation; operationId?: OperationId; answeredAt: Date },
): Promise<void> {
  // drizzle leaves undefined columns alone.
  await tx.update(requests).set(answer).where(eq(requests.id, id))
}

/** Replaces what was understood of a request that is not answered yet. */
export async function noteInterpretation(db: Queryable, id: RequestId, interpretation: Interpretation): Promise<void> {
  await db.update(requests).set({ interpretation }).where(eq(requests.id, id))
}

export async function requestById(db: Queryable, id: RequestId): Promise<RequestRow | undefined> {
  return (await db.select().from(requests).where(eq(requests.id, id)))[0]
}

/** What was asked in a thread and came to an end since then, newest first. */
export async function endedRequests(
  db: Queryable,
  threadId: ThreadId,
  since: Date,
  limit: number,
): Promise<readonly RequestRow[]> {
  const ended = and(eq(requests.threadId, threadId), gt(requests.receivedAt, since), isNotNull(requests.outcome))
  return db.select().from(requests).where(ended).orderBy(desc(requests.receivedAt)).limit(limit)
}

/** What was stored between two moments and never answered, because the process died in between. */
export async function unansweredRequests(
  db: Queryable,
  received: { readonly after: Date; readonly before: Date },
  limit: number,
): Promise<RequestRow[]> {
  return db
    .select()
    .from(requests)
    .where(
      and(
        isNull(requests.outcome),
        // Says nothing new, but what became no operation has an index.
        isNull(requests.operationId),
        gt(requests.receivedAt, received.after),
        lt(requests.receivedAt, received.before),
      ),
    )
    .orderBy(asc(requests.receivedAt))
    .limit(limit)
}
