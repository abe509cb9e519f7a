import type { OperationState } from '../../../core/states.ts'

/**
 * The database's own record of every change of state, with the transaction in which it happened and the time by the database's clock, which
 * no fault moves. Nothing of ours is asked.
 */
export const WATCH_MOVES = `
  create schema if not exists prove;
  create table if not exists prove.moves (
    n bigint generated always as identity, at timestamptz not null default clock_timestamp(),
    operation text not null, was text, becomes text not null, xid bigint not null);
  create or replace function prove.note_move() returns trigger language plpgsql as $$
  declare before text := null;
  begin
    if tg_op = 'UPDATE' then before := old.state; end if;
    if before is distinct from new.state then
      insert into prove.moves (operation, was, becomes, xid)
        values (new.id, before, new.state, (pg_current_xact_id()::text::numeric % 4294967296)::bigint);
    end if;
    return new;
  end $$;
  create or replace trigger prove_moves after insert or update on quarterdeck.operations
    for each row execute function prove.note_move();`

/** What an audit row is called that tells of a new state. */
const TOLD_BY: Readonly<Partial<Record<OperationState, readonly string[]>>> = {
  planned: ['planned', 'replanned', 'edited', 'approval-lapsed'],
  awaiting_approval: ['awaiting_approval', 'replanned', 'edited', 'approval-lapsed', 'approve', 'go'],
  approved: ['approved', 'break-glass', 'replanned', 'edited'],
  running: ['running', 'resumed'],
  waiting: ['waiting', 'retry'],
}

const told = (state: OperationState) => (TOLD_BY[state] ?? [state]).map((kind) => `operation.${kind}`)

/** Changes of state of which no audit row of the same transaction tells. */
export function untoldMoves(states: readonly OperationState[]): string {
  const kinds = states.map((state) => `('${state}', array[${told(state).map((kind) => `'${kind}'`)}])`)
  return `
    select move.operation, move.was, move.becomes from prove.moves move
    left join (values ${kinds}) as known (state, kinds) on known.state = move.becomes
    where not exists (
      select 1 from quarterdeck.audit where operation_id = move.operation
        and audit.xmin::text::bigint = move.xid and audit.kind = any(known.kinds))
    order by move.n`
}
