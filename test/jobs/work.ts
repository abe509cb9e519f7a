import { sql } from 'drizzle-orm'
import type { OperationId } from '../../core/ids.ts'
import { newOperationId } from '../../core/ids.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { notify, type Store } from '../../db/store.ts'
import type { JobKind } from '../../jobs/queues.ts'
import { type Jobs, type JobsConfig, startJobs } from '../../jobs/start.ts'
import type { WorkDoor } from '../../jobs/worker.ts'
import type { Place } from './places.ts'

/** A door that remembers what it was asked. */
export class FakeDoor implements WorkDoor {
  readonly advanced: OperationId[] = []
  readonly timers: { kind: JobKind; at: number }[] = []
  /** What advancing does; throws or waits as a test wants. */
  onAdvance: WorkDoor['advance'] = async () => {}

  async advance(operationId: OperationId, options: { workerId: string; signal: AbortSignal }): Promise<void> {
    this.advanced.push(operationId)
    await this.onAdvance(operationId, options)
  }

  async timer(row: { kind: JobKind }): Promise<void> {
    this.timers.push({ kind: row.kind, at: Date.now() })
  }
}

/** Writes outbox rows as the door does: in a transaction, with the hint. Returns the operations' ids. */
export async function ask(
  store: Store,
  count = 1,
  row: { kind?: JobKind; inMs?: number } = {},
): Promise<OperationId[]> {
  const ids = Array.from({ length: count }, newOperationId)
  const due = new Date(Date.now() + (row.inMs ?? 0)).toISOString()
  await store.transaction(async (tx) => {
    for (const id of ids)
      await tx.execute(sql`insert into quarterdeck.outbox (kind, operation_id, payload, due_at)
        values (${row.kind ?? 'advance'}, ${id}, '{}'::jsonb, ${due}::timestamptz)`)
    await notify(tx, 'outbox', '')
  })
  return ids
}

export async function undone(store: Store): Promise<number> {
  const { rows } = await store.db.execute<{ n: number }>(
    sql`select count(*)::int as n from quarterdeck.outbox where done_at is null`,
  )
  return rows[0]?.n ?? -1
}

let workers = 0

export function begin(
  place: Place,
  door: WorkDoor,
  config: Partial<JobsConfig> = {},
  clock = () => new Date(),
): Promise<Jobs> {
  workers += 1
  return startJobs({
    store: place.store,
    door,
    log: silentLogger,
    clock,
    roles: { dispatch: true, work: true, sweep: true },
    workerId: `worker-${process.pid}-${workers}`,
    ...{ config: { queue: place.queue, ...config } },
  })
}

/** Looks until it holds; fails with what it last saw. */
export async function eventually(look: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`After ${withinMs} ms it still does not hold: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
