import { createHash } from 'node:crypto'
import { getTableName, sql } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import { UserError } from '../../core/errors.ts'
import { TABLES } from '../schema/tables.ts'
import type { Transaction } from '../store.ts'

/** Reads and writes whole tables as text, the same on both databases: for backup, restore and move. */

type Table = (typeof TABLES)[number]

const PAGE = 1_000

export const tableNames: readonly string[] = TABLES.map((table) => getTableName(table))

/** Rows and hash of a table's content, whatever database holds it. */
export interface Digest {
  readonly rows: number
  readonly sha256: string
}

/** Starts a reading that sees one moment, takes as long as it takes, and has times in one spelling. Call it first in the transaction. */
export async function beginReading(tx: Transaction): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read`)
  await tx.execute(sql`set local timezone to 'UTC'`)
  await tx.execute(sql`set local statement_timeout = 0`)
  // While one of two stores is read, the other one waits.
  await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
}

/** Every row, page by page, as the text of a JSON object, in the order of the primary key; returns the table's digest. */
export async function* readTable(tx: Transaction, name: string): AsyncGenerator<readonly string[], Digest> {
  const table = tableNamed(name)
  const order = sql.join(
    keyOf(table).map((column) => sql`t.${sql.identifier(column)}::text collate "C"`),
    sql`, `,
  )
  const hash = createHash('sha256')
  let count = 0
  await tx.execute(
    sql`declare transfer cursor for select row_to_json(t)::text as row from ${table} t order by ${order}`,
  )
  for (;;) {
    const { rows } = await tx.execute<{ row: string }>(sql.raw(`fetch ${PAGE} from transfer`))
    if (rows.length === 0) break
    const page = rows.map(({ row }) => row)
    for (const row of page) hash.update(row).update('\n')
    count += page.length
    yield page
  }
  await tx.execute(sql`close transfer`)
  return { rows: count, sha256: hash.digest('hex') }
}

export async function digestOf(tx: Transaction, name: string): Promise<Digest> {
  const reading = readTable(tx, name)
  for (;;) {
    const next = await reading.next()
    if (next.done) return next.value
  }
}

export async function writeRows(tx: Transaction, name: string, rows: readonly string[]): Promise<void> {
  if (rows.length === 0) return
  const table = tableNamed(name)
  await tx.execute(sql`
    insert into ${table} overriding system value
    select * from json_populate_recordset(null::${table}, ${`[${rows.join(',')}]`}::json)`)
}

/**
 * Sets every counter behind the rows that were written; that of the outbox far behind: a queue that outlived its store has jobs of rows that
 * were written after the backup, and it takes no second one of the same number.
 */
export async function raiseCounters(tx: Transaction): Promise<void> {
  for (const table of TABLES) {
    const { schema, name, columns } = getTableConfig(table)
    const counted = columns.find((column) => column.generatedIdentity)
    if (!counted) continue
    await tx.execute(sql`
      select setval(pg_get_serial_sequence(${`${schema}.${name}`}, ${counted.name}), max(${sql.identifier(counted.name)}))
      from ${table} having max(${sql.identifier(counted.name)}) is not null`)
  }
  await tx.execute(sql`
    select setval(pg_get_serial_sequence('quarterdeck.outbox', 'id'),
      greatest((extract(epoch from clock_timestamp()) * 1000)::bigint, (select max(id) from quarterdeck.outbox)))`)
}

/** Throws UserError naming the first table that holds something. */
export async function requireEmpty(tx: Transaction, whose: string): Promise<void> {
  for (const name of tableNames) {
    const { rows } = await tx.execute(sql`select 1 from ${tableNamed(name)} limit 1`)
    if (rows.length > 0)
      throw new UserError(`${whose} is not empty (there is something in quarterdeck.${name}): give an empty database.`)
  }
}

function tableNamed(name: string): Table {
  const table = TABLES.find((candidate) => getTableName(candidate) === name)
  if (!table) throw new UserError(`There is no table ${name} in this release of Quarterdeck.`)
  return table
}

function keyOf(table: Table): string[] {
  const { columns, primaryKeys } = getTableConfig(table)
  const key = primaryKeys[0]?.columns ?? columns.filter((column) => column.primary)
  return key.map((column) => column.name)
}
