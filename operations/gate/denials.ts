import { DateTime } from 'luxon'
import type { Person, Role } from '../../core/person.ts'
import type { Plan, Target } from '../../core/plan.ts'
import type { Lock, Mode } from '../../core/ports/desk.ts'
import { freezeInForce } from './freezes.ts'
import type { Denial, GateQuestion } from './question.ts'
import { holds, isPersonal, lackingTarget } from './rights.ts'
import { ruleMatches, sayList, sayTarget, targetsOf } from './scope.ts'

/** Stopping must always work: no halt, freeze, lock or mode holds these back. A deny rule does only when it names them. */
export const STOPPING_SKILLS: readonly string[] = ['cancel', 'halt', 'settle']
/** The way out of a halt and of a mode; held back by neither. */
const LEAVES_HALT: readonly string[] = [...STOPPING_SKILLS, 'resume']
const LEAVES_MODE: readonly string[] = [...STOPPING_SKILLS, 'resume', 'mode']

const never = { missing: undefined, grantedBy: [], passes: 'never' } as const

type RightsQuestion = Pick<GateQuestion, 'person' | 'skill' | 'people'> & {
  readonly plan: Pick<Plan, 'skill' | 'summary' | 'targets'>
}

/** No role that allows the skill, for one of the targets. */
export function missingRight(question: RightsQuestion): Denial | undefined {
  const { person, skill, plan } = question
  if (!person.active) {
    const says = `${person.name} is no longer active here, so nothing they ask for runs. An admin can change that.`
    return { verdict: 'deny', rule: 'active people only', ...never, grantedBy: admins(question, {}), says }
  }
  const target = lackingTarget(person, skill.allow, plan)
  if (!target) return undefined
  const missing = sayList(skill.allow, 'or')
  const place = isPersonal(plan.skill) ? 'anywhere' : sayPlace(target)
  const grantedBy = admins(question, target)
  const says = `${plan.summary}: refused. You need the role ${missing} ${place}. ${sayGrantedBy(grantedBy)}`
  return { verdict: 'deny', rule: `${plan.skill} is for ${missing}`, missing, grantedBy, says, passes: 'never' }
}

/** Halted changes wait; nobody is refused for good. */
export function haltedNow({ halted, plan }: GateQuestion): Denial | undefined {
  if (!halted || LEAVES_HALT.includes(plan.skill)) return undefined
  const says = `Changes are halted by ${halted.by} since ${sayTime(halted.since)}${sayReason(halted.reason)}. They start again when somebody says "resume".`
  return { verdict: 'deny', rule: 'kill switch', ...never, says, passes: 'later' }
}

export function refusedByMode(question: GateQuestion): Denial | undefined {
  const { plan } = question
  if (LEAVES_MODE.includes(plan.skill) || isPersonal(plan.skill)) return undefined
  for (const target of targetsOf(plan)) {
    const mode = modeFor(target, question)
    if (mode !== 'read-only' && mode !== 'suggest') continue
    const place = target.environment ? `in ${target.environment}` : 'everywhere'
    const grantedBy = admins(question, target)
    const who = grantedBy.length > 0 ? sayList(grantedBy, 'or') : 'An admin'
    const means = mode === 'read-only' ? 'changes are refused' : 'plans are shown, nothing runs'
    const says = `The mode ${place} is ${mode}: ${means}. ${who} can change it with "mode review${target.environment ? ` ${target.environment}` : ''}".`
    const passes = mode === 'suggest' ? 'plan-only' : 'never'
    return { verdict: 'deny', rule: `mode ${mode}`, missing: undefined, grantedBy, says, passes }
  }
  return undefined
}

// The stricter of the two when a target spans environments: any of them being read-only holds it.
function modeFor(target: Target, { modes }: GateQuestion): Mode {
  const scoped = modes.scoped.filter((entry) => target.environment === undefined || entry.scope === target.environment)
  if (target.environment !== undefined) return scoped[0]?.mode ?? modes.everywhere
  const all = [modes.everywhere, ...scoped.map((entry) => entry.mode)]
  return all.includes('read-only') ? 'read-only' : all.includes('suggest') ? 'suggest' : modes.everywhere
}

export function refusedByRule({ policy, plan, catalog }: GateQuestion): Denial | undefined {
  const rule = policy.denies.find(
    (deny) =>
      ruleMatches(deny.when, plan, catalog) &&
      (!LEAVES_MODE.includes(plan.skill) || deny.when.skills?.includes(plan.skill)),
  )
  if (!rule) return undefined
  const says = `${plan.summary}: refused by the rule "${rule.name}": ${ended(rule.because)} Only a change of quarterdeck.yaml lifts it.`
  return { verdict: 'deny', rule: rule.name, ...never, says }
}

/** Freezes hold back what reaches the outside; what only touches the desk (a lock, a delegation) goes on. */
export function frozen(question: GateQuestion): Denial | undefined {
  const { plan, skill, policy, now } = question
  if (skill.inline || STOPPING_SKILLS.includes(plan.skill)) return undefined
  const found = freezeInForce(plan, policy, now)
  if (!found) return undefined
  const until = sayTime(found.until, found.freeze.timezone)
  const breakers = holdersOf(question, 'breakglass')
  const says = `Frozen by "${found.freeze.name}" until ${until}: ${ended(found.freeze.because)}${sayBreakers(breakers)}`
  return {
    verdict: 'deny',
    rule: found.freeze.name,
    missing: 'breakglass',
    grantedBy: admins(question, {}),
    says,
    passes: 'break-glass',
  }
}

/** Somebody else's lock. The holder passes; a lock whose time is over holds nobody, though its row may still be there. */
export function lockedByOther(question: GateQuestion): Denial | undefined {
  const { plan, skill, locks, person, now } = question
  if (skill.inline || STOPPING_SKILLS.includes(plan.skill)) return undefined
  const found = locks.find(
    (lock) =>
      lock.by.id !== person.id &&
      (!lock.until || lock.until > now) &&
      targetsOf(plan).some(
        (target) =>
          (target.service === undefined || target.service === lock.service) &&
          (target.environment === undefined || target.environment === lock.environment),
      ),
  )
  if (!found) return undefined
  return { verdict: 'deny', rule: 'locks', ...never, says: sayLock(found), passes: 'break-glass' }
}

function sayLock(lock: Lock): string {
  const place = `${lock.service} in ${lock.environment}`
  const until = lock.until ? `, until ${sayTime(lock.until)}` : ''
  return `${place} is locked by ${lock.by.name} since ${sayTime(lock.since)}${until}${sayReason(lock.reason)}. ${lock.by.name} or an admin can say "unlock ${lock.service} ${lock.environment}".`
}

/** Names of the admins who could grant a right for a target. */
export function admins({ people }: Pick<GateQuestion, 'people'>, target: Target): readonly string[] {
  return people.filter((person) => holds(person, ['admin'], target)).map((person) => person.name)
}

function holdersOf({ people, plan }: GateQuestion, role: Role): readonly Person[] {
  return people.filter((person) => targetsOf(plan).every((target) => holds(person, [role], target)))
}

function sayBreakers(people: readonly Person[]): string {
  if (people.length === 0) return ''
  return ` In an emergency ${sayList(
    people.map((person) => person.name),
    'or',
    3,
  )} can break the glass.`
}

export function sayGrantedBy(names: readonly string[]): string {
  if (names.length > 0) return `${sayList(names, 'or', 3)} can grant it.`
  return 'There is no admin for it yet: the one-time code printed at the first start makes one.'
}

function sayPlace(target: Target): string {
  const place =
    target.service || target.environment ? `for ${sayTarget(target)}` : 'everywhere (all environments and teams)'
  return target.team ? `${place} (team ${target.team})` : place
}

const sayReason = (reason: string | undefined) => (reason ? ` (${reason})` : '')
const ended = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)

/** A moment with its zone, for sentences that reach people in several. */
export function sayTime(at: Date, zone = 'utc'): string {
  return DateTime.fromJSDate(at, { zone })
    .toFormat("d LLL yyyy HH:mm 'ZZZZ'")
    .replace('ZZZZ', zone === 'utc' ? 'UTC' : zone)
}
