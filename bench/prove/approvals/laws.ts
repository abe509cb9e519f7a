import fc from 'fast-check'
import type { PersonId } from '../../../core/ids.ts'
import { type Delegation, type Grant, type Person, ROLES } from '../../../core/person.ts'
import type { Target } from '../../../core/plan.ts'
import type { Policy } from '../../../core/policy.ts'
import { decide } from '../../../operations/gate/decide.ts'
import type { GateQuestion, Verdict } from '../../../operations/gate/question.ts'
import { person, policy } from '../../../test/operations/crew.ts'
import { ask, NOW, plan, who, yes } from '../../../test/operations/question.ts'

const environment = fc.constantFrom('dev', 'staging', 'production')
const scope = fc.oneof(fc.constant(['*']), fc.uniqueArray(environment, { maxLength: 2 }))
const grant: fc.Arbitrary<Grant> = fc.record({
  role: fc.constantFrom(...ROLES, 'approver' as const, 'approver' as const),
  environments: scope,
  teams: fc.oneof(fc.constant(['*']), fc.constantFrom(['shop'], ['pay'], [])),
})
const IDS = ['p0', 'p1', 'p2', 'p3', 'p4']
const id = fc.constantFrom(...IDS).map((text) => text as PersonId) // plain text is an id once somebody says so
const people = fc
  .tuple(...IDS.map(() => fc.tuple(fc.array(grant, { maxLength: 3 }), fc.constantFrom(true, true, true, false))))
  .map((all) => all.map(([grants, active], n) => person(IDS[n] ?? '', grants, active)))
const target: fc.Arbitrary<Target> = fc.record({
  service: fc.constantFrom('a', 'b'),
  environment,
  team: fc.constantFrom('shop', 'pay'),
})
const at = fc.constantFrom(NOW, new Date(NOW.getTime() + 1))
const delegation: fc.Arbitrary<Delegation> = fc.record({ from: id, to: id, until: at })
const when = fc.record({ environments: fc.option(fc.uniqueArray(environment, { minLength: 1 }), { nil: undefined }) })
const rule = fc.record({
  name: fc.constantFrom('r1', 'r2'),
  when,
  require: fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom('approver' as const, 'admin' as const),
  }),
  expiresMs: fc.constant(1000),
  remindMs: fc.constant(undefined),
  remind: fc.constant([]),
})
const question: fc.Arbitrary<GateQuestion> = fc
  .record({
    people,
    trusted: fc.constantFrom(true, true, true, false),
    targets: fc.array(target, { minLength: 1, maxLength: 2 }),
    delegations: fc.array(delegation, { maxLength: 4 }),
    approvals: fc.array(id, { maxLength: 6 }),
    rules: fc.array(rule, { maxLength: 2 }),
    glass: fc.option(fc.record({ by: id, until: at }), { nil: undefined, freq: 4 }),
  })
  .map(({ people: crew, trusted, targets, delegations, approvals, rules, glass }) => {
    // Most requesters may do what they ask for, so that what comes after is reached; and they may approve for others.
    const mine = [...who('mira').grants, ...who('ann').grants]
    const everybody = crew.map((one, n) => (n === 0 && trusted ? person('p0', mine) : one))
    return ask({
      person: everybody[0] ?? who('mira'),
      people: everybody,
      plan: plan(targets),
      delegations,
      approvals: yes(...approvals),
      policy: policy({ approvals: rules }),
      breakGlass: glass,
    })
  })

/** A way to hold more back. What it makes of a question must never let more through. */
interface Narrowing {
  readonly name: string
  readonly of: (asked: GateQuestion, n: number, m: number) => GateQuestion
}

const dropAt = <T>(list: readonly T[], index: number) => list.filter((_, n) => n !== index % (list.length || 1))
const withPolicy = (asked: GateQuestion, change: Partial<Policy>) => ({
  ...asked,
  policy: { ...asked.policy, ...change },
})
const withPeople = (asked: GateQuestion, all: readonly Person[]): GateQuestion => ({
  ...asked,
  people: all,
  person: all.find((one) => one.id === asked.person.id) ?? asked.person,
})
const environmentAt = (n: number) => ['dev', 'staging', 'production'][n % 3] ?? 'dev'

export const NARROWINGS: readonly Narrowing[] = [
  {
    name: 'a deny rule more',
    of: (asked, n) =>
      withPolicy(asked, { denies: [{ name: 'd', when: { environments: [environmentAt(n)] }, because: 'no' }] }),
  },
  {
    name: 'an approval rule more',
    of: (asked, n, m) => {
      const more = {
        name: 'r3',
        when: { environments: [environmentAt(n)] },
        require: { count: 1 + (m % 3), role: 'approver' },
      } as const
      return withPolicy(asked, {
        approvals: [...asked.policy.approvals, { ...more, expiresMs: 1000, remindMs: undefined, remind: [] }],
      })
    },
  },
  {
    name: 'a freeze more',
    of: (asked, n) => {
      const span = { from: '2026-01-01', to: '2027-01-01' }
      return withPolicy(asked, {
        freezes: [{ name: 'f', environments: [environmentAt(n)], timezone: 'utc', span, because: 'x' }],
      })
    },
  },
  {
    name: "somebody else's lock",
    of: (asked, n) => ({
      ...asked,
      locks: [{ service: 'a', environment: environmentAt(n), by: { id: 'p1' as PersonId, name: 'p1' }, since: NOW }],
    }),
  },
  { name: 'a halt', of: (asked) => ({ ...asked, halted: { by: 'p1', since: NOW } }) },
  {
    name: 'a stricter mode',
    of: (asked, n) => ({ ...asked, modes: { everywhere: n % 2 ? 'read-only' : 'suggest', scoped: [] } }),
  },
  {
    name: 'a role less',
    of: (asked, n, m) =>
      withPeople(
        asked,
        asked.people.map((one, index) => (index === n % IDS.length ? { ...one, grants: dropAt(one.grants, m) } : one)),
      ),
  },
  {
    name: 'a person less',
    of: (asked, n) =>
      withPeople(
        asked,
        asked.people.map((one, index) => (index === n % IDS.length ? { ...one, active: false } : one)),
      ),
  },
  { name: 'a yes less', of: (asked, n) => ({ ...asked, approvals: dropAt(asked.approvals, n) }) },
  { name: 'a delegation less', of: (asked, n) => ({ ...asked, delegations: dropAt(asked.delegations, n) }) },
  { name: 'a whole glass', of: (asked) => ({ ...asked, breakGlass: undefined }) },
]

const openness = ({ verdict }: Verdict) => ['deny', 'needs', 'allow'].indexOf(verdict)
const missing = (verdict: Verdict) =>
  verdict.verdict === 'needs' ? verdict.requirements.reduce((sum, { have, count }) => sum + count - have, 0) : 0

/** The laws of the gate for one question; the sentence says which is broken. */
function brokenLaw(asked: GateQuestion, n: number, m: number, seen: Record<string, number>): string | undefined {
  const before = decide(asked)
  seen[before.verdict] = (seen[before.verdict] ?? 0) + 1
  for (const { name, of } of NARROWINGS) {
    const after = decide(of(asked, n, m))
    if (openness(after) > openness(before)) return `${name} made ${before.verdict} into ${after.verdict}`
    if (openness(after) === openness(before) && missing(after) < missing(before) && name !== 'an approval rule more')
      return `${name} left fewer approvals to be asked for`
  }
  const denied = decide(withPolicy(asked, { denies: [{ name: 'd', when: {}, because: 'no' }] }))
  if (denied.verdict !== 'deny') return 'a deny rule that speaks of everything did not deny'
  if (before.verdict !== 'allow' || brokenGlass(asked)) return undefined
  const others = asked.people
    .filter(({ id: other, active }) => active && other !== asked.person.id)
    .map((one) => one.id)
  const said = new Set(asked.approvals.map(({ personId }) => personId).filter((other) => others.includes(other)))
  const short = before.met.find(({ count }) => said.size < count)
  return short && `it allowed with ${said.size} others' yes where ${short.count} were asked for`
}

const brokenGlass = ({ breakGlass }: GateQuestion) => breakGlass !== undefined && breakGlass.until > NOW

/** Tries the laws on so many made-up installations. Returns the smallest case that breaks one. */
export function tryLaws(cases: number, seed: number): { seen: Record<string, number>; broken?: string } {
  const seen: Record<string, number> = {}
  const law = fc.property(question, fc.nat({ max: 99 }), fc.nat({ max: 99 }), (asked, n, m) => {
    const broken = brokenLaw(asked, n, m, seen)
    if (broken) throw new Error(broken)
  })
  const { failed, errorInstance, counterexample } = fc.check(law, { numRuns: cases, seed })
  if (!failed) return { seen }
  const [asked] = counterexample ?? []
  const facts = { people: asked?.people, approvals: asked?.approvals, delegations: asked?.delegations }
  return {
    seen,
    broken: `${errorInstance instanceof Error ? errorInstance.message : errorInstance}: ${JSON.stringify(facts)}`,
  }
}
