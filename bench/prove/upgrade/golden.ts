import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { readMigrations } from '../../../db/migrate.ts'
import { readBackup } from '../../../db/transfer/backup-file.ts'
import { layOutPrepared } from '../frame/prepared.ts'
import { CHATS, type ChatName } from '../prover.ts'
import { type Stands, standsBy } from './world.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

export interface Golden {
  /** When the release was ended that left it. */
  readonly at: Date
  /** The configuration of that release, without places. */
  readonly settings: { readonly people: Readonly<Record<string, { readonly accounts: object }>> }
  /** What stood in the chats where people asked it; none where they asked on its page. */
  readonly kept: Readonly<Partial<Record<ChatName, unknown>>>
}

export const readGolden = async (release: string): Promise<Golden> => {
  const { at, settings } = JSON.parse(await readFile(join(GOLDEN, release, 'golden.json'), 'utf8'))
  const packed = await readdir(join(GOLDEN, release))
  const kept: Partial<Record<ChatName, unknown>> = {}
  for (const name of CHATS) if (packed.includes(`${name}.json.gz`)) kept[name] = await unpack(release, name)
  return { at: new Date(at), settings, kept }
}

const unpack = async (release: string, name: ChatName): Promise<unknown> =>
  JSON.parse(gunzipSync(await readFile(join(GOLDEN, release, `${name}.json.gz`))).toString())

/** The cluster as that release left it, in a file for the sandbox to begin with. */
export async function layOutCluster(release: string, file: string): Promise<void> {
  await writeFile(file, gunzipSync(await readFile(join(GOLDEN, release, 'sandbox.json.gz'))))
}

/** A way into a database, whichever it is. */
export interface Database {
  /** Several statements may stand in one text when there are no values. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/**
 * A data folder as that release left it, and its operations. `url`: of an empty PostgreSQL, which then holds the store instead. `change`: what is
 * different here.
 */
export async function layOutStore(
  release: string,
  dataFolder: string,
  url: string | undefined,
  change?: (database: Database, stands: Stands) => Promise<void>,
): Promise<Stands> {
  await mkdir(dataFolder, { recursive: true })
  const heads = 'audit-heads.jsonl'
  await copyFile(join(GOLDEN, release, heads), join(dataFolder, heads))
  if (url === undefined) {
    const backup = await readFile(join(GOLDEN, release, BACKUP))
    const contents = createHash('sha256').update(backup).digest('hex').slice(0, 8)
    await layOutPrepared(dataFolder, `golden-${contents}`, (folder) => layOutEmbedded(release, folder))
    const stands: Stands = new Map(JSON.parse(await readFile(join(dataFolder, STANDS), 'utf8')))
    if (change) await inEmbedded(dataFolder, (database) => change(database, stands))
    return stands
  }
  const client = new pg.Client(url)
  await client.connect()
  try {
    await fill(client, release)
    const stands = await standsBy((statement) => client.query(statement))
    await change?.(client, stands)
    return stands
  } finally {
    await client.end()
  }
}

const BACKUP = 'store.backup.gz'
/** Kept beside the database, so that it need not be opened to be asked. */
const STANDS = 'stands.json'

async function layOutEmbedded(release: string, folder: string): Promise<void> {
  await inEmbedded(folder, async (database) => {
    await fill(database, release)
    const stands = await standsBy((statement) => database.query(statement))
    await writeFile(join(folder, STANDS), JSON.stringify([...stands]))
  })
}

async function inEmbedded(folder: string, work: (database: Database) => Promise<void>): Promise<void> {
  const pglite = await PGlite.create({ dataDir: join(folder, 'pglite') })
  try {
    await work({
      query: async (text, values) =>
        values ? pglite.query(text, values) : ((await pglite.exec(text)).at(-1) ?? { rows: [] }),
    })
  } finally {
    await pglite.close()
  }
}

/** Its migrations and no later one, its rows as they are. Not by `restore`, which refuses what another release has written. */
async function fill(database: Database, release: string): Promise<void> {
  const migrations = await readMigrations()
  for await (const part of readBackup(join(GOLDEN, release, BACKUP))) {
    if (part.kind === 'header') {
      const last = migrations.findIndex(({ name }) => name === part.header.schema)
      if (last < 0) throw new Error(`The golden store ${release} has a schema ${part.header.schema} nobody knows.`)
      await migrateAsThen(database, migrations.slice(0, last + 1))
    }
    if (part.kind === 'rows')
      await database.query(
        `insert into quarterdeck.${part.table} overriding system value
         select * from json_populate_recordset(null::quarterdeck.${part.table}, $1::json)`,
        [`[${part.rows.join(',')}]`],
      )
  }
  await raiseCounters(database)
}

/** The form of this table has not changed since the first release. */
async function migrateAsThen(
  database: Database,
  migrations: Awaited<ReturnType<typeof readMigrations>>,
): Promise<void> {
  await database.query('create schema quarterdeck')
  await database.query(
    'create table quarterdeck.migrations (number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())',
  )
  for (const { number, name, hash, statements } of migrations) {
    for (const statement of statements) await database.query(statement)
    await database.query('insert into quarterdeck.migrations (number, name, hash) values ($1, $2, $3)', [
      number,
      name,
      hash,
    ])
  }
}

async function raiseCounters(database: Database): Promise<void> {
  const { rows } = await database.query(
    `select table_name as name, column_name as column from information_schema.columns
     where table_schema = 'quarterdeck' and is_identity = 'YES'`,
  )
  // as the statement says
  for (const { name, column } of rows as { name: string; column: string }[])
    await database.query(
      `select setval(pg_get_serial_sequence('quarterdeck.${name}', '${column}'), max(${column})) from quarterdeck.${name} having max(${column}) is not null`,
    )
}
