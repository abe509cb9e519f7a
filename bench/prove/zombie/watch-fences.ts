import pg from 'pg'
import { UNTOLD } from '../crash/worker.ts'

/**
 * Asks the database itself: in this proof's own database a trigger writes down every ledger row that is written under another fence than
 * the operation has at that moment, and every end that is told a second time. Nothing of ours is asked.
 */
const WATCH = `
  create schema prove;
  create table prove.late (operation text not null, what text not null);
  create function prove.note_step() returns trigger language plpgsql as $$
  begin
    insert into prove.late
      select new.operation_id, 'the step "' || new.name || '" was written as ' || new.state || ' under fence ' || new.fence || ', and the operation is at ' || operation.fence
      from quarterdeck.operations operation where operation.id = new.operation_id and operation.fence <> new.fence;
    return new;
  end $$;
  create trigger prove_steps after insert or update on quarterdeck.steps for each row execute function prove.note_step();`

const TWICE = `
  select operation_id as operation, 'its end was written ' || count(*) || ' times' as what from quarterdeck.audit
  where kind in ('operation.succeeded', 'operation.failed', 'operation.needs_human') group by operation_id having count(*) > 1`

export interface Late {
  readonly breaches: readonly string[]
  /** Operations that one worker took over from another. */
  readonly takenOver: number
}

export async function watchFences(url: string): Promise<void> {
  await asking(url, (client) => client.query(WATCH))
}

export function lateWrites(url: string): Promise<Late> {
  return asking(url, async (client) => {
    const { rows } = await client.query<{ operation: string; what: string }>(
      `select operation, what from prove.late union all ${TWICE}`,
    )
    const taken = await client.query<{ count: number }>(
      "select count(distinct operation_id)::int as count from quarterdeck.audit where kind = 'operation.resumed' and says like 'Taken over%'",
    )
    return {
      breaches: rows.map(({ operation, what }) => `${operation}: ${what}`),
      takenOver: taken.rows[0]?.count ?? 0,
    }
  })
}

/** Operations that are not over, and words that a chat was not given. Asked beside the workers: who sleeps with a row in its hand lets none of theirs through. */
export function unfinished(url: string): Promise<number> {
  return asking(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select (count(*) + ${UNTOLD})::int as count from quarterdeck.operations where finished_at is null`,
    )
    return rows[0]?.count ?? 0
  })
}

async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  return ask(client).finally(() => client.end())
}
