import { setTimeout as pause } from 'node:timers/promises'
import type { OperationId } from '../../../core/ids.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'
import { operationById } from '../../../db/operations.ts'
import type { Random } from '../frame/random.ts'
import type { Seen as SeenCard, Speaker } from '../surfaces/speaker.ts'
import type { Watch } from './proxy.ts'
import type { Place, Workload, World } from './world.ts'

const CARD_WITHIN_MS = 15_000
/** A point that does not come, because the operation took another way, is given up. */
const POINT_WITHIN_MS = 8_000
/** By then a cluster that did not answer is asked again. */
const ASKED_AGAIN_MS = 11_000
const SAID_AT_MOST = 4

export const POINTS = ['at once', 'a moment later', 'before the write', 'after the write', 'while it follows'] as const
export type Point = (typeof POINTS)[number]
export const MANNERS = ['one click', 'three clicks', 'three at once', 'one word', 'three words'] as const
export type Manner = (typeof MANNERS)[number]
export const KINDS = ['scale', 'scale for a while', 'scale both', 'deploy', 'deploy of what never is ready'] as const
export type Kind = (typeof KINDS)[number]

/**
 * What is tried once: said, cancelled at a point, in a manner. `stuck`: the way back is refused by the cluster. `deaf`: processes do not hear
 * of each other's cancels, so that only what is stored can stop a run.
 */
export interface Trial {
  /** Where it is said to be; the same service elsewhere comes second, when it is changed too. */
  readonly places: readonly [Place, ...Place[]]
  readonly kind: Kind
  readonly point: Point
  readonly manner: Manner
  readonly stuck: boolean
  readonly deaf: boolean
  readonly delayMs: number
}

/** What came of it. */
export interface Seen {
  readonly trial: Trial
  readonly before: readonly Workload[]
  readonly after: readonly Workload[]
  readonly operation: StoredOperation
  /** When somebody was told that it is cancelled, or being stopped; undefined when nobody was. */
  readonly toldAt: Date | undefined
  readonly replies: readonly string[]
  readonly card: SeenCard | undefined
}

/** `places` are those of one service. */
function trialFrom(random: Random, places: readonly Place[]): Trial {
  const first = random.pick(places)
  const others = places.filter((place) => place !== first)
  // Deploys to staging wait for an approver; those are cancelled while they wait often enough in dev.
  const most = first.environment === 'dev' ? KINDS.length : 3
  const kinds = KINDS.slice(0, most).filter((kind) => kind !== 'scale both' || others.length > 0)
  const kind = random.pick(kinds)
  return {
    places: kind === 'scale both' ? [first, ...others] : [first],
    kind,
    point: random.pick(POINTS),
    manner: random.pick(MANNERS),
    // What was done of several before the cancel stays done, and is not put back.
    stuck: kind !== 'scale both' && random.below(8) === 0,
    deaf: random.below(3) === 0,
    delayMs: random.below(1_800),
  }
}

/** What every run tries first, however short it is: a way back that is refused, a run that would take minutes, a second step. */
const FIRST: readonly Partial<Trial>[] = [
  { kind: 'scale', point: 'after the write', stuck: true },
  { kind: 'deploy of what never is ready', point: 'while it follows', stuck: false, deaf: false },
  { kind: 'scale both', point: 'after the write', stuck: false, deaf: true },
  { kind: 'scale both', point: 'before the write', stuck: false, deaf: true },
]

/** Whether a trial is of one service in several places. */
export const needsSeveral = (index: number): boolean => FIRST[index]?.kind === 'scale both'

export function trialAt(index: number, random: Random, places: readonly Place[]): Trial {
  const trial = trialFrom(random, places)
  const must = FIRST[index]
  if (!must) return trial
  const dev = places.find(({ environment }) => environment === 'dev') ?? trial.places[0]
  const others = must.kind === 'scale both' ? places.filter((place) => place !== dev) : []
  return { ...trial, ...must, places: [dev, ...others] }
}

export async function perform(world: World, trial: Trial): Promise<Seen> {
  const { places, point } = trial
  const keys = places.map(({ namespace, service }) => `${namespace}/${service}`)
  const before = await world.workloads(places)
  const mira = await world.talk.open('mira')
  const reached = Promise.withResolvers<void>()
  const cancelled = Promise.withResolvers<void>()
  const hold = (now: boolean) => async () => {
    if (!now) return
    reached.resolve()
    await Promise.race([cancelled.promise, pause(POINT_WITHIN_MS)])
  }
  let forward: string | undefined
  const first = (step: string) => {
    forward ??= step
    return step === forward
  }
  const watch: Watch = {
    before: (write) => hold(point === 'before the write' && first(write.step))(),
    after: async (write) => {
      if (point === 'while it follows' && first(write.step)) reached.resolve()
      await hold(point === 'after the write' && first(write.step))()
    },
    refuses: (write) => trial.stuck && /back/.test(write.step),
  }
  for (const key of keys) world.proxy.watched.set(key, watch)
  let hear = async () => {}
  try {
    const card = await planned(mira, await sentence(world, trial, before[0]))
    const id = card.operationId as OperationId // the line above looked for one that has it
    // What was said in words and not typed as a command waits for its requester's own click.
    if (card.verbs.includes('go')) await mira.presses(card, 'go')
    if (point === 'a moment later') await pause(trial.delayMs)
    else if (point !== 'at once') await Promise.race([reached.promise, pause(POINT_WITHIN_MS)])
    if (point === 'while it follows') await pause(trial.delayMs)
    if (trial.deaf) hear = await world.deafen()
    const { toldAt, replies } = await cancel(world, trial.manner, mira, card, id)
    cancelled.resolve()
    const operation = await ended(world, id)
    // What is not over shows no end.
    const patienceMs = WORDS[operation.state] ? CARD_WITHIN_MS : 0
    const shown = await mira
      .sees((one) => one.operationId === id && isLast(one, operation), `the end of ${id}`, patienceMs)
      .catch(() => undefined)
    return { trial, before, after: await world.workloads(places), operation, toldAt, replies, card: shown }
  } finally {
    await hear()
    for (const key of keys) world.proxy.watched.delete(key)
  }
}

/** Says it, and again where the cluster is not asked for a while: held writes are calls without an answer, and other trials hold some. */
async function planned(person: Speaker, text: string): Promise<SeenCard> {
  for (let left = SAID_AT_MOST; ; left -= 1) {
    const { deliveryId } = await person.says(text)
    const isSilent = (one: SeenCard) =>
      left > 1 && one.deliveryId === deliveryId && /it is asked again in/.test(one.words)
    const card = await person.sees((one) => one.operationId !== null || isSilent(one), `a plan for "${text}"`)
    if (card.operationId !== null) return card
    await pause(ASKED_AGAIN_MS)
  }
}

async function sentence(world: World, { kind, places }: Trial, now: Workload | undefined): Promise<string> {
  const [place] = places
  if (!now) throw new Error(`Nobody knows what runs as ${place.service} in ${place.environment}.`)
  const { replicas, image } = now
  const where = `${place.service} in ${places.map(({ environment }) => environment).join(' and ')}`
  const to = replicas >= 4 ? replicas - 2 : replicas + 2
  if (kind === 'scale') return `scale ${where} to ${to}`
  if (kind === 'scale for a while') return `scale ${where} to ${to} for 2h`
  // A number that neither has.
  if (kind === 'scale both') return `scale ${where} to ${replicas + 5}`
  const versions = await world.versions(place)
  const line = /:(\d+)\.(\d+)\.\d+/.exec(image)
  const never = versions.filter((tag) => tag === `${line?.[1]}.${Number(line?.[2]) + 1}.4`)
  const good = versions.filter((tag) => tag.startsWith(`${line?.[1]}.${line?.[2]}.`) && !image.includes(`:${tag}`))
  const [version] = kind === 'deploy' ? good : never
  if (!version) throw new Error(`There is no version of ${place.service} to deploy beside ${image}.`)
  return `deploy ${place.service} ${version} to ${place.environment}`
}

async function cancel(world: World, manner: Manner, mira: Speaker, card: SeenCard, id: OperationId) {
  const replies: string[] = []
  let toldAt: Date | undefined
  const heard = (ok: boolean, says: string) => {
    if (ok) toldAt ??= new Date()
    replies.push(`${ok ? 'yes' : 'no'}: ${says}`)
  }
  const click = async (who: Speaker) => {
    const { ok, says } = await who.presses(card, 'cancel')
    heard(ok, says)
  }
  const say = async () => {
    const other = await world.talk.open('mira')
    await other.says(`cancel ${id}`)
    const answer = await other.sees((one) => one.final, `an answer to cancel ${id}`)
    heard(/is being stopped|is cancelled/.test(answer.words), answer.words)
  }
  const jonas = await world.talk.beside(mira, 'jonas')
  if (manner === 'one click') await click(mira)
  if (manner === 'three clicks') for (const who of [mira, jonas, mira]) await click(who)
  if (manner === 'three at once') await Promise.all([mira, jonas, mira].map(click))
  if (manner === 'one word') await say()
  if (manner === 'three words') for (let time = 0; time < 3; time += 1) await say()
  return { toldAt, replies }
}

/** The operation once it is over, or as it stands when the world's patience is over. */
export async function ended(world: World, id: OperationId): Promise<StoredOperation> {
  const late = Date.now() + world.endedWithinMs
  for (;;) {
    const operation = await operationById(world.program.store.db, id)
    if (!operation) throw new Error(`There is no operation ${id}.`)
    if (operation.finishedAt || operation.state === 'needs_human' || Date.now() > late) return operation
    await pause(50)
  }
}

const WORDS: Readonly<Record<string, string>> = {
  cancelled: 'Cancelled',
  succeeded: 'Done',
  failed: 'Failed',
  rolled_back: 'Rolled back',
  needs_human: 'Needs a person',
}
const isLast = ({ words }: SeenCard, { state }: StoredOperation) =>
  words.split('\n').some((line) => line === WORDS[state])
