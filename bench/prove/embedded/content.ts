import { sql } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'

/** Rows and a hash of each table. */
export type Content = ReadonlyMap<string, string>

/**
 * What a database holds, by PostgreSQL's own word: the tables are asked of its catalogue and each row is hashed as its own text, so that
 * nothing which copies has a part in the look.
 */
export async function contentOf(store: Store): Promise<Content> {
  return store.transaction(async (tx) => {
    await tx.execute(sql`set local timezone to 'UTC'`)
    const { rows: tables } = await tx.execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'quarterdeck' order by 1`,
    )
    const content = new Map<string, string>()
    for (const { name } of tables) {
      const table = sql.raw(`quarterdeck.${name}`)
      // A migration bears the time of the database; a restore leaves its note in the audit.
      const row = name === 'migrations' ? sql`row(t.number, t.name, t.hash)` : sql`t.*`
      const honest = name === 'audit' ? sql`where kind <> 'store.restored'` : sql``
      const { rows } = await tx.execute<{ says: string }>(sql`
        select count(*) || ' rows, ' || coalesce(md5(string_agg(line, E'\n' order by line collate "C")), 'none') as says
        from (select (${row})::text as line from ${table} t ${honest}) lines`)
      content.set(name, rows[0]?.says ?? '')
    }
    return content
  })
}

/** Tables that are not the same, each with what it is and what it should be. */
export function differences(is: Content, was: Content): string[] {
  const names = new Set([...was.keys(), ...is.keys()])
  return [...names]
    .filter((name) => is.get(name) !== was.get(name))
    .map((name) => `${name}: ${is.get(name) ?? 'not there'}, not ${was.get(name) ?? 'there'}`)
}

/** Identity columns whose next value is taken already. */
export async function staleCounters(store: Store): Promise<string[]> {
  const { rows: counters } = await store.db.execute<{ table: string; column: string }>(sql`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'quarterdeck' and is_identity = 'YES'`)
  const stale: string[] = []
  for (const { table, column } of counters) {
    const name = `quarterdeck.${table}`
    const { rows } = await store.db.execute<{ stale: boolean }>(sql`
      select nextval(pg_get_serial_sequence(${name}, ${column})) <= coalesce(max(${sql.identifier(column)}), 0) as stale
      from ${sql.raw(name)}`)
    if (rows[0]?.stale) stale.push(`${table}.${column}`)
  }
  return stale
}
