import type { OperationId, PlanHash } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import type { Plan } from '../../core/plan.ts'
import { MODES, type Mode } from '../../core/ports/desk.ts'
import type { ChangeSkill } from '../../core/skill.ts'
import type { Transaction } from '../../db/database.ts'
import { type CommonGateState, type GateState, readCommonGateState, readGateState } from '../../db/gate-state.ts'
import type { BreakGlassRecord } from '../../db/operation-records.ts'
import { changeSkill, type DefaultModes, type House } from '../deps.ts'
import { PeopleChanged, type Scene } from '../scene.ts'
import { decideParts } from './decide-parts.ts'
import type { Consent, GatedSkill, GateQuestion, Halt, Modes, Verdict } from './question.ts'

interface About {
  readonly plan: Plan
  readonly skill: ChangeSkill
  readonly person: Person
  readonly plannedAt: Date
  readonly operationId?: OperationId
  readonly planHash?: PlanHash
  readonly breakGlass?: BreakGlassRecord | null
  /** A yes that is about to be recorded. */
  readonly alsoYes?: Consent
}

interface Asked {
  readonly verdict: Verdict
  /** About the whole plan. */
  readonly question: GateQuestion
  /** What was decided by: one for each part of a plan for several targets, else the question itself. */
  readonly parts: readonly GateQuestion[]
}

/** Asks the gate with what the store says inside this transaction. Throws PeopleChanged: see `withPeople`. */
export async function askGate(house: House, tx: Transaction, scene: Scene, about: About): Promise<Asked> {
  const read = await readGateState(tx, { operationId: about.operationId, planHash: about.planHash, now: scene.now })
  house.gateSeen.last = read
  if (!isCurrent(scene, read.state)) throw new PeopleChanged('the people changed since they were read')
  return decided(house, scene, { ...read.state, yeses: read.yeses }, about)
}

/**
 * Asks the gate about a plan to which nobody had to say yes, with what the store said last. The verdict stands only while the store still
 * says `text`: whoever writes by it must have that compared in the same statement. Undefined when the people are not those of the store.
 */
export async function askGateAsSeen(
  house: House,
  scene: Scene,
  about: Omit<About, 'alsoYes'>,
): Promise<(Asked & { readonly text: string }) | undefined> {
  let seen = house.gateSeen.last
  if (!seen || !isCurrent(scene, seen.state)) seen = await readCommonGateState(house.store.db, scene.now)
  house.gateSeen.last = seen
  const { text, state } = seen
  if (!isCurrent(scene, state)) return undefined
  return { ...decided(house, scene, { ...state, yeses: [] }, about), text }
}

const isCurrent = ({ peopleVersion }: Scene, { people }: CommonGateState) =>
  peopleVersion === undefined || peopleVersion === people

function decided(house: House, scene: Scene, state: GateState, about: About): Asked {
  const yeses = state.yeses.map(({ person, at }): Consent => ({ personId: person, at }))
  const question: GateQuestion = {
    plan: about.plan,
    skill: about.skill,
    person: about.person,
    people: [...scene.people.values()],
    delegations: state.delegations,
    policy: house.policy,
    locks: locksIn(state, scene),
    halted: haltIn(state, scene),
    modes: modesIn(state, house.defaultModes),
    catalog: house.catalog(),
    now: scene.now,
    plannedAt: about.plannedAt,
    approvals: about.alsoYes ? [...yeses, about.alsoYes] : yeses,
    breakGlass: about.breakGlass ? { by: about.breakGlass.by, until: new Date(about.breakGlass.until) } : undefined,
  }
  const parts = about.plan.parts?.map((plan) => ({ ...question, plan, skill: partSkill(house, plan) })) ?? [question]
  return { verdict: decideParts(parts), question, parts }
}

/** A part whose skill this release no longer has is nobody's to run. */
const partSkill = (house: House, { skill }: Plan): GatedSkill => changeSkill(house, skill) ?? { name: skill, allow: [] }

function locksIn(state: GateState, scene: Scene): GateQuestion['locks'] {
  return state.locks.map((lock) => ({
    service: lock.service,
    environment: lock.environment,
    by: { id: lock.person, name: scene.nameOf(lock.person) },
    reason: lock.reason ?? undefined,
    since: lock.since,
    until: lock.until ?? undefined,
  }))
}

export function haltIn(state: Pick<GateState, 'switches'>, scene: Pick<Scene, 'nameOf'>): Halt | undefined {
  const halt = state.switches.find((row) => row.name === 'halt')
  return (
    halt && {
      by: halt.person ? scene.nameOf(halt.person) : 'the system',
      since: halt.since,
      reason: halt.reason ?? undefined,
    }
  )
}

const REVIEW: DefaultModes = { everywhere: 'review', scoped: {} }

/** The modes in force: what somebody said in chat, else what the configuration says; an environment's before everywhere's. */
export function modesIn(
  state: { readonly switches: readonly { name: string; value: string }[] },
  configured: DefaultModes = REVIEW,
): Modes {
  const rows = state.switches.filter((row) => row.name.startsWith('mode:'))
  const said = new Map(rows.map((row) => [row.name.slice('mode:'.length), modeOf(row.value)]))
  const everywhere = said.get('*')
  said.delete('*')
  const scoped = new Map([...Object.entries(configured.scoped), ...said])
  return {
    everywhere: everywhere ?? configured.everywhere,
    scoped: [...scoped].map(([scope, mode]) => ({ scope, mode })),
  }
}

// A word that no longer is a mode must not open anything: the strictest takes its place.
const modeOf = (value: string): Mode => MODES.find((mode) => mode === value) ?? 'read-only'
