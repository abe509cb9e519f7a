import { setTimeout as delay } from 'node:timers/promises'
import { Town } from '../../test/bot/slack/town.ts'
import { percentile } from '../report.ts'
import { type Random, randomFrom } from './frame/random.ts'
import { privateStore } from './frame/store.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'
import { type Deploys, lastWord, startDeploys } from './slack/deploys.ts'
import { type Closing, enforceLimits, type Limits } from './slack/limits.ts'

const SHOWN = 'the last word on a deploy is shown within ten seconds of when Slack takes it'
const NONE_LOST = 'no last word is lost'
const ONE_CARD = 'a deploy has one card'
const WITHIN_MS = 10_000
/** A post a second and a little; and each whose answer was lost is looked for and waited for. */
const PER_POST_MS = 1_600
const POSTS_CLOSED_MS = 2_000
/** The answer to every fifth post is lost. */
const LOST_EVERY = 5
const SENDER = 'bot/deliver/sender.ts'
const FEW = 5

export default prover({
  name: 'slack-pace',
  proves:
    'whatever Slack’s limits are, a channel hears one post a second, nobody asks while Slack says wait, and every last word is shown soon after',
  backends: ['pglite'],
  // Deploys in one channel.
  runs: { long: 100, short: 12 },
  sabotages: [
    {
      name: 'unpaced',
      breaks: 'a channel hears one post a second',
      file: 'bot/slack/send/pacer.ts',
      find: 'if (place && place.freeAt > now)',
      replace: 'if (place && place.freeAt < 0)',
      runs: FEW,
    },
    {
      name: 'impatient',
      breaks: 'what Slack says to wait is waited',
      file: 'bot/slack/send/surface.ts',
      find: 'if (error instanceof UpstreamError && error.retryAfterMs)',
      replace: 'if (error === undefined)',
      runs: FEW,
    },
    {
      name: 'last-word-dropped',
      breaks: 'what Slack refused stays due',
      file: SENDER,
      find: 'leftBehind = true\n      })\n      return undefined',
      replace:
        'leftBehind = true\n      })\n      return row.ref === null ? undefined : { id, revision: row.revision, ref: row.ref }',
      runs: FEW,
    },
    {
      name: 'posted-again',
      breaks: 'a post whose answer was lost is found',
      file: SENDER,
      find: 'row.attempts > 0 && (await surface.find?.(message))',
      replace: 'row.attempts < 0 && (await surface.find?.(message))',
      runs: FEW,
    },
  ],
  prove,
})

async function prove(options: ProveOptions): Promise<Findings> {
  const { seed, runs, say, short } = options
  const place = await privateStore('pglite')
  const town = await Town.open()
  let deploys: Deploys | undefined
  try {
    deploys = await startDeploys(place.store, town, runs)
    const limits = enforceLimits(town.front, (count) => count % LOST_EVERY === 1)
    const began = Date.now()
    const posted = await beginAll(deploys, limits, runs)
    const closedMs = short ? 4_000 : 20_000
    const closing = await endAll(deploys, limits, { runs, closedMs, random: randomFrom(seed) })
    const judged = await judge(deploys, limits, { runs, closing })
    const tookS = Math.round((Date.now() - began) / 1_000)
    say(
      `${runs} deploys in one channel in ${tookS} s: ${limits.posts.length} posts, ${limits.refused} calls refused; the slowest last word took ${judged.slowestMs} ms.`,
    )
    return {
      tried: { deploys: runs, posts: limits.posts.length, refused: limits.refused },
      breaches: [...posted, ...limits.breaches(), ...judged.breaches],
      figures: { shownP95Ms: judged.p95Ms, shownSlowestMs: judged.slowestMs, tookS },
    }
  } finally {
    await deploys?.close()
    await town.close()
    await place.close()
  }
}

/** All begin at once, and some are over before anybody heard of them; in between Slack takes no posts at all for a while. */
async function beginAll(deploys: Deploys, limits: Limits, runs: number): Promise<Breach[]> {
  const everySixth = (deploy: number) => deploy % 6 === 5
  for (let deploy = 0; deploy < runs; deploy++) {
    await deploys.write(deploy, 'begins')
    if (everySixth(deploy)) await deploys.write(deploy, 'is over')
  }
  const until = Date.now() + runs * PER_POST_MS + POSTS_CLOSED_MS + WITHIN_MS
  let isClosed = false
  while (limits.shown.size < runs && Date.now() < until) {
    await delay(50)
    if (isClosed || limits.shown.size < runs / 2) continue
    isClosed = true
    limits.close('chat.postMessage', POSTS_CLOSED_MS)
  }
  if (limits.shown.size >= runs) return []
  return [{ promise: SHOWN, what: `${runs - limits.shown.size} of ${runs} cards were not posted in their time` }]
}

/** Slack closes its edits just as the first are over; a quarter are over before it opens, the others one by one, and all go on until then. */
async function endAll(
  deploys: Deploys,
  limits: Limits,
  { runs, closedMs, random }: { readonly runs: number; readonly closedMs: number; readonly random: Random },
): Promise<Closing> {
  const rest = Array.from({ length: runs }, (_, deploy) => deploy).filter((deploy) => !deploys.overAt.has(deploy))
  const takeOne = () => rest.splice(random.below(rest.length), 1)[0] ?? 0
  const quarter = Math.ceil(runs / 4)
  // What was written before is edited in; then nothing is on its way.
  await delay(1_000)
  const closing = limits.close('chat.update', closedMs)
  for (let count = 0; count < quarter && rest.length > 0; count++) {
    await deploys.write(takeOne(), 'is over')
    if (rest.length > 0) await deploys.write(random.pick(rest), 'goes on')
    // The first two together, the others all through the closing.
    if (count > 0) await delay((0.7 * closedMs) / quarter)
  }
  while (Date.now() < closing.until) {
    if (rest.length > 0) await deploys.write(random.pick(rest), 'goes on')
    await delay(400)
  }
  // About as many as Slack's tier lets through for long.
  const everyMs = runs > 50 ? 1_400 : 300
  while (rest.length > 0) {
    await deploys.write(takeOne(), 'is over')
    if (rest.length > 0) await deploys.write(random.pick(rest), 'goes on')
    await delay(everyMs)
  }
  return closing
}

async function judge(
  deploys: Deploys,
  limits: Limits,
  { runs, closing }: { readonly runs: number; readonly closing: Closing },
) {
  const seenAt = (deploy: number) =>
    [...limits.shown.values()].flat().find(({ text }) => text.endsWith(lastWord(deploy)))?.at
  const all = Array.from({ length: runs }, (_, deploy) => deploy)
  for (const until = Date.now() + WITHIN_MS; Date.now() < until; await delay(100))
    if (all.every((deploy) => seenAt(deploy) !== undefined)) break
  const breaches: Breach[] = []
  const tookMs: number[] = []
  for (const deploy of all) {
    const writtenAt = deploys.overAt.get(deploy) ?? 0
    const at = seenAt(deploy)
    const messages = await deploys.messages(deploy)
    if (messages.length !== 1)
      breaches.push({
        promise: ONE_CARD,
        what: `deploy ${deploy} has ${messages.length} cards: ${messages.join(' · ')}`,
      })
    if (!messages.some((text) => text.endsWith(lastWord(deploy))))
      breaches.push({ promise: NONE_LOST, what: `the card of deploy ${deploy} says ${messages.join(' · ')}` })
    // What was over before its card was posted waited for its turn in the channel, which is judged as a whole.
    const firstShownAt = [...limits.shown.values()].find((shown) => shown.some((one) => one.at === at))?.[0]?.at
    if (at === undefined || firstShownAt === undefined || firstShownAt > writtenAt) continue
    const lateMs = at - (writtenAt >= closing.from && writtenAt < closing.until ? closing.until : writtenAt)
    tookMs.push(Math.max(0, lateMs))
    if (lateMs > WITHIN_MS)
      breaches.push({
        promise: SHOWN,
        what: `the last word on deploy ${deploy} was shown ${lateMs} ms after Slack took it`,
      })
  }
  return { breaches, slowestMs: Math.round(percentile(tookMs, 100)), p95Ms: Math.round(percentile(tookMs, 95)) }
}
