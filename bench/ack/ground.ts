import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Relay, relayTo } from '../../test/_harness/relay.ts'
import { emptyDatabase } from '../places.ts'
import { startPrivateRedis } from '../prove/queue-wipe/private-redis.ts'

const EXAMPLE = join(import.meta.dirname, '../../quarterdeck.yaml')

/** What stands behind the program, and can be slow or gone. */
export interface Ground {
  readonly database: Relay
  readonly queue: Relay
}

/** The database and the queue's own server, each behind a relay. */
export async function layGround(ends: (() => unknown)[]): Promise<Ground> {
  const { url, drop } = await emptyDatabase()
  ends.push(drop)
  const database = await relayTo(url)
  ends.push(database.close)
  const redis = await startPrivateRedis()
  ends.push(redis.close)
  const queue = await relayTo(redis.url)
  ends.push(queue.close)
  return { database, queue }
}

/** The milliseconds that an answer of the database takes. */
export async function look(url: string): Promise<number> {
  const started = performance.now()
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('select 1')
  await client.end()
  return performance.now() - started
}

const Example = z.looseObject({ people: z.looseObject({ mira: z.looseObject({ accounts: z.looseObject({}) }) }) })

/** The example's shop, in which whoever has these accounts is one who may change things. */
export async function shopWith(accounts: { readonly slack: string } | { readonly teams: string }) {
  const example = Example.parse(parse(await readFile(EXAMPLE, 'utf8')))
  const { mira } = example.people
  const speaker = { ...mira, accounts: { ...mira.accounts, ...accounts } }
  return { ...example, people: { ...example.people, mira: speaker } }
}
