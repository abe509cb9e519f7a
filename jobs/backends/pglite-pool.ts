import { EventEmitter } from 'node:events'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq'

/** SQL without comments, so that what a statement does can be told from how it begins. */
function withoutComments(sql: string): string {
  return sql
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--[^\n]*/g, ' ')
    .trim()
}

function firstWords(sql: string): { verb: string; channel: string | undefined } {
  const [, verb = '', channel] = /^([a-z]+)(?:\s+"?([\w$]+)"?)?/i.exec(withoutComments(sql)) ?? []
  return { verb: verb.toUpperCase(), channel }
}

async function run<Row>(
  on: Pick<PGlite, 'query' | 'exec'>,
  text: string,
  params: readonly unknown[] | undefined,
): Promise<PgQueryResult<Row>> {
  if (params && params.length > 0) {
    const result = await on.query<Row>(text, [...params])
    return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length }
  }
  // Only the simple protocol takes several statements at once, as BullMQ's migrations need.
  const results = await on.exec(text)
  const last = results.at(-1)
  // exec cannot type its rows; the caller of query<Row>() names them, as with pg.
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.affectedRows ?? 0 }
}

/** A transaction that stays open until COMMIT or ROLLBACK: it holds PGlite's one session for exactly that long. */
interface OpenTransaction {
  readonly handle: Transaction
  end(how: 'commit' | 'rollback'): Promise<void>
}

function beginTransaction(pglite: PGlite): Promise<OpenTransaction> {
  return new Promise((begun, refused) => {
    const finish = Promise.withResolvers<'commit' | 'rollback'>()
    const whole = pglite.transaction(async (handle) => {
      begun({
        handle,
        end: async (how) => {
          finish.resolve(how)
          await whole
        },
      })
      if ((await finish.promise) === 'rollback') await handle.rollback()
    })
    whole.catch(refused)
  })
}

/**
 * One "connection" to the one session. Outside BEGIN … COMMIT each query waits for its own turn, so it can never run inside somebody
 * else's transaction; inside, everything goes to our transaction's handle, and everybody else waits.
 */
class PgliteClient extends EventEmitter implements PgPoolClient {
  readonly #pglite: PGlite
  readonly #silence = new Map<string, () => Promise<void>>()
  #open: OpenTransaction | undefined

  constructor(pglite: PGlite) {
    super()
    this.setMaxListeners(0)
    this.#pglite = pglite
  }

  async query<Row>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    const { verb, channel } = firstWords(text)
    if (verb === 'LISTEN' && channel) await this.#listen(channel)
    else if (verb === 'UNLISTEN' && channel) await this.#unlisten(channel)
    else if (verb === 'BEGIN') this.#open ??= await beginTransaction(this.#pglite)
    else if (verb === 'COMMIT') await this.#end('commit')
    else if (verb === 'ROLLBACK') await this.#end('rollback')
    else return run<Row>(this.#open?.handle ?? this.#pglite, text, params)
    return { rows: [], rowCount: 0 }
  }

  async #end(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.end(how)
  }

  async #listen(channel: string): Promise<void> {
    if (this.#silence.has(channel)) return
    const silence = await this.#pglite.listen(channel, (payload) => this.emit('notification', { channel, payload }))
    this.#silence.set(channel, async () => {
      // At shutdown the store may be closed before us; then there is nothing left to be told.
      if (!this.#pglite.closed) await silence()
    })
  }

  async #unlisten(channel: string): Promise<void> {
    const silence = this.#silence.get(channel)
    this.#silence.delete(channel)
    await silence?.()
  }

  release(): void {
    // An open transaction would keep the session from everybody for ever.
    void this.#end('rollback').catch(() => {})
    for (const channel of [...this.#silence.keys()]) void this.#unlisten(channel).catch(() => {})
  }
}

/**
 * The part of `pg.Pool` that BullMQ's PostgreSQL backend uses, on the in-process PGlite that the store uses too.
 * `end` leaves PGlite open: the store owns it.
 */
export class PglitePool extends EventEmitter implements PgPool {
  /** BullMQ may then wait for a notification as long as it likes: a connection inside our own process cannot drop unseen. */
  readonly options = { keepAlive: true }
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    super()
    this.setMaxListeners(0)
    this.#pglite = pglite
  }

  query<Row>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    return run<Row>(this.#pglite, text, params)
  }

  async connect(): Promise<PgPoolClient> {
    return new PgliteClient(this.#pglite)
  }

  async end(): Promise<void> {}
}
