import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openRedisQueue } from '../../jobs/backends/redis.ts'
import type { Jobs } from '../../jobs/start.ts'
import { PLACES, type Place } from './places.ts'
import { ask, begin, eventually, FakeDoor, undone } from './work.ts'

/** These tests stop their Redis, so it must be their own. */
function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('A Redis that goes away is NOT tried: there is no redis-server on this machine.')
    return false
  }
}

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-redis-'))
let port = 0
let server: ChildProcess | undefined
let place: Place
let jobs: Jobs | undefined

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  if (typeof address !== 'object' || !address) throw new Error('A TCP server has a port.')
  return address.port
}

async function startRedis(...settings: string[]): Promise<void> {
  server = await startRedisAt(port, ...settings)
}

async function startRedisAt(at: number, ...settings: string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', ['--port', String(at), '--dir', folder, '--save', '', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('eady to accept')) return child
  throw new Error('Redis did not start.')
}

async function stopRedis(which = server): Promise<void> {
  if (!which || which.exitCode !== null) return
  const gone = once(which, 'exit')
  which.kill('SIGKILL')
  await gone
}

beforeAll(async () => {
  port = await freePort()
  const [embedded] = PLACES
  if (!embedded) throw new Error('The embedded place is always there.')
  place = { ...(await embedded.open()), queue: { url: `redis://127.0.0.1:${port}` } }
})
beforeEach(() => place.store.db.execute(sql`delete from quarterdeck.outbox`))
afterEach(async () => {
  await jobs?.close()
  jobs = undefined
  await stopRedis()
})
afterAll(async () => {
  await place.close()
  rmSync(folder, { recursive: true, force: true })
})

const maybe = test.skipIf(!hasRedis())

maybe('work asked for while Redis is away is done when it is back, and its absence is said', async () => {
  const door = new FakeDoor()
  jobs = await begin(place, door, { tuning: { sweepMs: 100, graceMs: 300, queueTimeoutMs: 500 } })
  await ask(place.store, 5)
  await eventually(() => jobs?.health().dispatcher !== undefined)
  expect(await undone(place.store)).toBe(5)
  await startRedis()
  await eventually(async () => (await undone(place.store)) === 0)
  expect(new Set(door.advanced).size).toBe(5)
  await eventually(() => jobs?.health().dispatcher === undefined)
})

maybe('a Redis that restarts empty costs nothing', async () => {
  await startRedis()
  const door = new FakeDoor()
  jobs = await begin(place, door, { tuning: { sweepMs: 100, graceMs: 300, queueTimeoutMs: 500 } })
  await ask(place.store, 1, { kind: 'remind', inMs: 1_500 })
  await eventually(async () => ((await jobs?.counts())?.delayed ?? 0) === 1)
  await stopRedis()
  await startRedis()
  await ask(place.store, 3)
  await eventually(async () => (await undone(place.store)) === 0)
  expect(new Set(door.advanced).size).toBe(3)
  expect(door.timers).toHaveLength(1)
})

maybe('a Redis that was away is not called down for ever where no job comes that shows it', async () => {
  await startRedis()
  jobs = await begin(place, new FakeDoor(), { tuning: { quietMs: 300 } })
  await stopRedis()
  await eventually(() => jobs?.health().worker !== undefined)
  await startRedis()
  await eventually(() => jobs?.health().worker === undefined && jobs?.health().dispatcher === undefined, 30_000)
})

maybe('a primary that became a replica is left for the one that took its place', async () => {
  await startRedis()
  const secondPort = await freePort()
  const second = await startRedisAt(secondPort)
  onTestFinished(() => stopRedis(second))
  // The name of the primary: who connects is sent to whoever it is now; old connections stay where they are.
  let primary = port
  const name = createServer((near) => {
    const far = connect(primary, '127.0.0.1')
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void name.close())
  await once(name, 'listening')
  const { port: namePort } = name.address() as AddressInfo // a TCP server's address is never a string
  const door = new FakeDoor()
  const queue = { url: `redis://127.0.0.1:${namePort}` }
  jobs = await begin({ ...place, queue }, door, { tuning: { sweepMs: 100, graceMs: 300, queueTimeoutMs: 500 } })
  await ask(place.store, 1)
  await eventually(async () => (await undone(place.store)) === 0)

  primary = secondPort
  const admin = new Redis(port, '127.0.0.1')
  await admin.replicaof('127.0.0.1', secondPort)
  admin.disconnect()
  await ask(place.store, 3)
  await eventually(async () => (await undone(place.store)) === 0)
  expect(new Set(door.advanced).size).toBe(4)
})

maybe('a Redis that may lose jobs is named as such, one that may not is not', async () => {
  await startRedis('--maxmemory-policy', 'allkeys-lru')
  const careless = await openRedisQueue(`redis://127.0.0.1:${port}`, 'test')
  const said = await careless.check()
  expect(said.join(' ')).toMatch(/maxmemory-policy noeviction.*appendonly yes/)
  await careless.close()
  await stopRedis()
  await startRedis('--appendonly', 'yes', '--maxmemory-policy', 'noeviction')
  const careful = await openRedisQueue(`redis://127.0.0.1:${port}`, 'test')
  expect(await careful.check()).toEqual([])
  await careful.close()
})
