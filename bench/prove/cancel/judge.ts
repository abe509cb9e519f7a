import { auditOfOperation } from '../../../db/audit.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'
import { stepsOf } from '../../../db/steps.ts'
import type { Breach } from '../prover.ts'
import { ended, type Seen } from './trial.ts'
import { lateSteps } from './watch.ts'
import type { Workload, World } from './world.ts'

const FORWARD = /\bset (?:image|replicas)$/
/** What is under way is stopped and put back at once, not when it would have ended. */
const ACTED_WITHIN_MS = 12_000
type Workloads = readonly Workload[]
const say = (list: Workloads) =>
  list.map(({ image, replicas }) => `${replicas} × ${image.replace(/^.*\//, '')}`).join(' and ')
const same = (one: Workloads, other: Workloads) => JSON.stringify(one) === JSON.stringify(other)

const undigested = (list: Workloads) => list.map((one) => ({ ...one, image: one.image.replace(/@.*/, '') }))

/** What was not kept in a trial. */
export async function judge(world: World, seen: Seen): Promise<Breach[]> {
  const { operation, toldAt, trial, before, after, card } = seen
  const { id, state } = operation
  const story = `${id} (${trial.kind} of ${trial.places[0].service} in ${trial.places.map(({ environment }) => environment)}, ${trial.manner} ${trial.point}${trial.stuck ? ', the way back refused' : ''}${trial.deaf ? ', nobody hearing of it' : ''})`
  const breaches: Breach[] = []
  const broken = (promise: string, what: string) => breaches.push({ promise, what: `${story} ${what}` })
  const writes = world.proxy.writes.filter((write) => write.operation === id)
  const steps = await stepsOf(world.program.store.db, id)
  const { cancelAt } = operation
  if (toldAt && !cancelAt) broken('a cancel is written down', `told "${seen.replies[0]}" and nothing is stored of it`)
  if (cancelAt) {
    for (const name of await lateSteps(world.program.store, id))
      broken('no forward step starts after a cancel', `began "${name}" though its cancel was stored`)
    const begun = new Set(steps.filter((step) => step.phase === 'run').map((step) => step.name))
    for (const write of writes.filter(
      ({ at, step }) => FORWARD.test(step) && toldAt && at > toldAt && !begun.has(step),
    ))
      broken(
        'no forward step starts after a cancel',
        `sent "${write.step}" to the cluster after it was said to be cancelled`,
      )
  }
  const { finishedAt } = operation
  const back = steps.find((step) => step.phase === 'compensate')?.startedAt ?? finishedAt
  // Who is not told hears of it at the next heartbeat.
  if (cancelAt && back && !trial.deaf && back.getTime() - cancelAt.getTime() > ACTED_WITHIN_MS)
    broken(
      'a cancel is acted on at once',
      `went on for ${back.getTime() - cancelAt.getTime()} ms after it was cancelled`,
    )
  for (const write of writes.filter(({ at }) => finishedAt && at > finishedAt))
    broken('what is over does nothing', `sent "${write.step}" after its end`)
  // Of several places each is written once, by a step of the same name.
  const done = writes.filter(({ status }) => status === 200)
  const twice = done.filter(
    ({ step, place }, at) => done.findIndex((one) => one.step === step && one.place === place) < at,
  )
  if (twice.length > 0) broken('nothing happens twice', `wrote "${twice[0]?.step}" more than once`)
  const told = (await auditOfOperation(world.program.store.db, id)).filter(({ kind }) =>
    /^operation\.cancel(?:led|ling)$/.test(kind),
  )
  const byPeople = told.filter(({ actor }) => actor !== 'system')
  if (byPeople.length > 1) broken('three cancels are one', `was cancelled ${byPeople.length} times by people`)
  if (!card && (finishedAt || state === 'needs_human'))
    broken('the card says what the store says', `is ${state}, and its card does not say so`)
  breaches.push(...(await judgeEnd(world, seen, { story, before, after })))
  return breaches
}

async function judgeEnd(
  world: World,
  { operation, toldAt, replies, trial }: Seen,
  { story, before, after }: { story: string; before: Workloads; after: Workloads },
): Promise<Breach[]> {
  const { state, says } = operation
  const breach = (promise: string, what: string): Breach[] => [{ promise, what: `${story} ${what}` }]
  if (state === 'needs_human') return finishByHand(world, operation, trial.places, before, story)
  if (!operation.finishedAt)
    return breach(
      'a cancel comes to an end',
      `is still ${state} ${world.endedWithinMs / 1000} s after it was cancelled (${replies.join('; ')})`,
    )
  if (state === 'succeeded') {
    const honest = !toldAt || /before the cancel reached it/.test(says ?? '')
    return honest ? [] : breach('cancelled is not done', `was said to be cancelled and succeeded: ${says}`)
  }
  // Of several, what was done before the cancel stays, with a button to take it back.
  if (same(before, after) || (trial.kind === 'scale both' && operation.outcome?.undo)) return []
  return breach('the old version is back', `is ${state} and left ${say(after)} where ${say(before)} was: ${says}`)
}

/** Does what the card tells a person to do, word for word: then everything has to be as it was. */
async function finishByHand(
  world: World,
  operation: StoredOperation,
  places: Seen['trial']['places'],
  before: Workloads,
  story: string,
): Promise<Breach[]> {
  const promise = 'needs_human names the exact command'
  const said = [...(operation.progress.check ?? '').matchAll(/“([^”]+)”/g)].map(([, command = '']) => command)
  const commands = said.slice(0, said.findIndex((command) => command.startsWith('settle')) + 1)
  if (commands.length < 2) return [{ promise, what: `${story} says only: ${operation.progress.check}` }]
  const mira = await world.talk.open('mira')
  for (const command of commands) {
    await mira.says(command)
    const card = await mira.sees((one) => one.final || one.operationId !== null, `an answer to ${command}`)
    if (card.operationId) await ended(world, card.operationId)
  }
  const [after, settled] = [await world.workloads(places), await ended(world, operation.id)]
  // The way back names the digest of what ran, which is the same image.
  if (same(undigested(before), undigested(after)) && settled.state === 'rolled_back') return []
  return [
    {
      promise,
      what: `${story} is ${settled.state} with ${say(after)} where ${say(before)} was, after ${commands.join(' and ')}`,
    },
  ]
}
