import { sql } from 'drizzle-orm'
import type { Transaction } from './database.ts'
import { notify } from './store.ts'

export interface SweepOptions {
  readonly now: Date
  /** How long after it was due and handed over a row may stay undone before the queue is asked again. */
  readonly graceMs: number
  /** At most this many of each kind in one sweep. */
  readonly limit: number
  /** Rows done before this are deleted. */
  readonly forgetBefore: Date
}

export interface SweepResult {
  /** Rows that the queue has to be given again. */
  readonly overdue: number
  /** Operations that nobody worked on and nothing was going to wake. */
  readonly orphaned: number
  readonly forgotten: number
}

/** Any number, as long as it is ours alone: `quar` in ASCII. */
const SWEEP_LOCK = 0x71756172

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`

/**
 * Finds what the queue has lost and puts it back into the outbox as new; the dispatcher does the rest. One process at a time:
 * returns undefined when another one is sweeping.
 *
 * Leases are compared with the database's clock, which set them; everything else with `now`.
 */
export async function sweep(tx: Transaction, options: SweepOptions): Promise<SweepResult | undefined> {
  const mine = await tx.execute<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as mine`)
  if (!mine.rows[0]?.mine) return undefined
  const overdue = await takeBackOverdue(tx, options)
  const orphaned = await wakeOrphans(tx, options)
  const forgotten = await forgetDone(tx, options)
  if (overdue + orphaned > 0) await notify(tx, 'outbox', 'sweep')
  return { overdue, orphaned, forgotten }
}

/**
 * Rows handed over but not done, well past their time. Asking again is harmless: while the queue still has the row's job, it
 * takes no second one. The pause doubles each time (up to 256-fold), so that a long backlog or a job that always fails is not hammered.
 * An operation under a live lease is being worked on: its row may take as long as it likes. One handed over in a time to come was so by a
 * clock that ran ahead, and nobody knows how long ago.
 */
async function takeBackOverdue(tx: Transaction, { now, graceMs, limit }: SweepOptions): Promise<number> {
  const { rows } = await tx.execute(sql`
    update quarterdeck.outbox set dispatched_at = null
    where id in (
      select waiting.id
      from quarterdeck.outbox waiting
      left join quarterdeck.operations operation on operation.id = waiting.operation_id and waiting.kind = 'advance'
      where waiting.done_at is null
        and waiting.dispatched_at is not null
        and waiting.due_at < ${iso(now)} - ${graceMs}::float8 * interval '1 millisecond'
        and abs(extract(epoch from ${iso(now)} - waiting.dispatched_at)) * 1000
          > ${graceMs}::float8 * power(2, least(greatest(waiting.attempts - 1, 0), 8))
        and not coalesce(operation.lease_until > clock_timestamp(), false)
      order by waiting.id
      limit ${limit}
      for update of waiting skip locked
    )
    returning id`)
  return rows.length
}

/**
 * Operations that should move but that nobody holds and no row will wake: their worker died, or their row was marked done while
 * the kill switch held them. A row from before the lease does not count: its job may hang in the dead worker's hands. One that is
 * still to come counts always, so that a back-off is not cut short.
 */
async function wakeOrphans(tx: Transaction, { now, graceMs, limit }: SweepOptions): Promise<number> {
  const { rows } = await tx.execute(sql`
    insert into quarterdeck.outbox (kind, operation_id, payload, due_at)
    select 'advance', operation.id, '{}'::jsonb, least(${iso(now)}, now())
    from quarterdeck.operations operation
    where operation.finished_at is null
      and (
        operation.state in ('running', 'cancelling')
        or (operation.state = 'waiting'
          and operation.wake_at < ${iso(now)} - ${graceMs}::float8 * interval '1 millisecond')
        or (operation.state = 'approved' and not exists (
          select 1 from quarterdeck.switches where name = 'halt'))
      )
      and (operation.lease_until is null or operation.lease_until < clock_timestamp())
      and not exists (
        select 1 from quarterdeck.outbox pending
        where pending.operation_id = operation.id
          and pending.kind = 'advance'
          and pending.done_at is null
          and (operation.lease_until is null or pending.created_at >= operation.lease_until or pending.due_at > ${iso(now)})
      )
    limit ${limit}
    returning id`)
  return rows.length
}

async function forgetDone(tx: Transaction, { forgetBefore, limit }: SweepOptions): Promise<number> {
  const { rows } = await tx.execute(sql`
    delete from quarterdeck.outbox where id in (
      select id from quarterdeck.outbox where done_at < ${iso(forgetBefore)} limit ${limit})
    returning id`)
  return rows.length
}
