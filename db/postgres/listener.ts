import pg from 'pg'
import { messageOf } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'

interface Hearer {
  readonly hear: (payload: string) => void
  readonly missed: (() => void) | undefined
}

const RETRY_MAX_MS = 10_000
/**
 * LISTEN on a connection of its own, opened with the first listener and opened again, with back-off, when it breaks. Hints sent while
 * it is broken are lost; whoever listens polls too, or is told that some may have been `missed`. Hours may pass without a hint, so the server is
 * asked whether it is there: one that vanished would be listened to for a quarter of an hour. @param silenceMs after which it is not
 */
export function createListener(connection: pg.ClientConfig, log: Logger, silenceMs: number) {
  const topics = new Map<string, Set<Hearer>>()
  let client: pg.Client | undefined
  let opening: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let asking: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false

  async function open(): Promise<void> {
    const fresh = new pg.Client(connection)
    fresh.on('notification', ({ channel, payload }) => {
      for (const { hear } of topics.get(channel) ?? []) hear(payload ?? '')
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
    asking = setInterval(() => void ask(fresh), silenceMs / 2).unref()
    if (failures === 0) return
    log.info({}, 'listening to the database again')
    failures = 0
    for (const hearers of topics.values()) for (const { missed } of hearers) missed?.()
  }

  async function ask(which: pg.Client): Promise<void> {
    const late = setTimeout(() => broke(which), silenceMs / 2).unref()
    await which.query('select 1').catch(() => broke(which))
    clearTimeout(late)
  }

  function broke(which: pg.Client): void {
    if (closed || which !== client) return
    client = undefined
    clearInterval(asking)
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
    async listen(topic: string, hear: Hearer['hear'], missed?: Hearer['missed']): Promise<() => Promise<void>> {
      const hearer = { hear, missed }
      const channel = `quarterdeck_${topic}`
      const isNew = !topics.has(channel)
      const hearers = topics.get(channel) ?? new Set()
      topics.set(channel, hearers.add(hearer))
      // An opening under way may have passed this channel by: ask again once it is done. LISTEN twice is once.
      await ensure()
      if (isNew) await client?.query(`listen "${channel}"`).catch(() => undefined)
      return async () => {
        hearers.delete(hearer)
      }
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(timer)
      clearInterval(asking)
      await opening
      await client?.end().catch(() => undefined)
    },
  }
}
