import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Relay, relayTo } from '../test/_harness/relay.ts'
import { ackOverChat } from './ack/chat.ts'
import { openSlack } from './ack/slack.ts'
import { A_SECOND, CARDS_WITHIN_MS, SAID, SLOW_MS, steadily } from './ack/steadily.ts'
import { openTeams } from './ack/teams.ts'
import { openPage, type Page } from './page.ts'
import { emptyDatabase, PLACES } from './places.ts'
import { startProgram } from './processes.ts'
import { type BenchOptions, below, spread } from './report.ts'

const THREADS = 100

/**
 * The real program at 50 requests a second, from its page, from Slack and from Teams: how soon a message is acknowledged, while all is well and while
 * every answer of the database takes two seconds; and whether every acknowledged message has its card in the end.
 */
export default async function ack(options: BenchOptions) {
  const page = await ackOnPage(options)
  const slack = await ackOverChat(options, openSlack)
  const teams = await ackOverChat(options, openTeams)
  return {
    bars: [...page.bars, ...slack.bars, ...teams.bars],
    detail: { page: page.detail, slack: slack.detail, teams: teams.detail },
    skipped: [...page.skipped, ...slack.skipped, ...teams.skipped],
  }
}

async function ackOnPage(options: BenchOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-ack-'))
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const skipped: string[] = []
  const settings: Record<string, string> = { QUARTERDECK_LISTEN: '127.0.0.1:0', QUARTERDECK_DATA: folder }
  try {
    const relay = await slowDatabase(settings, ends, skipped)
    const program = await startProgram('all', settings)
    ends.push(program.stop)
    const page = await openPage(program.address ?? '', 'mira')
    return await measure(page, relay, options, skipped)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** PostgreSQL behind a relay that can be slow; without a server the embedded store, which has no wire to slow down. */
async function slowDatabase(
  settings: Record<string, string>,
  ends: (() => Promise<unknown>)[],
  skipped: string[],
): Promise<Relay | undefined> {
  const missing = PLACES.find((place) => place.name === 'postgres')?.missing
  if (missing) {
    skipped.push(`acknowledgements while the database is slow: ${missing}; the rest ran on the embedded store`)
    return undefined
  }
  const database = await emptyDatabase()
  ends.push(database.drop)
  const relay = await relayTo(database.url)
  ends.push(relay.close)
  settings.QUARTERDECK_STORE_URL = relay.url
  return relay
}

async function measure(page: Page, relay: Relay | undefined, { short, say }: BenchOptions, skipped: string[]) {
  const seconds = short ? 2 : 20
  const baseline = spread(await steadily(seconds * A_SECOND, () => page.touch()))
  say(`baseline, an answer from memory: ${JSON.stringify(baseline)} ms`)
  const well = await speak(page, seconds, 'well')
  say(`acknowledged, all well: ${JSON.stringify(well.ackMs)} ms`)
  const bars = [below(`p99 to acknowledge at ${A_SECOND} requests/s`, well.ackMs.p99, 100)]
  const detail: Record<string, unknown> = {
    baselineMs: baseline,
    wellMs: well.ackMs,
    wellCardsMs: await cards(page, well),
  }
  if (relay) {
    await relay.suffer({ is: 'slow', ms: SLOW_MS })
    const looked = page.look()
    const slow = await speak(page, seconds, 'slow')
    await relay.mend()
    if ((await looked) < SLOW_MS) throw new Error('The database was not slow, so nothing was shown.')
    say(`acknowledged, every database answer ${SLOW_MS} ms late: ${JSON.stringify(slow.ackMs)} ms`)
    bars.push(below(`p99 to acknowledge while every database answer takes ${SLOW_MS / 1000} s`, slow.ackMs.p99, 300))
    detail.slowMs = slow.ackMs
    detail.slowCardsMs = await cards(page, slow)
  }
  say(`every one of ${detail.slowMs ? 2 * well.keys.size : well.keys.size} acknowledged messages has its card`)
  return { bars, detail, skipped }
}

interface Spoken {
  /** Keys of the acknowledged messages, by conversation. */
  readonly threads: ReadonlyMap<string, readonly string[]>
  readonly keys: ReadonlySet<string>
  readonly ackMs: ReturnType<typeof spread>
}

async function speak(page: Page, seconds: number, name: string): Promise<Spoken> {
  const threads = await Promise.all(Array.from({ length: THREADS }, () => page.newThread()))
  const said = new Map<string, string[]>(threads.map((thread) => [thread, []]))
  const keys = new Set<string>()
  const ackMs = await steadily(seconds * A_SECOND, async (index) => {
    const thread = threads[index % THREADS] ?? ''
    // The thread's turn shifts the list, so that each conversation hears everything.
    const text = SAID[(index + Math.floor(index / THREADS)) % SAID.length] ?? ''
    const key = `ack-${name}-${index}`
    const took = await page.say(thread, text, key)
    said.get(thread)?.push(key)
    keys.add(key)
    return took
  })
  return { threads: said, keys, ackMs: spread(ackMs) }
}

/** Waits until every acknowledged message has its card; resolves with how long the last one took after the last word. */
async function cards(page: Page, { threads }: Spoken): Promise<number> {
  const started = performance.now()
  const open = new Map(threads)
  while (open.size > 0) {
    for (const [thread, keys] of open) {
      const answered = await page.answered(thread)
      if (keys.every((key) => answered.has(key))) open.delete(thread)
    }
    if (open.size > 0 && performance.now() - started > CARDS_WITHIN_MS)
      throw new Error(
        `Acknowledged and without a card after ${CARDS_WITHIN_MS / 1000} s: ${[...open.values()].flat().slice(0, 20)}`,
      )
  }
  return Math.round(performance.now() - started)
}
