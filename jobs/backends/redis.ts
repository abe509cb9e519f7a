import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { messageOf } from '../../core/errors.ts'
import type { JobData, JobKind } from '../queues.ts'
import type { QueueBackend } from './backend.ts'

const FIRST_CONNECTION_MS = 2_000

/** What was the primary says so after a failover, on every connection that outlived it; a new one finds the new primary by the same name. */
const reconnectOnError = ({ message }: Error) => message.includes('READONLY')

/** Full jitter, at most 5 s: a Redis that comes back is not met by every process in the same instant. */
const retryStrategy = (times: number) => 50 + Math.random() * Math.min(5_000, 50 * 2 ** Math.min(times, 8))

async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await redis.call('CONFIG', 'GET', name)
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined
}

async function complaints(redis: Redis): Promise<readonly string[]> {
  try {
    const [policy, appendOnly] = await Promise.all([setting(redis, 'maxmemory-policy'), setting(redis, 'appendonly')])
    const found: string[] = []
    if (policy && policy !== 'noeviction')
      found.push(
        `Redis may throw jobs away when its memory is full (maxmemory-policy is "${policy}"). Set "maxmemory-policy noeviction".`,
      )
    if (appendOnly && appendOnly !== 'yes')
      found.push('Redis forgets its jobs when it restarts, until the sweeper brings them back. Set "appendonly yes".')
    return found
  } catch (error) {
    return [
      `Redis does not say how it is configured (${messageOf(error)}). Make sure of "noeviction" and "appendonly yes".`,
    ]
  }
}

/** The first connection, if it comes soon: a process that starts beside a healthy Redis should not call it down. */
async function settle(redis: Redis): Promise<void> {
  const patience = new AbortController()
  const ready = once(redis, 'ready', { signal: patience.signal }).catch(() => {})
  await Promise.race([ready, pause(FIRST_CONNECTION_MS, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
}

/**
 * BullMQ on Redis. Waits for the server a moment only: while it is away, work stays in the store's outbox.
 * @param url `redis://` or `rediss://`, with credentials if any
 * @param prefix keeps apart the installations that share a Redis
 */
export async function openRedisQueue(url: string, prefix: string): Promise<QueueBackend> {
  const opened: Redis[] = []
  let lastError: Error | undefined
  function connect(options: RedisOptions): Redis {
    const client = new Redis(url, { ...options, retryStrategy, reconnectOnError, connectTimeout: 5_000 })
    // BullMQ reports what its queues and workers meet; without a listener ioredis prints to the console as well.
    client.on('error', (error: Error) => {
      lastError = error
    })
    opened.push(client)
    return client
  }
  const producer = connect({})
  await settle(producer)
  return {
    name: 'redis',
    bulkFrom: 2,
    queue: (name) => new Queue<JobData, void, JobKind>(name, { connection: producer, prefix }),
    worker: (name, process, options) =>
      // BullMQ asks that a worker's commands wait for as long as Redis is away.
      new Worker<JobData, void, JobKind>(name, process, {
        ...options,
        connection: connect({ maxRetriesPerRequest: null }),
        prefix,
      }),
    // A command sent while Redis is away would wait in memory, and ours come again and again.
    unready: () =>
      producer.status === 'ready'
        ? undefined
        : `Redis is not connected${lastError ? `: ${messageOf(lastError)}` : ''}.`,
    check: () => complaints(producer),
    close: async () => {
      for (const client of opened) client.disconnect()
    },
  }
}
