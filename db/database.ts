import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'

export interface Rows<Row> {
  readonly rows: Row[]
}

/** What both drivers return from raw SQL. Use `.returning()` where the affected rows matter: their counters differ. */
interface RowsResult extends PgQueryResultHKT {
  readonly type: Rows<this['row']>
}

type Schema = Record<string, never>

/** The drizzle handle of either driver: query modules are written once. */
export type Database = PgDatabase<RowsResult, Schema, ExtractTablesWithRelations<Schema>>

/** Inside a transaction use this handle only: PGlite is one session, and asking it anything else waits for ever. */
export type Transaction = PgTransaction<RowsResult, Schema, ExtractTablesWithRelations<Schema>>

/** What a query function takes when it may run in or outside a transaction. */
export type Queryable = Database | Transaction
