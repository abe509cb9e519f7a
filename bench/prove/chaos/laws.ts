import { isTerminal, type OperationState, STATE_WORDS } from '../../../core/states.ts'
import { FIRST_IMAGE, FIRST_REPLICAS } from '../crash/deployments.ts'
import { imageOf, VERSION } from '../crash/engine.ts'
import type { Outside } from '../crash/outside.ts'
import { STROKES } from '../crash/ring.ts'
import type { Breach } from '../prover.ts'
import type { ShownCard } from '../surfaces/chat.ts'
import type { History } from './conduct.ts'
import { APPROVERS, HOLD_MS, MORE, type Play, RULES, WHY_NOT } from './plays.ts'
import type { StoredEnd, StoreRecord } from './record.ts'

const LOST = 'no accepted operation is lost'
const TWICE = 'no effect happens twice'
const UNASKED = 'no effect happens without its approvals'
const HONEST = 'what an operation says of its end is what the outside has'
const HELD = 'what is held for a while is held for as long as was asked'
const AUDIT = 'the audit is complete: every change of state has its row, and the chain proves them'
const CARD = 'the card says what the database says'
const WHY = 'the message in the chat says why somebody said no'

/** What was tried so often that there is nothing left but to say so, of all operations, at most. */
const GIVEN_UP_MAX = 0.05

export interface Scene {
  readonly history: History
  readonly record: StoreRecord
  readonly outside: Outside
  /** How often what does not answer is asked again before a change is given up. */
  readonly retries: number
  /** What stands in the chat, by its reference; undefined where nobody talks in one. */
  readonly shown?: ReadonlyMap<string, ShownCard> | undefined
}

interface Judged extends Scene {
  readonly play: Play
  readonly end: StoredEnd
  /** Writes that the cluster let through, in their order. */
  readonly effects: readonly { readonly step: string; readonly atMs: number }[]
}

/** Holds what the store says against what was asked, pressed and counted outside. */
export function judge(scene: Scene): Breach[] {
  const { history, record } = scene
  const ends = Map.groupBy(record.ends, ({ key }) => key)
  const breaches: Breach[] = []
  const broken = (promise: string) => (what: string) => void breaches.push({ promise, what })
  for (const play of history.plays) {
    const mine = ends.get(play.key) ?? []
    const said = [...(history.people.accepted.get(play.key) ?? [])]
    lost(play, mine, said).forEach(broken(LOST))
    if (mine.length > 1) broken(TWICE)(`${play.key}, asked for once, became ${mine.map(({ id }) => id).join(' and ')}`)
    for (const end of mine) {
      const effects = effectsOf(scene.outside, play, end.id)
      const judged = { ...scene, play, end, effects }
      twice(judged).forEach(broken(TWICE))
      unasked(judged).forEach(broken(UNASKED))
      // What is still open is a breach of its own.
      if (!isTerminal(end.state) && end.state !== 'needs_human') continue
      dishonest(judged).forEach(broken(HONEST))
      untimely(judged).forEach(broken(HELD))
      outdated(judged).forEach(broken(CARD))
      unexplained(judged).forEach(broken(WHY))
    }
  }
  const givenUp = record.ends.filter(({ id }) => wasGivenUp(scene, id)).length
  if (givenUp > GIVEN_UP_MAX * record.ends.length + 1)
    broken(HONEST)(`${givenUp} of ${record.ends.length} operations were given up, more than one in twenty`)
  unproven(record).forEach(broken(AUDIT))
  for (const id of record.early) broken(UNASKED)(`${id} ran before the audit has it as approved`)
  return breaches
}

function effectsOf({ effects }: Outside, { service }: Play, id: string): Judged['effects'] {
  const marks = [`${id}/`, `bells/${service}-`]
  return effects.flatMap(({ mark, atMs }) => {
    const start = marks.find((known) => mark.startsWith(known))
    return start ? [{ step: mark.slice(start.length), atMs }] : []
  })
}

/** It may say so: every try that it had met a cluster that did not answer. */
export const wasGivenUp = ({ record, retries }: Pick<Scene, 'record' | 'retries'>, id: string): boolean => {
  const end = record.ends.find((one) => one.id === id)
  if (end?.state !== 'failed' && end?.state !== 'rolled_back') return false
  return (record.stories.get(id) ?? []).filter(({ kind }) => kind.startsWith('retry ')).length >= retries
}

/** How each fate may end. What was to be done must be done: faults that heal are waited out for as long as there are tries. */
function mayEnd({ fate }: Play, takenBack: boolean, givenUp: boolean): readonly OperationState[] {
  const done: OperationState[] = ['succeeded']
  if (takenBack) done.push('cancelled')
  if (givenUp) done.push('failed', 'rolled_back')
  switch (fate) {
    case 'rejected':
      return ['rejected']
    case 'unentitled':
      return ['cancelled']
    case 'cancelled':
      return [...done, 'cancelled']
    default:
      return done
  }
}

/** In a chat an operation is known by what was said. */
const isOf = (name: string, { id, key }: StoredEnd) => name === id || name === key

function lost(play: Play, mine: readonly StoredEnd[], said: readonly string[]): string[] {
  const { key, skill, fate } = play
  if (said.length > 1) return [`${key} (${skill}) was said to be ${said.join(' and ')}`]
  if (mine.length === 0) return said.length > 0 ? [`${said[0]} (${skill}, ${fate}) was accepted and is not there`] : []
  return said
    .filter((id) => !mine.some((end) => isOf(id, end)))
    .map((id) => `${key} was said to be ${id}, which is not there`)
}

function twice({ end, effects }: Judged): string[] {
  return [...Map.groupBy(effects, ({ step }) => step)]
    .filter(([, times]) => times.length > 1)
    .map(
      ([step, times]) => `${end.id}: the write "${step}" was let through ${times.length} times, and it is ${end.state}`,
    )
}

/** At its first effect, enough people who may had pressed yes, and the store has each of theirs for the plan that ran. */
function unasked({ history, record, play, end, effects }: Judged): string[] {
  const yeses = record.yeses.filter(({ operation, decision }) => operation === end.id && decision === 'approve')
  const wrong = yeses.filter(({ person }) => person === end.requester || !APPROVERS.includes(person))
  const says = wrong.map(({ person }) => `${end.id}: the yes of ${person}, who may not give it, was counted`)
  const needed = RULES.find(({ environment }) => environment === play.environment)?.approvals ?? 0
  const [first] = effects
  if (!first || needed === 0) return says
  const counted = yeses.filter(({ person, plan_hash, voided }) => {
    if (voided || plan_hash !== end.plan_hash || wrong.some((other) => other.person === person)) return false
    return history.people.pressed.some(
      (click) =>
        isOf(click.operation, end) && click.person === person && click.verb === 'approve' && click.sentMs <= first.atMs,
    )
  })
  const have = new Set(counted.map(({ person }) => person)).size
  if (have < needed)
    says.push(`${end.id} (${play.fate}, ${play.environment}) changed the cluster with ${have} of ${needed} approvals`)
  return says
}

/** What the audit tells of an operation, each by the clock of who wrote it. */
export const storyOf = ({ stories }: StoreRecord, id: string) =>
  (stories.get(id) ?? []).map(({ kind }) => kind).join(', ')

function dishonest(judged: Judged): string[] {
  const { history, record, outside, play, end, effects } = judged
  const { id, state, says } = end
  if (state === 'needs_human') return []
  const takenBack = history.takenBack.includes(id) || history.stopped.includes(id)
  if (!mayEnd(play, takenBack, wasGivenUp(judged, id)).includes(state))
    return [`${id} (${play.skill}, ${play.fate}) ended as ${state}: ${says} Its audit: ${storyOf(record, id)}.`]
  const { image, replicas } = outside.deployments.state(play.service)
  const done = state === 'succeeded'
  const wantsImage = done && play.skill === 'deploy' ? imageOf(VERSION) : FIRST_IMAGE
  const wantsReplicas =
    done && play.skill === 'scale' && !('for' in play.input) ? FIRST_REPLICAS + MORE : FIRST_REPLICAS
  const told: string[] = []
  if (!image.includes(wantsImage) || replicas !== wantsReplicas)
    told.push(`${id} (${play.skill}, ${play.fate}) is ${state}, and ${play.service} runs ${replicas} of ${image}`)
  if (done && play.skill === 'ring' && effects.length < STROKES.length)
    told.push(`${id} is ${state}, and of ${STROKES.length} strokes ${effects.length} rang`)
  if (done && effects.length === 0) told.push(`${id} (${play.skill}) is ${state}, and the cluster was never written to`)
  if (state === 'rejected' && effects.length > 0) told.push(`${id} was rejected, and "${effects[0]?.step}" happened`)
  return told
}

/** By the cluster's clock, which no fault moves. */
function untimely({ history, play, end: { id, state }, effects }: Judged): string[] {
  if (!('for' in play.input)) return []
  if (history.takenBack.includes(id)) return [`${id} was to hold for ${HOLD_MS} ms and would have held for minutes`]
  const [set, ...others] = effects
  const back = others.at(-1)
  if (state !== 'succeeded' || !set || !back || back.atMs - set.atMs >= HOLD_MS) return []
  return [`${id} was to hold for ${HOLD_MS} ms and held for ${back.atMs - set.atMs} ms`]
}

/** From the promise alone: what a card of this state is called, and whether it is the last. */
function outdated({ end: { id, state, summary, card, final } }: Judged): string[] {
  if (!card) return [`${id} is ${state} and has no card`]
  const word = STATE_WORDS[state]
  const wants = {
    kind: 'result',
    title: summary,
    subtitle: word.charAt(0).toUpperCase() + word.slice(1),
    final: isTerminal(state),
  }
  const is = { kind: card.kind, title: card.title, subtitle: card.subtitle, final }
  return JSON.stringify(wants) === JSON.stringify(is)
    ? []
    : [`${id} is ${state}, and its card says ${JSON.stringify(is)}`]
}

/** Where people are asked why, they said it. */
function unexplained({ shown, end: { id, state, ref } }: Judged): string[] {
  if (!shown || state !== 'rejected') return []
  const words = shown.get(ref ?? '')?.words ?? 'nothing'
  return words.includes(WHY_NOT) ? [] : [`${id} was rejected, and its message says ${words.replaceAll('\n', ' / ')}`]
}

function unproven({ untold, auditRows, verdicts }: StoreRecord): string[] {
  const says = untold.map(
    ({ operation, was, becomes }) =>
      `${operation} went from ${was ?? 'nothing'} to ${becomes}, and no audit row tells of it`,
  )
  for (const { ok, firstBad, checkedTo, provenTo, unsealed } of verdicts) {
    if (!ok) says.push(`audit:verify finds seal ${firstBad?.seq} bad (row ${firstBad?.auditId}): ${firstBad?.why}`)
    else if (checkedTo !== auditRows || provenTo !== auditRows || unsealed > 0)
      says.push(`of ${auditRows} audit rows ${checkedTo} are in the chain, ${provenTo} are proven and ${unsealed} wait`)
  }
  return says
}
