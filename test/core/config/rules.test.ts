import { describe, expect, test } from 'vitest'
import { configFrom } from '../../../core/config.ts'
import { policyOf, rulesForNobody } from '../../../core/policy.ts'

const PLACE = { environments: { staging: { namespace: 'shop' } } }
const SKILLS = [{ name: 'deploy' }, { name: 'scale' }]

describe('a rule that would never speak is a mistake, because nobody would notice', () => {
  test.each(['denies', 'approvals'])('%s that name a skill which does not exist', (kind) => {
    const rule = { name: 'x', when: { skills: ['scale', 'deploi'] } }
    const rest = kind === 'denies' ? { because: 'it is late' } : { require: {} }
    const config = configFrom({ ...PLACE, [kind]: [{ ...rule, ...rest }] })
    expect(() => policyOf(config, SKILLS)).toThrow(
      `The configuration: ${kind}[0].when.skills[1] names the skill "deploi", which does not exist; write "deploy" instead.`,
    )
    expect(() => policyOf(config, [...SKILLS, { name: 'deploi' }])).not.toThrow()
  })

  test('a reminder for somebody who is not there', () => {
    const remind = { after: '10m', who: ['jonas', 'jonaz'] }
    const people = { jonas: { name: 'Jonas Lind', timezone: 'UTC' } }
    expect(() => configFrom({ ...PLACE, people, approvals: [{ name: 'x', when: {}, require: {}, remind }] })).toThrow(
      'approvals[0].remind.who names the person "jonaz", which is not in this file; write "jonas" instead',
    )
  })

  test('rules that name a service which nobody has', () => {
    const services = [{ name: 'payments' }, { name: 'cart' }]
    const { rules } = configFrom({
      ...PLACE,
      denies: [{ name: 'hands off', when: { services: ['paymets', 'cart'] }, because: 'money' }],
      freezes: [
        {
          name: 'sale',
          environments: ['staging'],
          services: ['web'],
          timezone: 'UTC',
          because: 'b',
          weekly: { from: 'Fri 18:00', to: 'Mon 08:00' },
        },
      ],
    })
    expect(rulesForNobody(rules, services)).toEqual([
      'denies “hands off” speaks of the service "paymets", which nobody has; did you mean "payments"?',
      'freezes “sale” speaks of the service "web", which nobody has',
    ])
    expect(rulesForNobody(rules, [...services, { name: 'paymets' }, { name: 'web' }])).toEqual([])
  })

  test.each([
    { from: '2026-13-45T18:00', to: '2027-01-02T07:00' },
    { from: '2026-12-20T18:00', to: '2027-02-30T07:00' },
    { from: '2026-12-20T24:30', to: '2027-02-20T07:00' },
  ])('a freeze from $from to $to, which no calendar has', (span) => {
    const freeze = { name: 'x', environments: ['staging'], timezone: 'UTC', because: 'b', span }
    expect(() => configFrom({ ...PLACE, freezes: [freeze] })).toThrow(
      /freezes\[0\]\.span\.(from|to) is "[^"]*"; write a local time/,
    )
  })
})

test('a duration is longer than nothing, and ends within ten years', () => {
  for (const planExpires of ['0s', '99999999999d', `${'9'.repeat(400)}d`])
    expect(() => configFrom({ ...PLACE, planExpires })).toThrow(/planExpires is .*; write a duration .*10 years/)
  expect(configFrom({ ...PLACE, planExpires: '520w' }).rules.planExpiresMs).toBe(520 * 7 * 86_400_000)
})

test('an address with a password stands nowhere in the file', () => {
  for (const registries of [{ 'r.example': { url: 'https://u:hunter22@r.example' } }])
    expect(() => configFrom({ ...PLACE, registries })).toThrow(
      /registries\.r\.example\.url is "https:\/\/…@r\.example"/,
    )
  expect(() => configFrom({ ...PLACE, cluster: { sandbox: 'http://u:hunter22@127.0.0.1:1' } })).toThrow(
    /cluster\.sandbox is "http:\/\/…@127/,
  )
})
