import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import { type Delegation, type Grant, ROLES } from '../../core/person.ts'
import type { Target } from '../../core/plan.ts'
import type { Policy } from '../../core/policy.ts'
import { decide } from '../../operations/gate/decide.ts'
import type { GateQuestion } from '../../operations/gate/question.ts'
import { person, policy } from './crew.ts'
import { ask, NOW, plan, who, yes } from './question.ts'

describe('for any installation', () => {
  const environment = fc.constantFrom('dev', 'staging', 'production')
  const scope = fc.oneof(fc.constant(['*']), fc.uniqueArray(environment, { maxLength: 2 }))
  const team = fc.constantFrom('shop', 'pay')
  const teams = fc.oneof(fc.constant(['*']), fc.uniqueArray(team, { maxLength: 1 }))
  const grant: fc.Arbitrary<Grant> = fc.record({ role: fc.constantFrom(...ROLES), environments: scope, teams })
  const ids = ['p0', 'p1', 'p2', 'p3', 'p4']
  const people = fc
    .tuple(...ids.map(() => fc.tuple(fc.array(grant, { maxLength: 3 }), fc.boolean())))
    .map((all) => all.map(([grants, active], n) => person(ids[n] ?? '', grants, active || n === 0)))
  const target: fc.Arbitrary<Target> = fc.record({ service: fc.constantFrom('a', 'b'), environment, team })
  const someone = fc.constantFrom(...ids)
  const delegation: fc.Arbitrary<Delegation> = fc.record({
    from: someone.map((id) => id as PersonId),
    to: someone.map((id) => id as PersonId),
    until: fc.constantFrom(new Date(NOW.getTime() + 1), NOW),
  })
  const rule = fc.record({
    name: fc.constantFrom('r1', 'r2'),
    when: fc.record({ environments: fc.option(fc.uniqueArray(environment, { minLength: 1 }), { nil: undefined }) }),
    require: fc.record({
      count: fc.integer({ min: 1, max: 3 }),
      role: fc.constantFrom('approver' as const, 'admin' as const),
    }),
    expiresMs: fc.constant(1000),
    remindMs: fc.constant(undefined),
    remind: fc.constant([]),
  })
  const question = fc
    .record({
      people,
      trusted: fc.boolean(),
      targets: fc.array(target, { minLength: 1, maxLength: 2 }),
      delegations: fc.array(delegation, { maxLength: 4 }),
      approvals: fc.array(someone, { maxLength: 5 }),
      rules: fc.array(rule, { maxLength: 2 }),
      glass: fc.option(someone, { nil: undefined }),
    })
    .map(({ people: crew, trusted, targets, delegations, approvals, rules, glass }) => {
      const breakGlass = glass ? { by: glass as PersonId, until: new Date(NOW.getTime() + 1) } : undefined
      // Half of the requesters may do what they ask for, so that what comes after is reached often enough.
      const people = crew.map((one, n) => (n === 0 && trusted ? person('p0', who('mira').grants) : one))
      const requester = people[0] ?? who('mira')
      return ask({
        person: requester,
        people,
        plan: plan(targets),
        delegations,
        approvals: yes(...approvals),
        policy: policy({ approvals: rules }),
        breakGlass,
      })
    })
  const allows = (asked: GateQuestion) => decide(asked).verdict === 'allow'
  const withPolicy = (asked: GateQuestion, change: Partial<Policy>) => ({
    ...asked,
    policy: { ...asked.policy, ...change },
  })

  test('a deny, a rule, a freeze or a lock more never lets more through', () => {
    const freeze = {
      name: 'f',
      environments: ['production'],
      timezone: 'utc',
      span: { from: '2026-01-01', to: '2027-01-01' },
      because: 'x',
    }
    const lock = { service: 'a', environment: 'dev', by: { id: 'p1' as PersonId, name: 'p1' }, since: NOW }
    fc.assert(
      fc.property(question, rule, (asked, more) => {
        if (allows(asked)) return
        expect(allows(withPolicy(asked, { denies: [{ name: 'd', when: more.when, because: 'x' }] }))).toBe(false)
        expect(allows(withPolicy(asked, { approvals: [...asked.policy.approvals, more] }))).toBe(false)
        expect(allows(withPolicy(asked, { freezes: [freeze] }))).toBe(false)
        expect(allows({ ...asked, locks: [lock] })).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('a role, a person, a yes or a delegation less never lets more through', () => {
    fc.assert(
      fc.property(question, fc.nat(), fc.nat(), (asked, n, m) => {
        if (allows(asked)) return
        const without = <T>(list: readonly T[], at: number) =>
          list.filter((_, index) => index !== at % (list.length || 1))
        const people = asked.people.map((one, index) =>
          index === n % asked.people.length ? { ...one, grants: without(one.grants, m) } : one,
        )
        const self = people.find((one) => one.id === asked.person.id) ?? asked.person
        expect(allows({ ...asked, people, person: self })).toBe(false)
        expect(
          allows({ ...asked, people: asked.people.map((one, i) => (i === n % 5 ? { ...one, active: false } : one)) }),
        ).toBe(false)
        expect(allows({ ...asked, approvals: without(asked.approvals, n) })).toBe(false)
        expect(allows({ ...asked, delegations: without(asked.delegations, n) })).toBe(false)
        expect(allows({ ...asked, breakGlass: undefined })).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('what passes has, for every rule, enough active people other than the requester, each with a right of their own', () => {
    let passed = 0
    fc.assert(
      fc.property(question, (asked) => {
        fc.pre(!asked.breakGlass)
        const verdict = decide(asked)
        if (verdict.verdict !== 'allow') return
        passed++
        const active = new Set(
          asked.people.filter((one) => one.active && one.id !== asked.person.id).map((one) => one.id),
        )
        const voters = new Set(asked.approvals.map((one) => one.personId).filter((id) => active.has(id)))
        for (const { count } of verdict.met) expect(voters.size).toBeGreaterThanOrEqual(count)
      }),
      { numRuns: 500 },
    )
    expect(passed).toBeGreaterThan(25)
  })
})
