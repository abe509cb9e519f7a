import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import { type Grant, ROLES } from '../../core/person.ts'
import { decide } from '../../operations/gate/decide.ts'
import { decideParts } from '../../operations/gate/decide-parts.ts'
import type { GateQuestion } from '../../operations/gate/question.ts'
import { person, policy } from './crew.ts'
import { ask, NOW, plan, who, yes } from './question.ts'

describe('a plan of several parts, for any installation', () => {
  const environment = fc.constantFrom('dev', 'staging', 'production')
  const skill = fc.constantFrom('dial', 'press')
  const scope = fc.oneof(fc.constant(['*']), fc.uniqueArray(environment, { maxLength: 2 }))
  const grant: fc.Arbitrary<Grant> = fc.record({
    role: fc.constantFrom(...ROLES, 'approver' as const, 'approver' as const),
    environments: scope,
    teams: fc.constant(['*']),
  })
  const ids = ['p0', 'p1', 'p2', 'p3']
  const people = fc
    .tuple(...ids.map(() => fc.array(grant, { maxLength: 3 })))
    .map((all) => all.map((grants, n) => person(ids[n] ?? '', grants)))
  const rule = fc.record({
    name: fc.constantFrom('r1', 'r2', 'r3'),
    when: fc.record(
      { environments: fc.uniqueArray(environment, { minLength: 1 }), skills: fc.uniqueArray(skill, { minLength: 1 }) },
      { requiredKeys: [] },
    ),
    require: fc.record({ count: fc.integer({ min: 1, max: 2 }), role: fc.constantFrom('approver' as const, 'admin') }),
    expiresMs: fc.constantFrom(1_000, 60_000),
    remindMs: fc.constant(undefined),
    remind: fc.constant([]),
  })
  const part = fc.record({ service: fc.constantFrom('a', 'b', 'c'), environment, skill })
  // Mostly nothing stands in the way, so that what comes after is reached often enough.
  const seldom = <T>(one: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one })
  const parts = fc
    .record({
      people,
      trusted: fc.oneof(fc.constant(true), fc.constant(true), fc.boolean()),
      parts: fc.array(part, { minLength: 2, maxLength: 4 }),
      rules: fc.array(rule, { maxLength: 3 }),
      approvals: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 4 }),
      denied: seldom(environment),
      locked: seldom(part),
      readOnly: seldom(environment),
    })
    .map((given) => {
      const crew = given.people.map((one, n) => (n === 0 && given.trusted ? person('p0', who('mira').grants) : one))
      const { denied, locked, readOnly } = given
      const denies = denied ? [{ name: 'd', when: { environments: [denied] }, because: 'it is closed' }] : []
      const lock = locked && { ...locked, by: { id: 'p1' as PersonId, name: 'p1' }, since: NOW } // a test's id
      return given.parts.map(({ service, environment: place, skill: name }) =>
        ask({
          person: crew[0] ?? who('mira'),
          people: crew,
          plan: plan([{ service, environment: place }], { skill: name, summary: `${name} ${service} in ${place}` }),
          skill: { name, allow: ['operator'] },
          approvals: yes(...given.approvals),
          policy: policy({ approvals: given.rules, denies }),
          locks: lock ? [lock] : [],
          modes: { everywhere: 'review', scoped: readOnly ? [{ scope: readOnly, mode: 'suggest' }] : [] },
        }),
      )
    })
  const each = (questions: readonly GateQuestion[]) => questions.map((question) => decide(question))

  test('passes when every part would pass alone, and only then', () => {
    let passed = 0
    fc.assert(
      fc.property(parts, (questions) => {
        const together = decideParts(questions).verdict
        const alone = each(questions).map(({ verdict }) => verdict)
        expect(together === 'allow').toBe(alone.every((verdict) => verdict === 'allow'))
        expect(together === 'deny').toBe(alone.includes('deny'))
        if (together === 'allow') passed++
      }),
      { numRuns: 500 },
    )
    expect(passed).toBeGreaterThan(25)
  })

  test('is denied as strictly as its strictest part, and names a part', () => {
    const order = ['never', 'plan-only', 'later', 'break-glass']
    fc.assert(
      fc.property(parts, (questions) => {
        const together = decideParts(questions)
        if (together.verdict !== 'deny') return
        const passes = each(questions).flatMap((one) => (one.verdict === 'deny' ? [order.indexOf(one.passes)] : []))
        expect(order.indexOf(together.passes)).toBe(Math.min(...passes))
        const shared = passes.length === questions.length
        expect(shared || questions.some(({ plan: of }) => together.says.includes(of.summary))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('asks for all that any part asks for, lists it as open while any part lacks it, and expires with the first', () => {
    fc.assert(
      fc.property(parts, (questions) => {
        const together = decideParts(questions)
        if (together.verdict !== 'needs') return
        const needs = each(questions).flatMap((one) => (one.verdict === 'needs' ? [one] : []))
        expect(together.expiresAt).toEqual(new Date(Math.min(...needs.map(({ expiresAt }) => expiresAt.getTime()))))
        for (const one of needs.flatMap(({ requirements }) => requirements)) {
          const line = together.requirements.find((other) => other.rule === one.rule && other.role === one.role)
          expect(line?.count).toBeGreaterThanOrEqual(one.count)
          if (one.have < one.count) expect(line?.have).toBeLessThan(line?.count ?? 0)
          if (one.have < one.count) expect(line?.eligible).toEqual(expect.arrayContaining([...one.eligible]))
        }
        const open = together.requirements.filter(({ have, count }) => have < count)
        expect(open.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test('a part more never lets more through', () => {
    fc.assert(
      fc.property(parts, (questions) => {
        if (decideParts(questions.slice(0, -1)).verdict === 'allow') return
        expect(decideParts(questions).verdict).not.toBe('allow')
      }),
      { numRuns: 300 },
    )
  })

  test('without any part is let through by nobody', () => {
    expect(() => decideParts([])).toThrow('without parts')
  })
})
