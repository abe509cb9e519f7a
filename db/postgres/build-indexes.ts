import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { messageOf } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Migration } from '../migrate.ts'

/** Any number that no other program uses with this database's advisory locks. */
const BUILD_LOCK = 7_102_026_004

/** Another process that builds them may end before it is done, or have ended with the server still at one. */
const LOOK_AGAIN_MS = 2_000

/**
 * Makes the indexes of these migrations that are not there, one after the other, while everybody reads and writes: on a large table that takes
 * minutes, and a migration's transaction would keep all writers waiting for so long. One process at a time does it. Never throws: without an
 * index the store is slower, and the next start tries again. Returns the way to leave it; the server then ends the index it is at.
 */
export async function buildIndexes(
  pool: Pick<pg.Pool, 'query'>,
  connection: pg.ClientConfig,
  migrations: readonly Migration[],
  log: Logger,
): Promise<() => Promise<void>> {
  if ((await missingFrom(pool, migrations)).size === 0) return async () => undefined
  const leaving = new AbortController()
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  const connected = client.connect()
  const building = connected
    .then(() => build(client, migrations, log, leaving.signal))
    .catch((error: unknown) => {
      if (!leaving.signal.aborted)
        log.warn(
          { error: messageOf(error) },
          'an index of the database could not be built: some answers take longer until the next start, which tries again',
        )
    })
    .finally(() => client.end().catch(() => undefined))
  return async () => {
    leaving.abort()
    // One that is ended while it connects never says so.
    await connected.catch(() => undefined)
    await client.end().catch(() => undefined)
    await building
  }
}

async function build(
  client: pg.Client,
  migrations: readonly Migration[],
  log: Logger,
  leaving: AbortSignal,
): Promise<void> {
  // Held by the session, and tried, not waited for: a build waits for every transaction that is open, also for one that waits for this lock.
  const isOurs = async () => {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [BUILD_LOCK])
    return rows[0]?.mine === true
  }
  while (!(await isOurs())) await pause(LOOK_AGAIN_MS, undefined, { signal: leaving, ref: false })
  for (const [name, statement] of await missingFrom(client, migrations)) {
    log.info({ index: name }, 'an index of the database is being built; everything goes on meanwhile')
    const before = performance.now()
    // What a build that was broken off left behind is written to and never read.
    await client.query(`drop index concurrently if exists quarterdeck."${name}"`)
    await client.query(statement.replace(/\bindex\b/i, 'index concurrently'))
    log.info({ index: name, tookMs: Math.round(performance.now() - before) }, 'an index of the database was built')
  }
}

/** By name, those that these migrations make, none of them drops again, and the database does not have whole. */
async function missingFrom(
  db: Pick<pg.Pool, 'query'>,
  migrations: readonly Migration[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<string, string>()
  for (const { statements, indexes = [] } of migrations) {
    for (const [, dropped] of statements.join().matchAll(/drop index "quarterdeck"\."([^"]+)"/gi))
      wanted.delete(`${dropped}`)
    for (const statement of indexes) wanted.set(nameIn(statement), statement)
  }
  const { rows } = await db.query<{ name: string }>(
    `select class.relname as name from pg_index i join pg_class class on class.oid = i.indexrelid
     join pg_namespace schema on schema.oid = class.relnamespace where schema.nspname = 'quarterdeck' and i.indisvalid`,
  )
  for (const { name } of rows) wanted.delete(name)
  return wanted
}

function nameIn(statement: string): string {
  const [, name] = /index "([^"]+)"/i.exec(statement) ?? []
  if (!name) throw new Error(`an index without a name: ${statement}`)
  return name
}
