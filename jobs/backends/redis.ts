import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { messageOf } from '../../core/errors.ts'
import type { JobData, JobKind } from '../queues.ts'
import type { QueueBackend } from './backend.ts'

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

/**
 * BullMQ on Redis. Does not wait for the server: while it is away, work stays in the store's outbox.
 * @param url `redis://` or `rediss://`, with credentials if any
 * @param prefix keeps apart the installations that share a Redis
 */
export function openRedisQueue(url: string, prefix: string): QueueBackend {
  // Producers give up a command soon, for the row waits in the outbox; workers wait for ever, as BullMQ asks.
  const forQueues = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy, connectTimeout: 5_000, lazyConnect: true })
  const forWorkers = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy,
    connectTimeout: 5_000,
    lazyConnect: true,
  })
  // BullMQ reports what its queues and workers meet; without a listener ioredis prints to the console as well.
  for (const client of [forQueues, forWorkers]) client.on('error', () => {})
  return {
    name: 'redis',
    bulkFrom: 2,
    queue: (name) => new Queue<JobData, void, JobKind>(name, { connection: forQueues, prefix }),
    worker: (name, process, options) =>
      new Worker<JobData, void, JobKind>(name, process, { ...options, connection: forWorkers, prefix }),
    check: () => complaints(forQueues),
    close: async () => {
      for (const client of [forQueues, forWorkers]) client.disconnect()
    },
  }
}
