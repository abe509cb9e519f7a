import { cancelWithoutQueue, throwKillSwitch } from './cancel/emergencies.ts'
import { judge } from './cancel/judge.ts'
import { needsSeveral, perform, type Trial, trialAt } from './cancel/trial.ts'
import { openWorld, type World } from './cancel/world.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'
import { judgeAtRest } from './surfaces/judge-cards.ts'

/** Trials at once; each has a service for itself. */
const LANES = 4
const TRIALS_A_HALT = 50
const WITHOUT_QUEUE = 4
const MOST_TOLD = 10

export default prover({
  name: 'cancel',
  proves: 'after a cancel no step forward begins and what was done is put back; the kill switch stops what waits',
  backends: ['pglite', 'postgres', 'redis'],
  runs: { long: 500, short: 8 },
  overChat: { short: 3 },
  sabotages: [
    {
      name: 'steps-ignore-cancel',
      breaks: 'no forward step starts after a cancel',
      file: 'db/steps.ts',
      find: 'sql`and cancel_at is null`',
      replace: 'sql``',
      backend: 'postgres',
      runs: 4,
    },
    {
      name: 'nothing-is-put-back',
      breaks: 'the old version is back',
      file: 'operations/advance.ts',
      find: "if (runnerOf(session)?.compensate) return putBack(session, { kind: 'cancelled', by })",
      replace: '',
      runs: 3,
    },
    {
      name: 'interrupted-runs-go-on',
      breaks: 'a cancel is acted on at once',
      file: 'operations/run/session.ts',
      find: "if (this.phase === 'run') this.halt({ kind: 'cancelled' })",
      replace: '',
      runs: 2,
    },
    {
      name: 'cancel-waits-for-queue',
      breaks: 'a cancel works while the queue is down',
      file: 'operations/cancel.ts',
      find: 'else house.takeUp(id)',
      replace: '',
      runs: 1,
    },
    {
      name: 'needs-human-without-command',
      breaks: 'needs_human names the exact command',
      file: 'operations/run/endings.ts',
      find: 'sayByHand(now)',
      replace: "''",
      runs: 1,
    },
    {
      name: 'halt-unseen',
      breaks: 'the kill switch stops what waits',
      file: 'operations/gate/denials.ts',
      find: 'if (!halted || LEAVES_HALT.includes(plan.skill)) return undefined',
      replace: 'if (halted || !halted || LEAVES_HALT.includes(plan.skill)) return undefined',
      runs: 1,
    },
  ],
  async prove(options) {
    const world = await openWorld({ ...options, sabotaged: options.sabotage !== undefined })
    try {
      // A fault that has its own trial is looked for there.
      const only = options.sabotage
      const elsewhere = only === 'halt-unseen' || only === 'cancel-waits-for-queue'
      const { breaches, points } = await cancelAtPoints(world, elsewhere ? { ...options, runs: 0 } : options)
      const halts = !only || only === 'halt-unseen' ? Math.max(1, Math.round(options.runs / TRIALS_A_HALT)) : 0
      const withoutQueue = !only || only === 'cancel-waits-for-queue' ? WITHOUT_QUEUE : 0
      let figures = {}
      for (let halt = 0; halt < halts; halt += 1) {
        const thrown = await throwKillSwitch(world, randomFrom(options.seed + halt))
        figures = thrown.figures
        breaches.push(...thrown.breaches)
        options.say(`kill switch: ${JSON.stringify(thrown.figures)}`)
      }
      if (withoutQueue > 0) breaches.push(...(await cancelWithoutQueue(world, withoutQueue)))
      const cards = world.chat && (await judgeAtRest(world.program.store, world.chat))
      breaches.push(...(cards?.breaches ?? []))
      const tried = { ...(cards && { cards: cards.looked }), cancels: options.runs, halts, withoutQueue, ...points }
      return { tried, breaches: breaches.slice(0, MOST_TOLD), figures }
    } finally {
      await world.close()
    }
  },
})

async function cancelAtPoints(world: World, { seed, runs, say, sabotage }: ProveOptions) {
  const breaches: Breach[] = []
  const points: Record<string, number> = {}
  const count = (name: string) => {
    points[name] = (points[name] ?? 0) + 1
  }
  const free = [...Map.groupBy(world.places, ({ service }) => service).values()]
  let next = 0
  // A fault that was seen is seen; what is left would only take time.
  const isSeen = () => sabotage !== undefined && breaches.length > 0
  const lane = async () => {
    while (next < runs && !isSeen()) {
      const own = seed + next
      next += 1
      const random = randomFrom(own)
      const fit = free.filter((places) => !needsSeveral(own - seed) || places.length > 1)
      const places = random.pick(fit)
      free.splice(free.indexOf(places), 1)
      const trial: Trial = trialAt(own - seed, random, places)
      const seen = await perform(world, trial)
      count(seen.operation.state)
      for (const breach of await judge(world, seen)) breaches.push({ ...breach, seed: own })
      free.push(places)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  say(`${runs} cancels ended as ${JSON.stringify(points)}`)
  return { breaches, points }
}
