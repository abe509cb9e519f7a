import { and, count, desc, eq, gte, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { OperationId, PersonId, RequestId, ThreadId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import { isTerminal, type OperationState } from '../core/states.ts'
import type { Queryable, Transaction } from './database.ts'
import { fromRow, type NewOperation, type OperationPatch, type StoredOperation, toRow } from './operation-records.ts'
import { operations } from './schema/operations.ts'
import { requests } from './schema/requests.ts'

const UNSET = {
  dryRun: false,
  service: null,
  environment: null,
  says: null,
  progress: {},
  outcome: null,
  fence: 0,
  leaseOwner: null,
  leaseUntil: null,
  wakeAt: null,
  cancelBy: null,
  cancelAt: null,
  undoes: null,
  undoneBy: null,
  breakGlass: null,
  expiresAt: null,
  approvedAt: null,
  finishedAt: null,
} satisfies Partial<StoredOperation>

/** A new operation as it will be stored. */
export function newOperation(
  operation: NewOperation & Pick<StoredOperation, 'createdAt' | 'updatedAt'>,
): StoredOperation {
  return { ...UNSET, ...operation }
}

export async function insertOperation(tx: Transaction, operation: StoredOperation): Promise<void> {
  await tx.insert(operations).values({ ...operation, ...toRow(operation) } as typeof operations.$inferInsert) // every column is named
}

export async function operationById(db: Queryable, id: OperationId): Promise<StoredOperation | undefined> {
  const [row] = await db.select().from(operations).where(eq(operations.id, id))
  return row && fromRow(row)
}

/** In the order of the ids. */
export async function operationsById(
  db: Queryable,
  ids: readonly OperationId[],
): Promise<(StoredOperation | undefined)[]> {
  const rows = await db
    .select()
    .from(operations)
    .where(inArray(operations.id, [...ids]))
  const byId = new Map(rows.map((row) => [row.id, fromRow(row)]))
  return ids.map((id) => byId.get(id))
}

/** Locks the row until the transaction ends: clicks, claims and step intents of one operation happen one after the other. */
export async function operationForUpdate(tx: Transaction, id: OperationId): Promise<StoredOperation | undefined> {
  const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for('update')
  return row && fromRow(row)
}

/**
 * Writes a patch. With `fence`, only while that claim still holds the operation. Returns the row as it then stands; undefined when
 * the operation is gone or the claim is no longer ours.
 */
export async function updateOperation(
  tx: Queryable,
  id: OperationId,
  patch: OperationPatch,
  options: { readonly fence?: number; readonly releaseLease?: boolean; readonly at: Date },
): Promise<StoredOperation | undefined> {
  const lease = options.releaseLease ? { leaseOwner: null, leaseUntil: null } : {}
  const [row] = await tx
    .update(operations)
    .set({ ...toRow(patch), ...lease, updatedAt: options.at })
    .where(and(eq(operations.id, id), options.fence === undefined ? undefined : eq(operations.fence, options.fence)))
    .returning()
  return row && fromRow(row)
}

/**
 * As `updateOperation`, without reading the row back: for callers that hold it, or whose claim does. False when
 * the condition no longer holds; nothing was written then.
 */
export async function patchOperation(
  tx: Transaction,
  id: OperationId,
  patch: OperationPatch,
  options: {
    readonly fence?: number
    readonly releaseLease?: boolean
    readonly at: Date
  },
): Promise<boolean> {
  const lease = options.releaseLease ? { leaseOwner: null, leaseUntil: null } : {}
  const rows = await tx
    .update(operations)
    .set({ ...toRow(patch), ...lease, updatedAt: options.at })
    .where(and(eq(operations.id, id), options.fence === undefined ? undefined : eq(operations.fence, options.fence)))
    .returning({ id: operations.id })
  return rows.length > 0
}

export interface OperationFilter {
  readonly states?: readonly OperationState[]
  readonly service?: string
  readonly environment?: string
  readonly personId?: PersonId
  /** Those it shows, asked there or elsewhere. */
  readonly threadId?: ThreadId
  readonly requestId?: RequestId
  /** Asked for since then. */
  readonly since?: Date
  readonly limit: number
}

/** Newest first. */
export async function listOperations(db: Queryable, filter: OperationFilter): Promise<readonly StoredOperation[]> {
  const { states, service, environment, personId, threadId, requestId, since, limit } = filter
  const rest = and(
    states && inState(states),
    personId && eq(operations.personId, personId),
    threadId && shownIn(threadId),
    requestId && eq(operations.requestId, requestId),
    since && gte(operations.createdAt, since),
  )
  const touches = service !== undefined || environment !== undefined
  const rows = await db
    .select()
    .from(operations)
    .where(touches ? sql`${operations.id} in (${newestTouching(filter, rest)})` : rest)
    .orderBy(desc(operations.createdAt))
    .limit(limit)
  return rows.map(fromRow)
}

/**
 * The ids of the newest that touch a service or an environment: those that name it, and those whose plan does; each has an index of its own. Asked
 * for as one, they are looked for among all that ever happened where there are few.
 */
function newestTouching(filter: OperationFilter, rest: SQL | undefined): SQL {
  const { service, environment } = filter
  const [column, value, other] =
    service === undefined
      ? [operations.environment, environment, undefined]
      : [operations.service, service, touching(operations.environment, environment, filter)]
  const newest = (touched: SQL | undefined) =>
    sql`(select id from quarterdeck.operations where ${and(touched, other, rest)} order by created_at desc limit ${filter.limit})`
  return sql`${newest(sql`${column} = ${value}`)} union all ${newest(inItsPlan(column, filter))}`
}

/** What is not over has an index of its own, and so has what did not end well: found only by the very condition it was made with. */
function inState(states: readonly OperationState[]): SQL | undefined {
  const open = states.every((state) => !isTerminal(state)) ? isNull(operations.finishedAt) : undefined
  const endedOtherwise = states.every((state) => isTerminal(state) && state !== 'succeeded')
    ? sql`${operations.finishedAt} is not null and ${operations.state} <> 'succeeded'`
    : undefined
  return and(inArray(operations.state, [...states]), open, endedOtherwise)
}

/** How many were asked for since then, by the day it was in that zone (`2026-11-21`) and by how they stand now. */
export async function countByDay(
  db: Queryable,
  filter: Pick<OperationFilter, 'service' | 'environment'> & { readonly since: Date; readonly timezone: string },
): Promise<readonly { readonly day: string; readonly state: OperationState; readonly count: number }[]> {
  const day = sql<string>`to_char(${operations.createdAt} at time zone ${filter.timezone}::text, 'YYYY-MM-DD')`
  return db
    .select({ day: day.as('day'), state: operations.state, count: count() })
    .from(operations)
    .where(
      and(
        gte(operations.createdAt, filter.since),
        touching(operations.service, filter.service, filter),
        touching(operations.environment, filter.environment, filter),
      ),
    )
    .groupBy(sql`day`, operations.state)
}

/** What was asked there, and what is shown there because its channel subscribed to it. */
const shownIn = (thread: ThreadId) =>
  sql`${operations.id} in (select asked.id from quarterdeck.operations asked where asked.thread_id = ${thread}
    union all select heard.operation_id from quarterdeck.audiences heard where heard.thread_id = ${thread})`

function touching(
  column: Touched,
  value: string | undefined,
  filter: Pick<OperationFilter, 'service' | 'environment'>,
): SQL | undefined {
  return value === undefined ? undefined : or(eq(column, value), inItsPlan(column, filter))
}

/** What touches several services has none in its column; its plan names its targets. */
function inItsPlan(
  column: Touched,
  { service, environment }: Pick<OperationFilter, 'service' | 'environment'>,
): SQL | undefined {
  const target = JSON.stringify([{ service, environment }])
  return and(isNull(column), sql`${operations.plan} -> 'targets' @> ${target}::jsonb`)
}

type Touched = typeof operations.service | typeof operations.environment

/** The ids of the operations that are approved and have not begun: what a halt holds back and a resume lets go. */
export async function approvedOperations(db: Queryable): Promise<readonly OperationId[]> {
  const rows = await db
    .select({ id: operations.id })
    .from(operations)
    .where(inState(['approved']))
  return rows.map((row) => row.id)
}

/**
 * Ties a request to the operation it became, once. Returns the request's surface, and as `already` the operation it was tied to
 * before, when the same request comes a second time; undefined when there is no such request.
 */
export async function bindRequest(
  tx: Transaction,
  requestId: RequestId,
  operationId: OperationId,
  at: Date,
): Promise<{ readonly surface: SurfaceName; readonly already?: OperationId } | undefined> {
  const [bound] = await tx
    .update(requests)
    .set({ operationId, outcome: 'proposed', answeredAt: at })
    .where(and(eq(requests.id, requestId), isNull(requests.operationId)))
    .returning({ surface: requests.surface })
  if (bound) return bound
  const [row] = await tx.select().from(requests).where(eq(requests.id, requestId))
  return row?.operationId ? { surface: row.surface, already: row.operationId } : undefined
}
