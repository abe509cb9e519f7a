import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Redis } from 'ioredis'
import pg from 'pg'
import { digestOf, type Prepared } from './places.ts'

/** Everything that stayed behind, by where it lies. */
export type Remains = ReadonlyMap<string, string>

type Ask = (sql: string) => Promise<readonly Record<string, unknown>[]>

/** Every row of every table, every key of the queue, every file of the data folder. The program has ended. */
export async function gather(prepared: Prepared): Promise<Remains> {
  const remains = new Map<string, string>()
  if (prepared.databaseUrl) {
    const client = new pg.Client(prepared.databaseUrl)
    await client.connect()
    await dumpTables(async (sql) => (await client.query(sql)).rows, remains)
    await client.end()
  } else {
    const folder = readdirSync(prepared.dataFolder, { recursive: true, withFileTypes: true }).find(
      (entry) => entry.name === 'PG_VERSION',
    )
    if (!folder) throw new Error('The embedded store is not in its folder.')
    const store = await PGlite.create(folder.parentPath)
    await dumpTables(async (sql) => (await store.query<Record<string, unknown>>(sql)).rows, remains)
    await store.close()
  }
  if (prepared.redisUrl) await dumpRedis(prepared, remains)
  for (const entry of readdirSync(prepared.dataFolder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || prepared.secretFiles.includes(path)) continue
    const bytes = readFileSync(path)
    // What lay there before the program had heard of a secret holds none.
    if (prepared.laidOut.get(path) === digestOf(bytes)) continue
    remains.set(`file ${path.slice(prepared.dataFolder.length + 1)}`, bytes.toString('latin1'))
  }
  return remains
}

async function dumpTables(ask: Ask, remains: Map<string, string>): Promise<void> {
  const tables = await ask(`select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`)
  for (const { schema, name } of tables) {
    const columns = await ask(
      `select column_name as name from information_schema.columns where table_schema = '${schema}' and table_name = '${name}'`,
    )
    const texts = columns.map((column) => `"${column.name}"::text`)
    const rows = await ask(`select ${texts.join(', ')} from "${schema}"."${name}"`)
    for (const { name: column } of columns)
      remains.set(`column ${schema}.${name}.${column}`, rows.map((row) => String(row[String(column)] ?? '')).join('\n'))
  }
}

async function dumpRedis({ redisUrl = '', databaseUrl = '' }: Prepared, remains: Map<string, string>): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query("select value from quarterdeck.meta where key = 'installation'")
  await client.end()
  const installation = JSON.stringify(rows[0]?.value ?? '').replaceAll(/["\\]/g, '')
  const redis = new Redis(redisUrl)
  const keys = await redis.keys(`*${installation}*`)
  if (keys.length === 0) throw new Error('The queue left no key in Redis: this looks in the wrong place.')
  for (const key of keys) remains.set(`redis ${key}`, await wholeOf(redis, key))
  await redis.del(...keys)
  redis.disconnect()
}

async function wholeOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key)
  if (type === 'string') return (await redis.get(key)) ?? ''
  if (type === 'hash') return JSON.stringify(await redis.hgetall(key))
  if (type === 'list') return (await redis.lrange(key, '0', '-1')).join('\n')
  if (type === 'set') return (await redis.smembers(key)).join('\n')
  if (type === 'zset') return (await redis.zrange(key, '0', '-1')).join('\n')
  if (type === 'stream') return JSON.stringify(await redis.xrange(key, '-', '+'))
  throw new Error(`The key ${key} is a ${type}, which this does not read.`)
}
