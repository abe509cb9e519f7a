import { auditOfOperation } from '../../../db/audit.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'
import { stepsOf } from '../../../db/steps.ts'
import type { Breach } from '../prover.ts'
import { ended, type Seen } from './trial.ts'
import type { Workload, World } from './world.ts'

const FORWARD = ['set image', 'set replicas']
const same = (one: Workload, other: Workload) => one.image === other.image && one.replicas === other.replicas
const say = ({ image, replicas }: Workload) => `${replicas} × ${image.replace(/^.*\//, '')}`

/** What was not kept in a trial. */
export async function judge(world: World, seen: Seen): Promise<Breach[]> {
  const { operation, toldAt, trial, before, after, card } = seen
  const { id, state } = operation
  const story = `${id} (${trial.kind} of ${trial.place.service} in ${trial.place.environment}, ${trial.manner} ${trial.point}${trial.stuck ? ', the way back refused' : ''})`
  const breaches: Breach[] = []
  const broken = (promise: string, what: string) => breaches.push({ promise, what: `${story} ${what}` })
  const writes = world.proxy.writes.filter((write) => write.operation === id)
  const steps = await stepsOf(world.program.store.db, id)
  const { cancelAt } = operation
  if (toldAt && !cancelAt) broken('a cancel is written down', `told "${seen.replies[0]}" and nothing is stored of it`)
  if (cancelAt) {
    const late = steps.filter((step) => step.phase === 'run' && step.kind === 'step' && step.startedAt > cancelAt)
    for (const { name, startedAt } of late)
      broken(
        'no forward step starts after a cancel',
        `began "${name}" at ${startedAt.toISOString()}, cancelled at ${cancelAt.toISOString()}`,
      )
    const begun = new Set(steps.filter((step) => step.phase === 'run').map((step) => step.name))
    for (const write of writes.filter(
      ({ at, step }) => FORWARD.includes(step) && toldAt && at > toldAt && !begun.has(step),
    ))
      broken(
        'no forward step starts after a cancel',
        `sent "${write.step}" to the cluster after it was said to be cancelled`,
      )
  }
  const { finishedAt } = operation
  for (const write of writes.filter(({ at }) => finishedAt && at > finishedAt))
    broken('what is over does nothing', `sent "${write.step}" after its end`)
  const twice = writes.filter(
    ({ step, status }, at) => status === 200 && writes.findIndex((one) => one.step === step && one.status === 200) < at,
  )
  if (twice.length > 0) broken('nothing happens twice', `wrote "${twice[0]?.step}" more than once`)
  const told = (await auditOfOperation(world.program.store.db, id)).filter(({ kind }) =>
    /^operation\.cancel(?:led|ling)$/.test(kind),
  )
  const byPeople = told.filter(({ actor }) => actor !== 'system')
  if (byPeople.length > 1) broken('three cancels are one', `was cancelled ${byPeople.length} times by people`)
  if (!card) broken('the card says what the store says', `is ${state}, and its card does not say so`)
  breaches.push(...(await judgeEnd(world, seen, { story, before, after })))
  return breaches
}

async function judgeEnd(
  world: World,
  { operation, toldAt, replies, trial }: Seen,
  { story, before, after }: { story: string; before: Workload; after: Workload },
): Promise<Breach[]> {
  const { state, says } = operation
  const breach = (promise: string, what: string): Breach[] => [{ promise, what: `${story} ${what}` }]
  if (state === 'needs_human') return finishByHand(world, operation, trial.place, before, story)
  if (!operation.finishedAt)
    return breach(
      'a cancel comes to an end',
      `is still ${state} a minute after it was cancelled (${replies.join('; ')})`,
    )
  if (state === 'succeeded') {
    const honest = !toldAt || /before the cancel reached it/.test(says ?? '')
    return honest ? [] : breach('cancelled is not done', `was said to be cancelled and succeeded: ${says}`)
  }
  if (same(before, after)) return []
  return breach('the old version is back', `is ${state} and left ${say(after)} where ${say(before)} was: ${says}`)
}

/** Does what the card tells a person to do, word for word: then everything has to be as it was. */
async function finishByHand(
  world: World,
  operation: StoredOperation,
  place: Seen['trial']['place'],
  before: Workload,
  story: string,
): Promise<Breach[]> {
  const promise = 'needs_human names the exact command'
  const said = [...(operation.progress.check ?? '').matchAll(/“([^”]+)”/g)].map(([, command = '']) => command)
  const commands = said.slice(0, said.findIndex((command) => command.startsWith('settle')) + 1)
  if (commands.length < 2) return [{ promise, what: `${story} says only: ${operation.progress.check}` }]
  world.proxy.watched.delete(`${place.namespace}/${place.service}`)
  const mira = await world.as('mira')
  for (const command of commands) {
    await mira.says(command)
    const card = await mira.sees((one) => one.final || one.operationId !== null, `an answer to ${command}`)
    if (card.operationId) await ended(world, card.operationId)
  }
  const [after, settled] = [await world.workload(place), await ended(world, operation.id)]
  if (same(before, after) && settled.state === 'rolled_back') return []
  return [
    {
      promise,
      what: `${story} is ${settled.state} with ${say(after)} where ${say(before)} was, after ${commands.join(' and ')}`,
    },
  ]
}
