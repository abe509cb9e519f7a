import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq'
import { runMigrations } from 'bullmq'

/** What PostgreSQL says when BullMQ's schema, a table or a function of it is not there. */
const GONE = new Set(['3F000', '42P01', '42883'])
/** BullMQ's own code for "this job is no longer yours": part of its way of working. */
const EXPECTED = 'BM001'
const PAUSE_MS = 250

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Creates or upgrades BullMQ's schema on one connection of the pool. Several processes may call it at once. */
export async function migrateQueue(pool: PgPool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
}

/**
 * A pool that outlives the loss of BullMQ's schema: it makes it again (empty; the sweeper refills it) and asks once more.
 * After any other failure it takes a breath, because BullMQ's worker asks again at once: on PGlite, where no query leaves
 * the process, that loop would let nothing else run. For the same reason the first connection is waited for however long it takes:
 * BullMQ remembers for good that it did not get it, and its worker would then ask for ever without waiting for anything.
 * Each queue and each worker has one of its own.
 */
export class MendingPool extends EventEmitter implements PgPool {
  readonly #pool: PgPool
  #mending: Promise<void> | undefined
  #connected = false
  #ended = false

  constructor(pool: PgPool) {
    super()
    this.setMaxListeners(0)
    this.#pool = pool
    pool.on('error', (error) => {
      // BullMQ prints what nobody listens for, and after the end that is every connection on its way out.
      if (!this.#ended && this.listenerCount('error') > 0) this.emit('error', error)
    })
  }

  /** BullMQ looks here whether connections are kept alive. */
  get options(): unknown {
    return 'options' in this.#pool ? this.#pool.options : undefined
  }

  async query<Row>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    try {
      return await this.#pool.query<Row>(text, params)
    } catch (error) {
      const code = codeOf(error)
      if (code === EXPECTED) throw error
      if (code === undefined || !GONE.has(code)) {
        await pause(PAUSE_MS)
        throw error
      }
      await this.#mend()
      return this.#pool.query<Row>(text, params)
    }
  }

  #mend(): Promise<void> {
    this.#mending ??= migrateQueue(this.#pool).finally(() => {
      this.#mending = undefined
    })
    return this.#mending
  }

  async connect(): Promise<PgPoolClient> {
    for (;;) {
      try {
        const client = await this.#pool.connect()
        this.#connected = true
        return client
      } catch (error) {
        if (this.#connected || this.#ended) throw error
        await pause(PAUSE_MS)
      }
    }
  }

  /** The pool underneath is its owner's to end. */
  async end(): Promise<void> {
    this.#ended = true
  }
}
