import { sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { commonGateText } from './gate-state.ts'
import { runPrepared } from './handle.ts'
import { type StoredOperation, toRow } from './operation-records.ts'
import { placed } from './placed.ts'
import { latest } from './proposals.ts'
import { jsonText, PUBLICATION_COLUMNS, PUBLISHING, type Publication, publicationRow } from './publish.ts'

/** What of an operation changes when a run begins or ends well. */
export interface Move {
  readonly before: StoredOperation
  readonly patch: Pick<StoredOperation, 'state' | 'says' | 'gate' | 'progress' | 'outcome' | 'finishedAt'>
  readonly publication: Publication
  /** Takes it for this worker: then the operation must be unchanged since it was read, and the gate's common state too. */
  readonly claim?: { readonly owner: string; readonly leaseMs: number; readonly gateText: string }
}

/** As moved: when the claim's lease ends, by the database's clock. */
export interface Moved {
  readonly leaseUntil: Date | null
}

// What is moved brings the whole operation along; only what changes goes to the database, which parses it.
function patchOf({ state, says, gate, progress, outcome, finishedAt }: Move['patch']) {
  return { ...toRow({ state, says, gate, progress, outcome }), finished_at: finishedAt }
}

/**
 * Begins and ends runs, in one statement: each only while its fence holds, nobody asked to cancel and nobody else has the row in hand
 * (so that one operation never holds up the others); a claim raises the fence. Undefined for those where something does not hold:
 * nothing was written then, and whoever asked looks again under the row's lock.
 */
export async function moveOperations(db: Queryable, moves: readonly Move[]): Promise<(Moved | undefined)[]> {
  const list = moves.map(({ before, patch, publication, claim }, n) => ({
    ...publicationRow(publication, n),
    was: { fence: before.fence, state: before.state, plan_hash: before.planHash, updated_at: before.updatedAt },
    patch: patchOf(patch),
    claim: claim && { owner: claim.owner, lease_ms: claim.leaseMs, gate: claim.gateText },
  }))
  const { rows } = await runPrepared<{ n: number; lease_until: number | null }>(
    db,
    'move',
    sql`
    with gate as (
      select ${commonGateText(latest(moves.map(({ publication }) => publication)))} as text
    ), item as materialized (
      select * from jsonb_to_recordset(${jsonText(list)}::jsonb) as item (${PUBLICATION_COLUMNS}, was jsonb, patch jsonb, claim jsonb)
    ), free as materialized (
      select item.* from item join quarterdeck.operations operation on operation.id = item.operation_id
      where operation.fence = (was->>'fence')::bigint and operation.cancel_at is null
        and (claim is null or ((select text from gate) = claim->>'gate' and operation.state = was->>'state'
          and operation.plan_hash = was->>'plan_hash' and operation.updated_at = (was->>'updated_at')::timestamptz))
        and exists (select 1 from quarterdeck.threads where threads.id = item.thread_id)
      for no key update of operation skip locked
    ), published as (
      update quarterdeck.operations operation set
        state = patch->>'state', says = patch->>'says', gate = patch->'gate', progress = patch->'progress',
        outcome = nullif(patch->'outcome', 'null'), finished_at = (patch->>'finished_at')::timestamptz, wake_at = null,
        fence = operation.fence + case when claim is null then 0 else 1 end, lease_owner = claim->>'owner',
        lease_until = clock_timestamp() + (claim->>'lease_ms')::float8 * interval '1 millisecond', updated_at = free.at
      from free where operation.id = free.operation_id
      returning free.*, (extract(epoch from operation.lease_until) * 1000)::float8 as lease_ends
    ), ${PUBLISHING}
    select n, lease_ends as lease_until, (select count(hint) from hints) from published`,
  )
  return placed(moves.length, rows).map(
    (row) => row && { leaseUntil: row.lease_until === null ? null : new Date(Number(row.lease_until)) },
  )
}
