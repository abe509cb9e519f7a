import { Buffer } from 'node:buffer'
import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Logger } from '../core/ports/logger.ts'
import type { Database, Queryable, Transaction } from './database.ts'
import type { EmbeddedHouse } from './embedded/house.ts'
import type { Together } from './together.ts'

export type { Database, Queryable, Transaction }

/**
 * What opening a store may do to its schema: bring it up to date, as a program that starts does; make one where there is none; or nothing. What
 * only reads must not bring the store of a running program up to date, nor what was to be kept as it was before an upgrade.
 */
export type SchemaChange = 'upgrade' | 'create' | 'nothing'

export type StoreOptions =
  /**
   * PGlite in this process. `folder` is the data folder (it also holds the lock, the snapshots, the audit heads); absent = in memory, where
   * `from` may be what it begins with (PGlite's `dumpDataDir`): for tests, which need many.
   */
  | { readonly backend: 'pglite'; readonly folder?: string; readonly from?: undefined }
  | { readonly backend: 'pglite'; readonly folder?: undefined; readonly from?: Blob }
  | {
      readonly backend: 'postgres'
      readonly url: string
      readonly poolSize?: number
      /** `connect` waits for nothing else: a store that does not answer is an UpstreamError at once after this. Default 15 s. */
      readonly connectTimeoutMs?: number
      /** A connection over which nothing comes for so long is ended, and what was asked over it fails. Default 65 s. */
      readonly silenceMs?: number
    }

export interface Store {
  readonly backend: 'pglite' | 'postgres'
  /** For reads, and for single writes that need no transaction. */
  readonly db: Database
  /**
   * Commits what `work` did, or nothing. Runs `work` again (a few times) when the database asks for it (serialization failure,
   * deadlock), so `work` must have no effect but through `tx`. Throws UpstreamError when the database does not answer.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** What many do at the same time, in few statements. */
  readonly together: Together
  /**
   * Hints from any process. They can be lost; whoever listens polls too, or does what is to be done when some may have been `missed`. Returns
   * the way to stop.
   */
  listen(topic: string, hear: (payload: string) => void, missed?: () => void): Promise<() => Promise<void>>
  /** The embedded engine, shared with the queue. */
  readonly pglite?: PGlite
  readonly pool?: pg.Pool
  /** The data folder's lock and snapshots; absent in memory and on PostgreSQL. */
  readonly house?: EmbeddedHouse
  close(): Promise<void>
}

/** Opens the store and brings its schema up to date, unless it `may` not. */
export async function openStore(options: StoreOptions, log: Logger, may: SchemaChange = 'upgrade'): Promise<Store> {
  // Imported late, so that a production worker never loads the embedded engine.
  if (options.backend === 'pglite') return (await import('./embedded/open.ts')).openEmbedded(options, log, may)
  return (await import('./postgres/open.ts')).openPostgres(options, log, may)
}

/** Now by the database's clock, the one that all processes share: what several of them wait for is counted from it. */
export async function storeClock(tx: Queryable): Promise<Date> {
  const { rows } = await tx.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  )
  return new Date(Math.round(Number(rows[0]?.ms)))
}

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_MAX_BYTES = 7_900

/** A hint that is sent if and when the transaction commits. */
export async function notify(tx: Queryable, topic: string, payload: string): Promise<void> {
  if (Buffer.byteLength(payload) > PAYLOAD_MAX_BYTES)
    throw new Error(`The hint for "${topic}" is longer than ${PAYLOAD_MAX_BYTES} bytes; send an id instead.`)
  await tx.execute(sql`select pg_notify(${`quarterdeck_${topic}`}, ${payload})`)
}
