import { sql } from 'drizzle-orm'
import type { SurfaceName } from '../core/person.ts'
import type { OperationState } from '../core/states.ts'
import type { Transaction } from './database.ts'
import type { Store } from './store.ts'

/** How much waits in the store, and for how long (seconds, by the database's clock). */
export interface Vitals {
  readonly cards: readonly {
    readonly surface: SurfaceName
    readonly due: number
    /** Of those, how many the surface will not take (no such channel): tried again in growing distances. What was given up is not due. */
    readonly refused: number
    /** Of the others. */
    readonly oldestSeconds: number
  }[]
  /** What is not over: every state and skill that there is now. */
  readonly operations: readonly {
    readonly state: OperationState
    readonly skill: string
    readonly count: number
    /** Since the one that has been so for the longest changed last. */
    readonly oldestSeconds: number
  }[]
  /** Work whose time has come and that nobody has done, or has in hand. */
  readonly work: { readonly due: number; readonly notInQueue: number; readonly oldestSeconds: number }
  /** Audit rows that are not in the chain. */
  readonly unsealed: { readonly rows: number; readonly oldestSeconds: number }
}

const secondsSince = (what: string, where = 'true') =>
  sql.raw(
    `coalesce(greatest(extract(epoch from clock_timestamp() - min(${what}) filter (where ${where})), 0), 0)::float8`,
  )

/** Four questions that partial indexes answer, whatever the store has grown to. */
export function readVitals(store: Pick<Store, 'transaction'>): Promise<Vitals> {
  return store.transaction(async (tx) => {
    // The database takes a third of all cards to be due, because it cannot know better, and would rather read them all.
    await tx.execute(sql`set local enable_seqscan = off`)
    return countedIn(tx)
  })
}

async function countedIn(db: Transaction): Promise<Vitals> {
  const cards = await db.execute<Vitals['cards'][number] & Record<string, unknown>>(sql`
    select surface, count(*)::int as due, count(refused_since)::int as refused,
      ${secondsSince('updated_at', 'refused_since is null')} as "oldestSeconds"
    from quarterdeck.deliveries where revision > sent_revision and given_up_at is null group by surface`)
  const operations = await db.execute<Vitals['operations'][number] & Record<string, unknown>>(sql`
    select state, skill, count(*)::int as count, ${secondsSince('updated_at')} as "oldestSeconds"
    from quarterdeck.operations where finished_at is null group by state, skill`)
  const work = await db.execute<Vitals['work'] & Record<string, unknown>>(sql`
    select count(*)::int as due, count(*) filter (where dispatched_at is null)::int as "notInQueue",
      ${secondsSince('due_at')} as "oldestSeconds"
    from quarterdeck.outbox waiting
    left join quarterdeck.operations operation on operation.id = waiting.operation_id and waiting.kind = 'advance'
    where done_at is null and due_at <= clock_timestamp() and not coalesce(operation.lease_until > clock_timestamp(), false)`)
  const unsealed = await db.execute<Vitals['unsealed'] & Record<string, unknown>>(sql`
    select count(*)::int as rows, ${secondsSince('at')} as "oldestSeconds" from quarterdeck.audit
    where id > coalesce((select audit_id from quarterdeck.audit_seals order by seq desc limit 1), 0)`)
  const [due] = work.rows
  const [open] = unsealed.rows
  if (!due || !open) throw new Error('a count without a row')
  return { cards: cards.rows, operations: operations.rows, work: due, unsealed: open }
}
