import { getTableColumns, sql } from 'drizzle-orm'
import { hearing } from './audiences.ts'
import type { Queryable } from './database.ts'
import type { DispatchRow } from './dispatch.ts'
import { commonGateText } from './gate-state.ts'
import { runPrepared } from './handle.ts'
import { type StoredOperation, toRow } from './operation-records.ts'
import { placed } from './placed.ts'
import { jsonText, PUBLICATION_COLUMNS, PUBLISHING_FIRST, type Publication, publicationRow } from './publish.ts'
import { operations } from './schema/operations.ts'

/** A new operation with everything that goes with it. */
export interface NewProposal {
  readonly operation: StoredOperation
  readonly publication: Publication
  /** The common state of the gate by which it was let through, as it was read. */
  readonly gateText: string
}

const COLUMNS = Object.entries(getTableColumns(operations)).map(([key, { name }]) => ({ key, name }))
const names = (of: string) => sql.raw(COLUMNS.map(({ name }) => `${of}"${name}"`).join(', '))
const NAMES = names('')
const VALUES = names('new.')

/** What ends at once, as a dry run does, is nobody else's business. */
const HEARING = hearing("published.operation->'plan'->'targets'", "published.operation->>'finished_at' is null")

/** An operation as `jsonb_populate_record` reads it: by the names of the columns. */
function rowOf(operation: StoredOperation): Record<string, unknown> {
  const values: Record<string, unknown> = { ...operation, ...toRow(operation) }
  return Object.fromEntries(COLUMNS.map(({ key, name }) => [name, values[key]]))
}

/** A proposal that was stored, and its work that is due now, when that was to be handed over. */
export interface StoredProposal {
  readonly handed: readonly DispatchRow[]
}

interface Row extends Record<string, unknown> {
  readonly n: number
  readonly handed: readonly Pick<DispatchRow, 'id' | 'kind'>[] | null
}

/**
 * Stores new operations, each tied to its request, in one statement. Undefined where the request is tied to an operation already, or is
 * not there, or the gate's common state is no longer the one that was decided by: nothing was written then. With `hand`, work that is
 * due now is stored as dispatched, and whoever called gives it to the queue; what is lost on that way the sweeper finds.
 */
export async function storeProposals(
  db: Queryable,
  proposals: readonly NewProposal[],
  { hand }: { readonly hand: boolean },
): Promise<(StoredProposal | undefined)[]> {
  const list = proposals.map(({ operation, publication, gateText }, n) => ({
    ...publicationRow(hand ? handedOver(publication) : publication, n),
    operation: rowOf(operation),
    gate: gateText,
  }))
  const { rows } = await runPrepared<Row>(
    db,
    'propose',
    sql`
    with gate as (
      select ${commonGateText(latest(proposals.map(({ publication }) => publication)))} as text
    ), published as (
      update quarterdeck.requests request set operation_id = item.operation_id, outcome = 'proposed', answered_at = item.at
      from jsonb_to_recordset(${jsonText(list)}::jsonb) as item (${PUBLICATION_COLUMNS}, operation jsonb, gate text),
        quarterdeck.threads thread, gate
      where request.id = item.request_id and request.operation_id is null and thread.id = item.thread_id and gate.text = item.gate
      returning item.*
    ), stored as (
      insert into quarterdeck.operations (${NAMES})
      select ${VALUES} from published cross join lateral jsonb_populate_record(null::quarterdeck.operations, operation) as new
    ), ${HEARING}, ${PUBLISHING_FIRST}
    select n, (select count(hint) from hints),
      (select json_agg(json_build_object('id', wake.id, 'kind', wake.kind)) from wake
        where wake.operation_id = published.operation_id and wake.dispatched_at is not null) as handed
    from published`,
  )
  return placed(proposals.length, rows).map((row, n) => {
    const operationId = proposals[n]?.operation.id ?? null
    return (
      row && {
        handed: (row.handed ?? []).map(({ id, kind }) => ({ id, kind, operationId, inMs: 0 })),
      }
    )
  })
}

function handedOver(publication: Publication): Publication {
  const { outbox, now } = publication
  return { ...publication, outbox: outbox.map((row) => (row.dueAt > now ? row : { ...row, handed: true })) }
}

/** The moment by which delegations are counted for a whole group. */
export const latest = (publications: readonly Publication[]) =>
  new Date(Math.max(...publications.map(({ now }) => now.getTime())))
