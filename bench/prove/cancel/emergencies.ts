import { setTimeout as pause } from 'node:timers/promises'
import type { OperationId } from '../../../core/ids.ts'
import { operationById } from '../../../db/operations.ts'
import { stepsOf } from '../../../db/steps.ts'
import type { Random } from '../frame/random.ts'
import type { Breach } from '../prover.ts'
import { ended } from './trial.ts'
import type { Place, World } from './world.ts'

const HALTED_WITHIN_MS = 1_000
/** Longer than what waits may go on starting, for what would start in spite of a halt. */
const WATCHED_MS = 2 * HALTED_WITHIN_MS
const KILL_SWITCH = 'the kill switch stops what waits within a second'
const QUEUE_DOWN = 'a cancel works while the queue is down'

const ANSWERED_WITHIN_MS = 15_000

/** Says it in a conversation of its own; resolves with the operation that it became. Rejects when it was refused. */
async function begin(world: World, text: string): Promise<OperationId> {
  const mira = await world.talk.open('mira')
  const first = await mira.says(text)
  if (first.final && first.operationId === null) throw new Error(`"${text}" was refused: ${first.words}`)
  const card = await mira.sees((one) => one.operationId !== null, `a plan for "${text}"`, ANSWERED_WITHIN_MS)
  return card.operationId as OperationId // looked for
}

/** Says what acts at once, and waits until it has. */
async function order(world: World, who: string, text: string) {
  const person = await world.talk.open(who)
  await person.says(text)
  return person.sees((one) => one.final, `the end of "${text}"`, ANSWERED_WITHIN_MS)
}

async function scaled(world: World, place: Place, more = ''): Promise<string> {
  const { replicas } = await world.workload(place)
  return `scale ${place.service} in ${place.environment} to ${replicas >= 4 ? replicas - 1 : replicas + 1}${more}`
}

async function now(world: World, id: OperationId) {
  const operation = await operationById(world.program.store.db, id)
  if (!operation) throw new Error(`There is no operation ${id}.`)
  return operation
}

const cancelled = (world: World, id: OperationId) => order(world, 'mira', `cancel ${id}`)

/** Many changes at once, and the kill switch among them: which is thrown first is left to chance. */
export async function throwKillSwitch(
  world: World,
  random: Random,
): Promise<{ breaches: Breach[]; figures: Record<string, number> }> {
  const sentences = await Promise.all(world.places.map((place) => scaled(world, place)))
  const begun = Promise.allSettled(sentences.map((text) => begin(world, text)))
  await pause(random.below(400))
  const halted = await order(world, 'sam', 'halt because the prover says so')
  const at = new Date()
  const told = await begun
  const ids = told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  await pause(WATCHED_MS)
  const breaches: Breach[] = []
  let latest = 0
  let held = 0
  for (const id of ids) {
    const [steps, operation] = [
      await stepsOf(world.program.store.db, id),
      await operationById(world.program.store.db, id),
    ]
    if (operation?.state === 'approved') held += 1
    const first = steps.find(({ kind }) => kind === 'step')
    const lateMs = first ? first.startedAt.getTime() - at.getTime() : 0
    latest = Math.max(latest, lateMs)
    if (lateMs > HALTED_WITHIN_MS)
      breaches.push({
        promise: KILL_SWITCH,
        what: `${id} began "${first?.name}" ${lateMs} ms after ${halted.operationId} had halted all changes`,
      })
  }
  // Whatever is asked now waits, too.
  const place = random.pick(world.places)
  const after = await begin(world, await scaled(world, place)).catch(() => undefined)
  if (after) {
    await pause(HALTED_WITHIN_MS)
    if ((await stepsOf(world.program.store.db, after)).length > 0)
      breaches.push({ promise: KILL_SWITCH, what: `${after}, asked for after the halt, began` })
  }
  for (const id of [...ids, ...(after ? [after] : [])]) await cancelled(world, id)
  const resumed = await order(world, 'jonas', 'resume')
  if (!/^Done$/m.test(resumed.words)) throw new Error(`resume did not work: ${resumed.words}`)
  await Promise.all(ids.map((id) => ended(world, id)))
  return { breaches, figures: { heldByHalt: held, latestStartAfterHaltMs: latest } }
}

/** The queue goes away under operations that run and that wait; each is cancelled, and comes to its end without it. The last trial of a world. */
export async function cancelWithoutQueue(world: World, count: number): Promise<Breach[]> {
  const before = new Map<OperationId, { place: Place; replicas: number }>()
  const start = async (place: Place, index: number) => {
    const { replicas } = await world.workload(place)
    const id = await begin(world, await scaled(world, place, index % 2 ? '' : ' for 3h'))
    before.set(id, { place, replicas })
  }
  await Promise.all(world.places.slice(0, count).map(start))
  await world.stopQueue()
  await Promise.all([...before.keys()].map((id) => cancelled(world, id)))
  const breaches: Breach[] = []
  await Promise.all([...before.keys()].map((id) => ended(world, id)))
  for (const [id, { place, replicas }] of before) {
    const { state, says } = await now(world, id)
    const found = (await world.workload(place)).replicas
    if (state === 'succeeded' && found !== replicas) continue // It was over before the queue went.
    if (state !== 'cancelled' || found !== replicas)
      breaches.push({
        promise: QUEUE_DOWN,
        what: `${id} is ${state} with ${found} replicas where ${replicas} were, without the queue: ${says}`,
      })
  }
  return breaches
}
