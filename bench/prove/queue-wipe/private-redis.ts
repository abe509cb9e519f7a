import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'

/** A Redis server of the proof's own, which may be flushed. */
export interface PrivateRedis {
  readonly url: string
  flushAll(): Promise<void>
  close(): Promise<void>
}

/** Rejects when there is no redis-server on this machine: nobody else's Redis is flushed. */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-redis-'))
  const settings = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ]
  const child = spawn('redis-server', [...settings, '--appendonly', 'yes'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.race([
    once(child, 'spawn'),
    once(child, 'error').then(([error]) => {
      throw new Error(`FLUSHALL needs a Redis of its own, and redis-server does not start here: ${error}`)
    }),
  ])
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('eady to accept')) break
  child.stdout.resume()
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url)
  return {
    url,
    flushAll: async () => void (await client.flushall()),
    async close() {
      client.disconnect()
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  if (typeof address !== 'object' || !address) throw new Error('A TCP server has a port.')
  return address.port
}
