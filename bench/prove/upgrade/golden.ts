import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { readMigrations } from '../../../db/migrate.ts'
import { readBackup } from '../../../db/transfer/backup-file.ts'
import { type Stands, standsBy } from './world.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

export interface Golden {
  /** When the release was ended that left it. */
  readonly at: Date
  /** The configuration of that release, without places. */
  readonly settings: object
}

export const readGolden = async (release: string): Promise<Golden> => {
  const { at, settings } = JSON.parse(await readFile(join(GOLDEN, release, 'golden.json'), 'utf8'))
  return { at: new Date(at), settings }
}

/** The cluster as that release left it, in a file for the sandbox to begin with. */
export async function layOutCluster(release: string, file: string): Promise<void> {
  await writeFile(file, gunzipSync(await readFile(join(GOLDEN, release, 'sandbox.json.gz'))))
}

/**
 * A data folder as that release left it: its migrations and no later one, its rows as they are, its exported heads. Not by `restore`, which
 * refuses what another release has written. Resolves with its operations.
 */
export async function layOutStore(release: string, dataFolder: string): Promise<Stands> {
  await mkdir(dataFolder, { recursive: true })
  await writeFile(
    join(dataFolder, 'audit-heads.jsonl'),
    await readFile(join(GOLDEN, release, 'audit-heads.jsonl'), 'utf8'),
  )
  const pglite = await PGlite.create({ dataDir: join(dataFolder, 'pglite') })
  const migrations = await readMigrations()
  try {
    for await (const part of readBackup(join(GOLDEN, release, 'store.backup.gz'))) {
      if (part.kind === 'header') {
        const last = migrations.findIndex(({ name }) => name === part.header.schema)
        if (last < 0) throw new Error(`The golden store ${release} has a schema ${part.header.schema} nobody knows.`)
        await migrateAsThen(pglite, migrations.slice(0, last + 1))
      }
      if (part.kind === 'rows')
        await pglite.query(
          `insert into quarterdeck.${part.table} overriding system value
           select * from json_populate_recordset(null::quarterdeck.${part.table}, $1::json)`,
          [`[${part.rows.join(',')}]`],
        )
    }
    await raiseCounters(pglite)
    return await standsBy((statement) => pglite.query(statement))
  } finally {
    await pglite.close()
  }
}

/** The form of this table has not changed since the first release. */
async function migrateAsThen(pglite: PGlite, migrations: Awaited<ReturnType<typeof readMigrations>>): Promise<void> {
  await pglite.exec('create schema quarterdeck')
  await pglite.exec(
    'create table quarterdeck.migrations (number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())',
  )
  for (const { number, name, hash, statements } of migrations) {
    for (const statement of statements) await pglite.exec(statement)
    await pglite.query('insert into quarterdeck.migrations (number, name, hash) values ($1, $2, $3)', [
      number,
      name,
      hash,
    ])
  }
}

async function raiseCounters(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ name: string; column: string }>(
    `select table_name as name, column_name as column from information_schema.columns
     where table_schema = 'quarterdeck' and is_identity = 'YES'`,
  )
  for (const { name, column } of rows)
    await pglite.exec(
      `select setval(pg_get_serial_sequence('quarterdeck.${name}', '${column}'), max(${column})) from quarterdeck.${name} having max(${column}) is not null`,
    )
}
