import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PLACES } from '../places.ts'
import { type Bar, type BenchOptions, below, spread } from '../report.ts'
import { type Ground, layGround, look } from './ground.ts'
import { A_SECOND, CARDS_WITHIN_MS, SLOW_MS, steadily } from './steadily.ts'

/** Slack waits three seconds for its answer; no service's people should wait longer. */
const NEVER_OVER_MS = 2_500
const MOMENT_MS = 500

/** A chat service with the program in it, where every event is said in a place of its own. */
export interface ChatService {
  /** `Slack` */
  readonly name: string
  /** How an event is sent. Made ready beforehand; sending resolves when it was acknowledged, and rejects when it was not. */
  event(index: number): () => Promise<void>
  /** Whether a card of ours is where the event was said. */
  hasCard(index: number): boolean
}

/** Opens the service in a folder of its own and the program on that ground, or on its embedded store where there is none. */
export type OpenChat = (folder: string, ground: Ground | undefined, ends: (() => unknown)[]) => Promise<ChatService>

/**
 * Events at 50 a second: how soon they are acknowledged while all is well, and while every answer of the database is late and nobody
 * answers for the queue; and whether every acknowledged event has its card in the end.
 */
export async function ackOverChat({ short, say }: BenchOptions, open: OpenChat) {
  const ends: (() => unknown)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-ack-chat-'))
    ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
    const missing = PLACES.find((place) => place.name === 'postgres')?.missing
    const ground = missing ? undefined : await layGround(ends)
    const service = await open(folder, ground, ends)
    const { name } = service
    const count = (short ? 2 : 20) * A_SECOND
    const speak = (when: string, first: number) => speakAt(service, { when, first, count, say })
    const well = await speak('all well', 0)
    const bars: Bar[] = [below(`${name}: p99 to acknowledge at ${A_SECOND} events/s`, well.ackMs.p99, 100)]
    const detail: Record<string, unknown> = { wellMs: well.ackMs, wellCardsMs: await well.cards() }
    if (!ground) {
      const skipped = [`events of ${name} while the database is slow and the queue is down: ${missing}`]
      return { bars, detail, skipped }
    }
    await ground.database.suffer({ is: 'slow', ms: SLOW_MS })
    await ground.queue.suffer({ is: 'refused' })
    const looked = look(ground.database.url)
    const slow = await speak(`every database answer ${SLOW_MS} ms late and no queue`, count)
    if ((await looked) < SLOW_MS) throw new Error('The database was not slow, so nothing was shown.')
    await ground.database.mend()
    await ground.queue.mend()
    const when = `while every database answer takes ${SLOW_MS / 1000} s and the queue is down`
    bars.push(
      below(`${name}: p99 to acknowledge ${when}`, slow.ackMs.p99, 300),
      below(`${name}: the slowest acknowledgement ${when}`, slow.ackMs.max, NEVER_OVER_MS),
    )
    detail.slowMs = slow.ackMs
    detail.slowCardsMs = await slow.cards()
    say(`every one of ${2 * count} acknowledged events of ${name} has its card there`)
    return { bars, detail, skipped: [] }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function speakAt(
  service: ChatService,
  { when, first, count, say }: { when: string; first: number; count: number; say: BenchOptions['say'] },
) {
  const events = Array.from({ length: count }, (_, index) => service.event(first + index))
  const ackMs = spread(
    await steadily(count, async (index) => {
      const started = performance.now()
      await events[index]?.()
      return performance.now() - started
    }),
  )
  say(`events of ${service.name} acknowledged, ${when}: ${JSON.stringify(ackMs)} ms`)
  return { ackMs, cards: () => cards(service, first, count) }
}

/** Waits until every event has its card; resolves with how long the last one took after the last word. */
async function cards(service: ChatService, first: number, count: number): Promise<number> {
  const started = performance.now()
  const all = Array.from({ length: count }, (_, index) => first + index)
  const without = () => all.filter((index) => !service.hasCard(index))
  while (without().length > 0) {
    if (performance.now() - started > CARDS_WITHIN_MS)
      throw new Error(
        `Acknowledged and without a card in ${service.name} after ${CARDS_WITHIN_MS / 1000} s: the events ${without().slice(0, 20)}`,
      )
    await pause(MOMENT_MS)
  }
  return Math.round(performance.now() - started)
}
