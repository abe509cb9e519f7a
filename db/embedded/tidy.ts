import type { PGlite } from '@electric-sql/pglite'

/** A table is worth it when this many rows, and this share of it, are dead; PostgreSQL's own autovacuum decides alike. */
const DEAD_ROWS = 50
const DEAD_SHARE = 0.1

/**
 * Does what autovacuum does on a server and nobody does on PGlite: rows that were changed or deleted give their place back, and the
 * planner learns how large the tables are. The queue's tables too. One table at a time, outside any transaction, so that whoever waits for
 * the one session gets a turn in between. Returns the tables that were tidied.
 */
export async function tidy(pglite: PGlite): Promise<readonly string[]> {
  // What the session counted so far is looked at, not only what it has reported yet.
  await pglite.query('select pg_stat_force_next_flush()')
  const { rows } = await pglite.query<{ name: string }>(
    `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
     where n_dead_tup > $1 and n_dead_tup > $2::float8 * n_live_tup order by n_dead_tup desc`,
    [DEAD_ROWS, DEAD_SHARE],
  )
  for (const { name } of rows) await pglite.exec(`vacuum (analyze) ${name}`)
  return rows.map(({ name }) => name)
}
