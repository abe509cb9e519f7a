import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { ConfigError, UserError } from '../core/errors.ts'
import { sha256 } from '../core/json.ts'
import type { Transaction } from './database.ts'
import type { SchemaChange } from './store.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** Any number that no other program uses with this database's advisory locks. */
const MIGRATION_LOCK = 7_102_026_001

export interface Migration {
  readonly number: number
  readonly name: string
  readonly statements: readonly string[]
  /** Of the statements, those that make an index which a server can build while others write (`CREATE INDEX CONCURRENTLY` in the file). */
  readonly indexes?: readonly string[]
  readonly hash: string
}

/** The migrations of this release, in order, as drizzle-kit wrote them. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const journal = JSON.parse(await readFile(new URL('meta/_journal.json', FOLDER), 'utf8')) as {
    entries: { idx: number; tag: string }[] // drizzle-kit's own file, checked in
  }
  return Promise.all(
    journal.entries.map(async ({ idx, tag }) => {
      const text = await readFile(new URL(`${tag}.sql`, FOLDER), 'utf8')
      const written = text.split('--> statement-breakpoint')
      // In a transaction, and where nobody else writes, an index is made as any other.
      const plain = (statement: string) => statement.replace(CONCURRENTLY, '$1')
      const indexes = written.filter((statement) => CONCURRENTLY.test(statement)).map(plain)
      return { number: idx, name: tag, statements: written.map(plain), indexes, hash: sha256(text) }
    }),
  )
}

const CONCURRENTLY = /^(\s*create (?:unique )?index) concurrently\b/i

/**
 * Applies what is missing, in one transaction that holds a lock, so that several processes may start at once. Throws ConfigError
 * when the database is newer than this program, or was made by a migration that differs from the one shipped; UserError when something is
 * missing that `may` not be applied. With `indexesLater`, a store that is already there gets its new indexes from whoever called.
 */
export async function migrate(
  tx: Transaction,
  migrations: readonly Migration[],
  may: SchemaChange = 'upgrade',
  { indexesLater = false } = {},
): Promise<readonly string[]> {
  // A large store takes longer to change than any question to it may; so does whoever waits for the one that changes it.
  await tx.execute(sql`set local statement_timeout = 0`)
  await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
  const rows = await appliedIn(tx, may)
  for (const done of rows) {
    const ours = migrations[done.number]
    if (!ours)
      throw new ConfigError(
        `The database was written by a newer Quarterdeck (it has migration ${done.name}, this program ends at ${migrations.at(-1)?.name}): start that release, or restore a backup made before the upgrade.`,
      )
    if (ours.hash !== done.hash)
      throw new ConfigError(
        `The database was made by another ${done.name} than the one this program ships: use the program that made it, or move its content with a backup.`,
      )
  }
  const missing = migrations.slice(rows.length)
  const last = rows.at(-1)
  if (missing.length > 0 && last && may !== 'upgrade')
    throw new UserError(
      `The database holds the store of an older release (its schema ends at ${last.name}, this program's at ${migrations.at(-1)?.name}): nothing was changed. Do this with the release that wrote it, or start this one first, which brings it up to date.`,
    )
  if (missing.length > 0 && may === 'nothing')
    throw new UserError('There is no store of Quarterdeck here: correct store, or dataFolder where it is embedded.')
  for (const migration of missing) {
    const later = indexesLater && last ? (migration.indexes ?? []) : []
    for (const statement of migration.statements)
      if (!MAKES_SCHEMA.test(statement) && !later.includes(statement)) await tx.execute(sql.raw(statement))
    await tx.execute(
      sql`insert into quarterdeck.migrations (number, name, hash) values (${migration.number}, ${migration.name}, ${migration.hash})`,
    )
  }
  return missing.map((migration) => migration.name)
}

/** The schema is there before the first migration. To ask for it once more takes a right that who was given one does not need. */
const MAKES_SCHEMA = /^\s*create schema /i

interface Applied extends Record<string, unknown> {
  readonly number: number
  readonly name: string
  readonly hash: string
}

/** What was applied, oldest first. Makes the list of it where there is none and it may: who only reads may have no right to make anything. */
async function appliedIn(tx: Transaction, may: SchemaChange): Promise<readonly Applied[]> {
  const { rows: found } = await tx.execute<{ schema: boolean; list: boolean }>(
    sql`select to_regnamespace('quarterdeck') is not null as schema, to_regclass('quarterdeck.migrations') is not null as list`,
  )
  if (!found[0]?.list) {
    if (may === 'nothing') return []
    if (!found[0]?.schema) await tx.execute(sql`create schema quarterdeck`)
    await tx.execute(
      sql`create table quarterdeck.migrations
          (number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`,
    )
  }
  const { rows } = await tx.execute<Applied>(sql`select number, name, hash from quarterdeck.migrations order by number`)
  return rows
}
