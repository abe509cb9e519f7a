import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from '../report.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'
import { judgeEffects } from './slack/effects.ts'
import { type Event, eventNumber } from './slack/event.ts'
import { startPrograms } from './slack/programs.ts'
import { SocketSide } from './slack/socket-side.ts'
import { Workspace } from './slack/workspace.ts'

const SOCKETS = 'bot/slack/receive/sockets.ts'
const BACK = 'a connection that was cut is replaced within five seconds'
const ACKNOWLEDGED = 'what Slack sends again is acknowledged before it gives up'
const CONNECTIONS = 2
const WITHIN_MS = 5_000
const PATIENCE_MS = 20_000
const EVENTS_EACH = 3
const FEW = 8

export default prover({
  name: 'slack-sockets',
  proves: 'over Socket Mode a cut connection is soon replaced, and what was said meanwhile has its effect once',
  backends: ['pglite'],
  // Cuts.
  runs: { long: 200, short: 15 },
  sabotages: [
    {
      name: 'slow-to-return',
      breaks: 'a cut connection is replaced at once',
      file: SOCKETS,
      find: 'const FIRST_PAUSE_MS = 100',
      replace: 'const FIRST_PAUSE_MS = 40_000',
      runs: FEW,
    },
    {
      name: 'deaf-to-goodbyes',
      breaks: 'a connection that Slack renews is replaced when it says so',
      file: SOCKETS,
      find: "if (typeof data === 'string' && isGoodbye(data)) resolve()",
      replace: "if (typeof data === 'string' && isGoodbye(data)) data.trim()",
      runs: FEW,
    },
    {
      name: 'deaf-to-repetition',
      breaks: 'what Slack sends again is heard',
      file: SOCKETS,
      find: '({ ack, body }: Envelope) => {',
      replace:
        '({ ack, body, ...more }: Envelope) => {\n      if ("retry_num" in more && Number(more.retry_num) > 0) return',
      runs: FEW,
    },
    {
      name: 'key-of-the-delivery',
      breaks: 'the same event is known by its key',
      file: 'bot/slack/listen/messages.ts',
      find: '...where, threadKey, key: ',
      replace: '...where, threadKey, key: Math.random() + ',
      runs: FEW,
    },
  ],
  prove,
})

async function prove(options: ProveOptions): Promise<Findings> {
  const { seed, runs, say, sabotage } = options
  const ends: (() => unknown)[] = []
  try {
    const workspace = await Workspace.open()
    ends.push(() => workspace.close())
    const side = new SocketSide(workspace, randomFrom(seed + 1))
    ends.push(() => side.close())
    const programs = await startPrograms({ workspace, store: 'embedded', isSocket: true })
    ends.push(programs.close)
    await untilConnected(side)
    const cut = await cutOften(side, options)
    const judged = await judgeEffects(workspace, cut.events, sabotage ? PATIENCE_MS / 2 : 3 * PATIENCE_MS)
    const p95Ms = Math.round(percentile(cut.tookMs, 95))
    const slowestMs = Math.round(percentile(cut.tookMs, 100))
    say(
      `${cut.tookMs.length} of ${runs} cuts: back after ${p95Ms} ms (p95), ${slowestMs} ms at most; ${cut.events.length} events, ${side.redelivered} sent again: ${judged.often} had more than one effect, ${judged.never} none.`,
    )
    const late = p95Ms < WITHIN_MS ? [] : [{ promise: BACK, what: `p95 of ${cut.tookMs.length} cuts is ${p95Ms} ms` }]
    return {
      tried: { cuts: cut.tookMs.length, events: cut.events.length, redelivered: side.redelivered },
      breaches: [...late, ...cut.breaches, ...judged.breaches],
      figures: { backP95Ms: p95Ms, backSlowestMs: slowestMs },
    }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Milliseconds until it hears on all its connections again. */
async function untilConnected(side: SocketSide): Promise<number> {
  const began = performance.now()
  while (side.connections < CONNECTIONS && performance.now() - began < PATIENCE_MS) await delay(5)
  return performance.now() - began
}

/** Each way to lose a connection, with something said on it that moment. */
const CUTS: readonly ((side: SocketSide, victim: Socket) => void)[] = [
  (side, victim) => side.cut(victim, 'ended'),
  (side, victim) => side.refresh(victim),
  (side, victim) => side.cut(victim, 'reset'),
  (side) => {
    for (let victim = side.pick(); victim; victim = side.pick()) side.cut(victim, 'reset')
  },
]

async function cutOften(side: SocketSide, { seed, runs, sabotage }: ProveOptions) {
  const random = randomFrom(seed)
  const events: Event[] = []
  const tookMs: number[] = []
  const breaches: Breach[] = []
  for (let index = 0; index < runs && !(sabotage && breaches.length > 0); index++) {
    const said = Array.from({ length: EVENTS_EACH }, (_, at) => eventNumber(index * EVENTS_EACH + at, random))
    const victim = side.pick()
    const cut = CUTS[index % CUTS.length]
    if (!victim || !cut) throw new Error('There is no connection to cut.')
    const delivered = said.map((event, at) => side.deliver(event, at === 0 ? victim : undefined))
    // Sometimes what was said is still on its way, sometimes it was heard and the acknowledgement is.
    await delay(random.below(3))
    cut(side, victim)
    tookMs.push(await untilConnected(side))
    const isGivenUp = (await Promise.all(delivered)).includes(false)
    if (isGivenUp) breaches.push({ promise: ACKNOWLEDGED, what: `Slack gave an event up after cut ${index}` })
    if ((tookMs.at(-1) ?? 0) >= PATIENCE_MS)
      breaches.push({
        promise: BACK,
        what: `after cut ${index} there are ${side.connections} of ${CONNECTIONS} connections`,
      })
    events.push(...said)
  }
  return { events, tookMs, breaches }
}
