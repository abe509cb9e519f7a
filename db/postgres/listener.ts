import pg from 'pg'
import { messageOf } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'

type Hear = (payload: string) => void

const RETRY_MAX_MS = 10_000

/**
 * LISTEN on a connection of its own, opened with the first listener and opened again, with back-off, when it breaks. Hints sent while
 * it is broken are lost; whoever listens polls too.
 */
export function createListener(connection: pg.ClientConfig, log: Logger) {
  const topics = new Map<string, Set<Hear>>()
  let client: pg.Client | undefined
  let opening: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false

  async function open(): Promise<void> {
    const fresh = new pg.Client(connection)
    fresh.on('notification', ({ channel, payload }) => {
      for (const hear of topics.get(channel) ?? []) hear(payload ?? '')
    })
    fresh.on('error', () => broke(fresh))
    fresh.on('end', () => broke(fresh))
    try {
      await fresh.connect()
      for (const channel of topics.keys()) await fresh.query(`listen "${channel}"`)
    } catch (error) {
      fresh.end().catch(() => undefined)
      throw error
    }
    if (closed) return fresh.end()
    client = fresh
    if (failures) log.info({}, 'listening to the database again')
    failures = 0
  }

  function broke(which: pg.Client): void {
    if (closed || which !== client) return
    client = undefined
    which.end().catch(() => undefined)
    retry('connection lost')
  }

  function retry(why: string): void {
    if (closed || timer) return
    failures++
    if (failures === 1) log.warn({ why }, 'hints from other processes stopped; polling until they are back')
    const delayMs = Math.random() * Math.min(RETRY_MAX_MS, 200 * 2 ** failures)
    timer = setTimeout(() => {
      timer = undefined
      void ensure()
    }, delayMs)
    timer.unref()
  }

  function ensure(): Promise<void> {
    if (client || closed) return Promise.resolve()
    opening ??= open()
      .catch((error: unknown) => retry(messageOf(error)))
      .finally(() => {
        opening = undefined
      })
    return opening
  }

  return {
    async listen(topic: string, hear: Hear): Promise<() => Promise<void>> {
      const channel = `quarterdeck_${topic}`
      const isNew = !topics.has(channel)
      const hearers = topics.get(channel) ?? new Set()
      topics.set(channel, hearers.add(hear))
      // An opening under way may have passed this channel by: ask again once it is done. LISTEN twice is once.
      await ensure()
      if (isNew) await client?.query(`listen "${channel}"`).catch(() => undefined)
      return async () => {
        hearers.delete(hear)
      }
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(timer)
      await opening
      await client?.end().catch(() => undefined)
    },
  }
}
