import type { PGlite } from '@electric-sql/pglite'

const ROW_ARRAYS = `select array_type.oid::text as oid from pg_type array_type
  join pg_type row_type on row_type.oid = array_type.typelem where row_type.typrelid <> 0`

/**
 * PGlite copies all its parsers for every query that brings some of its own, as each of drizzle's does. Two thirds of them are for arrays of
 * whole rows, one for every table, index and view, and nobody asks for those: without them a short query takes little more than half of the
 * processor time.
 */
export async function forgetRowArrays(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ oid: string }>(ROW_ARRAYS)
  const rowArrays = new Set(rows.map(({ oid }) => oid))
  // A new object: one that was deleted from stays slow to copy.
  pglite.parsers = Object.fromEntries(Object.entries(pglite.parsers).filter(([oid]) => !rowArrays.has(oid)))
}
