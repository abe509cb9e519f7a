import { describe, expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import type { Grant } from '../../core/person.ts'
import type { Target } from '../../core/plan.ts'
import { decide } from '../../operations/gate/decide.ts'
import { CREW, person, policy } from './crew.ts'
import { ask, NOW, plan, production, stop, who, yes } from './question.ts'

describe('the gate', () => {
  test('lets nobody without the role, and names the right and who grants it', () => {
    expect(decide(ask({ person: who('priya') }))).toEqual({
      verdict: 'deny',
      rule: 'dial is for operator',
      missing: 'operator',
      grantedBy: ['Root'],
      passes: 'never',
      says: 'Turn the dial: refused. You need the role operator for checkout in dev. Root can grant it.',
    })
  })

  test.each<[string, Grant, Target, boolean]>([
    [
      'its environment',
      { role: 'operator', environments: ['dev'], teams: ['*'] },
      { environment: 'dev', team: 'shop' },
      true,
    ],
    ['another one', { role: 'operator', environments: ['dev'], teams: ['*'] }, { environment: 'staging' }, false],
    ['everywhere at once', { role: 'operator', environments: ['dev'], teams: ['*'] }, {}, false],
    [
      'its team',
      { role: 'operator', environments: ['*'], teams: ['shop'] },
      { environment: 'dev', team: 'shop' },
      true,
    ],
    [
      'another team',
      { role: 'operator', environments: ['*'], teams: ['shop'] },
      { environment: 'dev', team: 'pay' },
      false,
    ],
    ['what has no team', { role: 'operator', environments: ['*'], teams: ['shop'] }, { environment: 'dev' }, false],
    ['nowhere', { role: 'operator', environments: [], teams: ['*'] }, { environment: 'dev' }, false],
  ])('a scoped role reaches %s', (_, grant, target, allowed) => {
    const one = person('kim', [grant])
    const verdict = decide(ask({ person: one, people: [...CREW, one], plan: plan([target]) }))
    expect(verdict.verdict === 'allow').toBe(allowed)
  })

  test('needs the role for every target, and an approver for every target', () => {
    const one = person('kim', [{ role: 'operator', environments: ['dev'], teams: ['*'] }])
    const both = plan([{ environment: 'dev' }, { environment: 'production' }])
    expect(decide(ask({ person: one, plan: both })).verdict).toBe('deny')
    const asked = decide(ask({ plan: both, approvals: yes('lea') }))
    expect(asked).toMatchObject({ verdict: 'needs', requirements: [{ have: 0, eligible: ['jonas', 'ann'] }] })
  })

  test('meets every matching rule, not the strongest', () => {
    const [rule] = policy().approvals
    if (!rule) throw new Error('no rule')
    const admin = {
      ...rule,
      name: 'admins see dials',
      when: { skills: ['dial'] },
      require: { count: 1, role: 'admin' as const },
      expiresMs: 1,
    }
    const strict = policy({ approvals: [rule, admin] })
    const half = decide(ask({ plan: production, policy: strict, approvals: yes('ann') }))
    expect(half).toMatchObject({
      verdict: 'needs',
      requirements: [{ have: 1 }, { have: 0, eligible: ['root'] }],
      expiresAt: new Date(NOW.getTime() + 1),
    })
    expect(decide(ask({ plan: production, policy: strict, approvals: yes('ann', 'root') })).verdict).toBe('allow')
  })

  test.each([
    ['the requester', yes('jonas'), [], 'jonas'],
    ['somebody who left', yes('gone'), [], 'mira'],
    ['a deputy of the requester', yes('priya'), [{ from: 'jonas', to: 'priya' }], 'jonas'],
    [
      'a deputy of a deputy',
      yes('sam'),
      [
        { from: 'ann', to: 'priya' },
        { from: 'priya', to: 'sam' },
      ],
      'mira',
    ],
    ['a deputy of somebody who left', yes('priya'), [{ from: 'gone', to: 'priya' }], 'mira'],
  ])('does not count %s', (_, approvals, lent, requester) => {
    const until = new Date(NOW.getTime() + 1)
    const delegations = lent.map(({ from, to }) => ({ from: from as PersonId, to: to as PersonId, until }))
    expect(decide(ask({ plan: production, person: who(requester), approvals, delegations })).verdict).toBe('needs')
  })

  test('holds back what somebody else locked, says who, why and how to open it, and lets the holder pass', () => {
    const lock = {
      service: 'checkout',
      environment: 'dev',
      by: { id: 'sam' as PersonId, name: 'Sam' },
      reason: 'load test',
      since: NOW,
    }
    expect(decide(ask({ locks: [lock] }))).toMatchObject({
      verdict: 'deny',
      passes: 'break-glass',
      says: 'checkout in dev is locked by Sam since 20 Nov 2026 10:00 UTC (load test). Sam or an admin can say "unlock checkout dev".',
    })
    expect(decide(ask({ locks: [lock], person: who('sam') })).verdict).toBe('allow')
    expect(decide(ask({ locks: [{ ...lock, until: NOW }] })).verdict).toBe('allow')
    expect(decide(ask({ locks: [{ ...lock, service: 'cart' }] })).verdict).toBe('allow')
    expect(decide(ask({ locks: [lock], plan: plan([{ environment: 'dev' }]) })).verdict).toBe('deny')
  })

  test('a halt holds everything but the ways to stop and to resume', () => {
    const halted = { by: 'Sam', since: NOW, reason: 'bad day' }
    expect(decide(ask({ halted }))).toMatchObject({ verdict: 'deny', rule: 'kill switch', passes: 'later' })
    for (const skill of ['cancel', 'halt', 'settle', 'resume'])
      expect(decide(ask({ halted, skill: stop(skill), plan: plan([{}], { skill }) })).verdict, skill).toBe('allow')
  })

  test.each([
    ['read-only', [], 'deny'],
    ['review', [{ scope: 'dev', mode: 'read-only' }], 'deny'],
    ['read-only', [{ scope: 'dev', mode: 'review' }], 'allow'],
    ['suggest', [], 'deny'],
    ['autonomous', [], 'allow'],
  ] as const)('mode %s with %j: %s', (everywhere, scoped, verdict) => {
    expect(decide(ask({ modes: { everywhere, scoped } })).verdict).toBe(verdict)
  })

  test('a deny rule stands above approvals and break-glass, but keeps nobody from stopping', () => {
    const denies = [{ name: 'no dials', when: {}, because: 'dials are being moved' }]
    const breakGlass = { by: 'sam' as PersonId, until: new Date(NOW.getTime() + 1) }
    expect(decide(ask({ policy: policy({ denies }), breakGlass, person: who('sam') }))).toMatchObject({
      rule: 'no dials',
      passes: 'never',
    })
    expect(
      decide(ask({ policy: policy({ denies }), skill: stop('cancel'), plan: plan([{}], { skill: 'cancel' }) })).verdict,
    ).toBe('allow')
  })

  test('broken glass stands for approvals, freezes and locks while it counts and its breaker has the role', () => {
    const span = { from: '2026-11-20T00:00', to: '2026-11-21T00:00' }
    const frozen = policy({
      freezes: [
        { name: 'launch', environments: ['production'], timezone: 'Europe/Berlin', span, because: 'launch day' },
      ],
    })
    const held = decide(ask({ plan: production, policy: frozen, approvals: yes('ann') }))
    expect(held).toMatchObject({
      verdict: 'deny',
      rule: 'launch',
      says: expect.stringContaining('until 21 Nov 2026 00:00 Europe/Berlin'),
    })
    const until = new Date(NOW.getTime() + 1)
    const broken = { plan: production, policy: frozen, breakGlass: { by: 'sam' as PersonId, until } }
    expect(decide(ask(broken)).verdict).toBe('allow')
    expect(decide(ask({ ...broken, now: until })).verdict).toBe('deny')
    expect(decide(ask({ ...broken, breakGlass: { by: 'ann' as PersonId, until } })).verdict).toBe('deny')
    expect(decide(ask({ ...broken, person: who('priya') })).verdict).toBe('deny')
  })
})
