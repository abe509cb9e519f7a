import { expect, test } from 'vitest'
import { asksWhy, pointsAtLast, readFollowUp } from '../../../bot/conversation/follow-up.ts'
import { splitRequests } from '../../../bot/conversation/split-request.ts'
import { saysNo, saysYes } from '../../../bot/conversation/typed-consent.ts'
import type { JsonObject } from '../../../core/json.ts'
import { mira, now, shop, skills } from '../understand/shop.ts'

const options = { skills, catalog: shop, person: mira, now }
const scaled = { skill: 'scale', input: { service: 'search', environment: 'staging', replicas: '+2' } }
const seen = { skill: 'logs', input: { service: 'cart', environment: 'staging', since: '1h' } }
const pair = { parameter: 'service', values: ['cart', 'search'] } as const

const inputOf = (text: string, last: { skill: string; input: JsonObject }) =>
  readFollowUp(text, last, pair, options)?.input

test.each([
  ['same for cart', { service: 'cart' }],
  ['Do the same for cart and web, please', { service: ['cart', 'web'] }],
  ['and the same in dev', { environment: 'dev' }],
  ['same thing with checkout in production too', { service: 'checkout', environment: 'production' }],
  ['ditto cart', { service: 'cart' }],
  ['the other one', { service: 'cart' }],
  ['and the other one too please', { service: 'cart' }],
  ['make it 8', { replicas: 8 }],
])('"%s" after a change is that change with what is said now, and never a command', (text, said) => {
  expect(pointsAtLast(text)).toBe(true)
  expect(readFollowUp(text, scaled, pair, options)).toMatchObject({
    skill: 'scale',
    by: 'local',
    input: { ...scaled.input, ...said },
    missing: [],
    ambiguous: [],
    invalid: [],
  })
})

test.each(['and in production?', 'what about cart?', 'how about dev'])('"%s" repeats a read only', (text) => {
  expect(inputOf(text, scaled)).toBeUndefined()
  expect(inputOf(text, seen)).toMatchObject({ since: '1h' })
})

test.each([
  'same for the moon',
  'the same problem as yesterday',
  'same here',
  'and then it broke',
  'make it stop',
  'the other one is broken',
])('"%s" repeats nothing', (text) => {
  expect(inputOf(text, scaled)).toBeUndefined()
})

test('a slip in a name is mended as in any sentence, and a name that nobody knows is asked about', () => {
  expect(readFollowUp('same for checkaut', scaled, pair, options)).toMatchObject({ input: { service: 'checkout' } })
  expect(readFollowUp('same for zebra', scaled, pair, options)).toMatchObject({ invalid: ['service'] })
})

test('the other of two is only one that was chosen between', () => {
  const other = { ...scaled, input: { ...scaled.input, service: 'web' } }
  expect(readFollowUp('the other one', other, pair, options)).toBeUndefined()
  expect(readFollowUp('the other one', scaled, undefined, options)).toBeUndefined()
})

test('a yes, a no and a why are told from sentences that begin with one', () => {
  for (const yes of ['yes', 'Yes!', 'ok, do it', 'go ahead please', 'yes yes go', '👍', 'LGTM', 'Do it.']) {
    expect(saysYes(yes), yes).toBe(true)
  }
  for (const other of ['thanks', 'please', 'yes but why', 'ok which one', 'go to staging', 'yesterday', 'now', 'sure?'])
    expect(saysYes(other), other).toBe(false)
  for (const no of ['no', 'stop it', 'No, thanks', 'never mind', 'cancel it please']) expect(saysNo(no), no).toBe(true)
  for (const other of ['no pods are ready', 'stop cart in dev', 'not now', 'none'])
    expect(saysNo(other), other).toBe(false)
  for (const why of ['why?', 'but why', 'Why did it fail?', 'what happened', 'how come?', 'why not?'])
    expect(asksWhy(why), why).toBe(true)
  for (const other of ['why is cart slow in staging?', 'what happened to cart', 'whyever']) {
    expect(asksWhy(other), other).toBe(false)
  }
})

test.each([
  ['restart cart and scale search to 4 in staging', ['restart cart in staging', 'scale search to 4 in staging']],
  ['restart cart in dev; scale search to 4 in staging', ['restart cart in dev', 'scale search to 4 in staging']],
  ['scale cart to 4 in dev and restart it', ['scale cart to 4 in dev', 'restart cart in dev']],
  ['restart cart and search in dev, then scale web to 3', ['restart cart and search in dev', 'scale web to 3 in dev']],
])('"%s" is two requests', (text, parts) => {
  expect(splitRequests(text, options)).toEqual(parts)
})

test.each([
  'restart cart and scale search to 4 in staging?',
  "restart cart and don't scale search in staging",
  'should we restart cart and scale search to 4 in staging',
  'I restarted cart and scaled search to 4 in staging',
  'jonas said restart cart and scale search to 4 in staging',
  'restart cart and scale search to 4 in staging, said jonas',
  'do not restart cart and scale search to 4 in staging',
  'cart is slow and search is down',
])('"%s" is not two requests', (text) => {
  expect(splitRequests(text, options)).toBeUndefined()
})
