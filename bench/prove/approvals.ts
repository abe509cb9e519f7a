import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import type { OperationId } from '../../core/ids.ts'
import { inLanes } from '../places.ts'
import { type Sequence, saySequence, sequences } from './approvals/commands.ts'
import { NAMES } from './approvals/crew.ts'
import { NARROWINGS, tryLaws } from './approvals/laws.ts'
import { makeMatrix, matrixCells, matrixDifferences } from './approvals/matrix.ts'
import { SABOTAGES } from './approvals/sabotages.ts'
import { STORIES } from './approvals/stories.ts'
import { Broken, emptyTally, type Tally } from './approvals/tally.ts'
import { openTown, type Town } from './approvals/town.ts'
import { trySequence } from './approvals/try-sequence.ts'
import { Wheels } from './approvals/wheels.ts'
import { proveInChild } from './frame/child.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'

const ENTITLED =
  'nothing runs without enough distinct, entitled persons other than the requester, or a recorded break-glass'
const ONCE = 'a hundred clicks at once make one transition and one audit row'
const NEVER_WIDER = 'holding more back never lets more through'
const REVIEWED = 'who may do what is as it was reviewed'

/** Half as many laws as sequences: 100,000 and 50,000. */
const LAWS_PER_RUN = 0.5
const LEAST_LAWS = 500
/** A store that grows for ever would measure its growth. */
const SEQUENCES_PER_STORE = 2_000
const BURST = 100
const TALLIED = ['commands', 'clicks', 'counted', 'ranApproved', 'ranBrokenGlass', 'rejected', 'voided'] as const
/** What is pressed in a chat, with and without being asked why. */
const VERBS = ['approve', 'reject', 'break-glass']

async function proveSequences(
  { seed, runs, backend, surface, sabotage }: ProveOptions,
  tally: Tally,
): Promise<readonly Breach[]> {
  const town = await openTown(new Wheels(), { backend, surface })
  try {
    const property = fc.asyncProperty(sequences, (sequence) => trySequence(town, sequence, tally))
    const { failed, counterexample, errorInstance } = await fc.check(property, {
      numRuns: runs,
      seed,
      examples: STORIES.map((story) => [story]),
      // Nobody needs the smallest case of a fault we made ourselves.
      endOnFailure: sabotage !== undefined,
    })
    if (failed) return [breachOf(seed, counterexample?.[0], errorInstance)]
    const missing = VERBS.filter((verb) => town.pressed?.get(verb) === undefined)
    if (surface && missing.length > 0)
      throw new Error(`Nobody pressed ${missing.join(' or ')} in ${surface}: this proves nothing.`)
    return (await town.judgeCards())?.breaches ?? []
  } finally {
    await town.close()
  }
}

/** Many sequences in processes of their own, as many at once as there are cores: each with a store of its own, and a seed. */
async function proveInLanes({ seed, runs, backend, say }: ProveOptions, tally: Tally): Promise<readonly Breach[]> {
  let done = 0
  let found: Breach | undefined
  // A server is waited for; the embedded engine is this machine's work alone.
  const lanes = availableParallelism() * (backend === 'pglite' ? 1 : 2)
  await inLanes(lanes, Math.ceil(runs / SEQUENCES_PER_STORE), async (index) => {
    if (found) return
    const from = index * SEQUENCES_PER_STORE
    const [count, own] = [Math.min(SEQUENCES_PER_STORE, runs - from), (seed + from) >>> 0]
    const words = ['approvals', '--short', '--backend', backend, '--seed', `${own}`, '--runs', `${count}`]
    const lines: string[] = []
    const { verdict } = await proveInChild(words, { hear: (line) => lines.push(line) })
    if (!verdict) throw new Error(`A process of the proof came to no verdict:\n${lines.join('\n')}`)
    const [breach] = verdict.breaches
    if (breach) found = { promise: breach.promise, what: breach.what, seed: breach.seed ?? own }
    for (const name of TALLIED) tally[name] += verdict.tried[name] ?? 0
    done += count
    say(`${done} of ${runs} sequences ${breach ? 'tried' : 'held'}.`)
  })
  return found ? [found] : []
}

function breachOf(seed: number, sequence: Sequence | undefined, error: unknown): Breach {
  // Whatever else is thrown is a fault of the proof, not of the promise.
  if (!(error instanceof Broken)) throw error
  return { promise: ENTITLED, what: `${error.message}. Smallest case: ${sequence && saySequence(sequence)}`, seed }
}

/** Everybody who may say yes says it with all fingers, at once. */
async function proveBursts(
  rounds: number,
  where: Pick<ProveOptions, 'backend' | 'surface'>,
): Promise<{ breaches: Breach[]; clicks: number }> {
  const town = await openTown(new Wheels(), where)
  const breaches: Breach[] = []
  let clicks = 0
  try {
    for (let round = 0; round < rounds; round++) {
      const count = round % 2 === 0 ? 1 : 2
      const id = await town.propose(
        count,
        'rita',
        'turn',
        { service: `b${round}`, environment: 'production', value: 2 },
        'command',
      )
      const { planHash } = await town.operation(id)
      const click = (n: number) => {
        const voters = ['ann', 'bob', 'eve', 'rita', 'dan'] as const
        const name = voters[(n + round) % voters.length] ?? 'ann'
        return town.click(count, {
          name,
          account: n % 2 ? 'web' : 'cli',
          id,
          verb: 'approve',
          planHash,
          key: `${id}-${n}`,
        })
      }
      await Promise.all(Array.from({ length: BURST }, (_, n) => click(n)))
      clicks += BURST
      await Promise.all([town.advance(count, id), town.advance(count, id)])
      breaches.push(...(await burstBreaches(town, id, count)))
    }
    breaches.push(...((await town.judgeCards())?.breaches ?? []))
  } finally {
    await town.close()
  }
  return { breaches, clicks }
}

async function burstBreaches(town: Town, id: OperationId, count: number): Promise<Breach[]> {
  const kinds = (await town.audit(id)).map(({ kind }) => kind).filter((kind) => kind !== 'click.denied')
  const wanted = ['operation.awaiting_approval', ...Array.from({ length: count - 1 }, () => 'operation.approve')]
  wanted.push('operation.approved', 'operation.running', 'operation.succeeded')
  const { plan } = await town.operation(id)
  const turned = town.wheels.turned.filter(({ wheel }) => wheel === plan.targets[0]?.service).length
  if (kinds.join() === wanted.join() && turned === 1) return []
  return [
    { promise: ONCE, what: `${id}: ${BURST} clicks left the audit rows ${kinds.join(', ')} and ${turned} effects` },
  ]
}

/** People who press buttons, as the sequences say, and many at once. */
async function provePresses(options: ProveOptions, before: readonly Breach[]) {
  const { runs, surface, say, short } = options
  const breaches = [...before]
  const tally = emptyTally()
  const trySequences = runs > SEQUENCES_PER_STORE && !surface ? proveInLanes : proveSequences
  if (breaches.length === 0) breaches.push(...(await trySequences(options, tally)))
  const bursts = breaches.length > 0 ? undefined : await proveBursts(short ? 2 : 20, options)
  breaches.push(...(bursts?.breaches ?? []))
  say(
    `${runs} sequences among ${NAMES.length} people: ${tally.clicks} clicks, ${tally.counted} yeses counted, ${tally.voided} plans replaced; ${tally.rejected} rejected; ${tally.ranApproved} ran approved, ${tally.ranBrokenGlass} on a broken glass.`,
  )
  const proves = tally.ranApproved > 0 && tally.ranBrokenGlass > 0 && tally.rejected > 0
  if (breaches.length === 0 && !proves && runs >= STORIES.length)
    throw new Error('Nothing ran in so many sequences: this proves nothing. Mend the commands.')
  return { breaches, tried: { sequences: runs, ...tally, burstClicks: bursts?.clicks ?? 0 } }
}

async function prove(options: ProveOptions) {
  const { seed, runs, say } = options
  // The laws and the matrix are the gate's alone, wherever people talk.
  if (options.surface) return provePresses(options, [])
  const breaches: Breach[] = []
  const laws = Math.max(LEAST_LAWS, Math.ceil(runs * LAWS_PER_RUN))
  const { seen, broken } = tryLaws(laws, seed)
  if (broken) breaches.push({ promise: NEVER_WIDER, what: broken })
  say(
    `${laws} made-up installations, each narrowed in ${NARROWINGS.length} ways: ${broken ?? 'none let more through'}.`,
  )
  const differences = await matrixDifferences()
  if (differences.length > 0)
    breaches.push({ promise: REVIEWED, what: `matrix.golden differs: ${differences.slice(0, 6).join(' / ')}` })
  const cells = matrixCells(await makeMatrix())
  // What the laws or the matrix show already needs no slow search.
  const pressed = await provePresses(options, breaches)
  return {
    tried: { ...pressed.tried, laws, matrixCells: cells },
    breaches: pressed.breaches,
    figures: { lawsAllowed: seen.allow ?? 0, lawsDenied: seen.deny ?? 0, lawsAsked: seen.needs ?? 0 },
  }
}

export default prover({
  name: 'approvals',
  proves: `${ENTITLED}; any change of a plan voids its approvals; ${ONCE}; ${REVIEWED}.`,
  backends: ['pglite', 'postgres'],
  runs: { long: 100_000, short: 120 },
  overChat: { short: STORIES.length },
  sabotages: SABOTAGES,
  prove,
})
