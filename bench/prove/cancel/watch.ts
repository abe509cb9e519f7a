import { sql } from 'drizzle-orm'
import type { OperationId } from '../../../core/ids.ts'
import type { Store } from '../../../db/store.ts'

/**
 * In the proof's own database a trigger notes every step forward that is written when its operation's cancel is. The times in the rows come
 * from several processes, which take them before they wait for the row, and do not say which came first.
 */
const WATCH = [
  'create schema prove',
  'create table prove.late_steps (operation text not null, name text not null)',
  `create function prove.note_late_step() returns trigger language plpgsql as $$
  begin
    insert into prove.late_steps
      select id, new.name from quarterdeck.operations where id = new.operation_id and cancel_at is not null;
    return new;
  end $$`,
  `create trigger prove_late_steps after insert on quarterdeck.steps for each row
    when (new.phase = 'run' and new.kind = 'step') execute function prove.note_late_step()`,
]

export async function watchSteps(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    for (const statement of WATCH) await tx.execute(sql.raw(statement))
  })
}

/** The steps forward of an operation that began after its cancel. */
export async function lateSteps(store: Store, id: OperationId): Promise<readonly string[]> {
  const { rows } = await store.db.execute<{ name: string }>(
    sql`select name from prove.late_steps where operation = ${id}`,
  )
  return rows.map(({ name }) => name)
}
