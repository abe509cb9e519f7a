import type { Socket } from 'node:net'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { ConfigError, messageOf, UpstreamError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Database } from '../database.ts'
import { isForbidden } from '../errors.ts'
import { speakPlainly, transactionOf } from '../handle.ts'
import { type Migration, migrate, readMigrations } from '../migrate.ts'
import type { SchemaChange, Store, StoreOptions } from '../store.ts'
import { writeTogether } from '../together.ts'
import { buildIndexes } from './build-indexes.ts'
import { createListener } from './listener.ts'
import { transactOn } from './transact.ts'

const OLDEST_SERVER = 130_000
const STATEMENT_MS = 60_000
/** Longer than the server lets anything take: who says nothing for so long is gone, though nobody said goodbye. */
const SILENCE_MS = STATEMENT_MS + 5_000
/** Without it a system asks after two hours whether the other end is still there. */
const ASK_AFTER_MS = 30_000

export async function openPostgres(
  options: Extract<StoreOptions, { backend: 'postgres' }>,
  log: Logger,
  may: SchemaChange,
): Promise<Store> {
  // Whoever may not upgrade is a command that somebody waits for: a backup sorts whole tables before it says a word.
  const isCommand = may !== 'upgrade'
  const connection: pg.ClientConfig = {
    connectionString: options.url,
    application_name: 'quarterdeck',
    keepAlive: true,
    keepAliveInitialDelayMillis: ASK_AFTER_MS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 15_000,
  }
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize ?? 20,
    idleTimeoutMillis: 30_000,
    ...(isCommand ? {} : { statement_timeout: STATEMENT_MS, idle_in_transaction_session_timeout: STATEMENT_MS }),
    async onConnect(client) {
      if (!isCommand) endAfterSilence(client, options.silenceMs ?? SILENCE_MS)
      // The server compiles what it thinks costly, and to compile takes longer than to answer any of our questions. No start-up parameter, which
      // a pooler may refuse.
      await client.query('set jit = off')
    },
  })
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection broke'))
  // One in use whose server goes away between two statements says so here; unheard, that would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  // The two handles differ only in what raw results are called; both have `rows`, which is all that RowsResult promises.
  const db = drizzle({ client: pool }) as unknown as Database
  speakPlainly(db)
  const transaction = transactionOf(transactOn(pool))
  const listener = createListener(connection, log, options.silenceMs ?? SILENCE_MS)
  let leaveIndexes = async () => {}
  try {
    await requireVersion(pool)
    const migrations = await readMigrations()
    const applied = await migrateOver(connection, migrations, may)
    if (applied.length) log.info({ applied }, 'the database schema was brought up to date')
    if (!isCommand) leaveIndexes = await buildIndexes(pool, connection, migrations, log)
  } catch (error) {
    await pool.end()
    throw error
  }
  return {
    backend: 'postgres',
    db,
    pool,
    transaction,
    together: writeTogether(db),
    listen: listener.listen,
    async close() {
      await leaveIndexes()
      await listener.close()
      await pool.end()
    },
  }
}

/** Over a connection of its own, which nobody ends for its silence: an index over millions of rows takes as long as it takes. */
async function migrateOver(
  connection: pg.ClientConfig,
  migrations: readonly Migration[],
  may: SchemaChange,
): Promise<readonly string[]> {
  // A process that stands still in the middle must not keep the lock from the others for ever.
  const pool = new pg.Pool({ ...connection, max: 1, idle_in_transaction_session_timeout: STATEMENT_MS })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    return await transactionOf(transactOn(pool))((tx) => migrate(tx, migrations, may, { indexesLater: true }))
  } catch (error) {
    if (!isForbidden(error)) throw error
    throw new ConfigError(
      `The user of store.url may not do in this database what Quarterdeck needs (${messageOf(error).replace(/ \(in: .*/s, '')}): "grant create on database … to …" lets it; or give it a schema of its own, "create schema quarterdeck authorization …".`,
      { cause: error },
    )
  } finally {
    await pool.end()
  }
}

/** Without it a query over a connection whose other end vanished waits until TCP gives up: a quarter of an hour. */
function endAfterSilence(client: pg.ClientBase, silenceMs: number): void {
  // pg's types hide what a client speaks over; it is a socket, with or without TLS, once it is connected.
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  const why = Object.assign(new Error(`no word for ${silenceMs / 1000} s`), { code: 'ETIMEDOUT' })
  stream.setTimeout(silenceMs, () => stream.destroy(why))
}

async function requireVersion(pool: pg.Pool): Promise<void> {
  const result = await pool
    .query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    .catch((error: Error & { code?: string }) => {
      throw new UpstreamError(`The database does not answer (${error.code ?? error.message}): check store.url.`, {
        service: 'database',
        retryable: true,
        cause: error,
      })
    })
  const version = result.rows[0]?.version ?? 0
  if (version < OLDEST_SERVER)
    throw new UpstreamError(
      `The database server is PostgreSQL ${Math.floor(version / 10_000)}; Quarterdeck needs 13 or newer.`,
      { service: 'database', retryable: false },
    )
}
