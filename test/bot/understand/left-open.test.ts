import { describe, expect, it } from 'vitest'
import { createNameIndex } from '../../../bot/people/names.ts'
import { understand } from '../../../bot/understand/understand.ts'
import { isReady } from '../../../core/interpretation.ts'
import { isChange } from '../../../core/skill.ts'
import { mira, now, people, shop } from './shop.ts'
import { spoken } from './wharf.ts'

const options = { skills: spoken, catalog: shop, person: mira, now, peopleNamed: createNameIndex(people) }
const read = (text: string) => understand(text, options)
const changes = new Set(spoken.filter((skill) => isChange(skill)).map(({ name }) => name))
const ready = (text: string) => {
  const reading = read(text)
  return isReady(reading) && changes.has(reading.skill ?? '')
}

/** Requests that say everything: each must be ready as it stands, so that what is put into it is what makes the question. */
const whole: Readonly<Record<string, string>> = {
  deploy: 'deploy checkout 1.4.2 to staging',
  rollback: 'roll back checkout in staging to 1.4.2',
  scale: 'scale checkout to 6 in staging',
  restart: 'restart checkout in staging',
  lock: 'lock checkout in staging for 2h',
}

const hedges = [
  'i think',
  'i guess',
  'not sure though',
  'or something',
  'maybe',
  'if i remember right',
  "can't remember",
]
const undecided = ["can't remember which one", 'up to you', 'not sure which', 'one of those two', 'you tell me']

describe('a request that is whole', () => {
  it.each(Object.entries(whole))('%s is ready', (_, text) => expect(ready(text)).toBe(true))

  it.each(Object.values(whole).flatMap((text) => [...hedges, ...undecided].map((more) => `${text}, ${more}`)))(
    'is asked about when it is hedged: %s',
    (text) => {
      expect(read(text).skill).not.toBeNull()
      expect(ready(text)).toBe(false)
    },
  )
})

describe('what leaves something open is asked about', () => {
  it.each([
    ['lock checkout in staging for about 2h', 'for'],
    ['lock checkout in staging for up to 2h', 'for'],
    ['scale checkout to 6 in staging for roughly an hour', 'for'],
    ['deploy checkout at least 1.4.2 to staging', 'version'],
    ['deploy checkout v-something to staging', 'version'],
    ['restart checkout and its friends in staging', 'service'],
    ['restart checkout in staging plus the rest', 'service'],
    ['deploy staging 1.4.2 to checkout', 'service'],
    ['lock checkout in staging, but only briefly', 'for'],
    ['restart everything except checkout in staging', 'service'],
    ['scale checkout in staging to no more than 4', 'replicas'],
    ['restart checkout in staging?? or cart, not sure', 'service'],
    ['deploy either checkout or cart 1.4.2 to staging', 'service'],
  ])('%s', (text, parameter) => expect(read(text).ambiguous).toContain(parameter))

  it.each([
    ['restart the thing sam wrote', 'service'],
    ['run the runbook sam wrote', 'name'],
    ['checkout 1.4.2 please', 'environment'],
    ["i'll take the sev1, ack it for me please", 'incident'],
    ['delegate my approvals to sam for a bit, must pick up the kids', 'until'],
    ['deploy it in 10 minutes', 'version'],
    ['roll checkout back to the one that worked in staging', 'version'],
    ['rollback checkout in staging to the build from tuesday', 'version'],
    ['cancel my lunch, not op-7f3k9m2q', 'operation'],
    ['ack the mail, not INC-12', 'incident'],
  ])('%s', (text, parameter) => {
    const { missing, ambiguous, invalid } = read(text)
    expect([...missing, ...ambiguous, ...invalid]).toContain(parameter)
  })

  it('takes what is not meant for nothing, and what is for all of it', () => {
    expect(read('cancel op-6m2k9vwx, not op-7f3k9m2q').input).toEqual({ operation: 'op-6m2k9vwx' })
    expect(read('ack INC-12 not INC-13').input).toEqual({ incident: 'INC-12' })
  })

  it("takes the buttons of somebody's card for no order", () => {
    const alert = 'INC-1204 opened by PagerDuty: checkout unreachable'
    for (const text of [alert, `INC-1204 checkout unreachable [Acknowledge] [Escalate]`, `${alert} [Acknowledge]`])
      expect(ready(text), text).toBe(false)
  })

  it('takes "it" for no whole company', () => {
    for (const text of ['unfreeze it', 'please resume that', 'halt it']) expect(ready(text), text).toBe(false)
    expect(ready('resume everything')).toBe(true)
  })
})

describe('a value that cannot be', () => {
  it.each([
    ['double checkout in staging from 2 to 5', 'replicas'],
    ['halve checkout in staging from 4 to 1', 'replicas'],
    ['declare an incident: checkout takes no cards, P7', 'severity'],
    ['declare an incident: checkout takes no cards, severity 9', 'severity'],
  ])('%s', (text, parameter) => expect(read(text).ambiguous).toContain(parameter))

  it.each(['double checkout in staging from 2 to 4', 'declare an incident: p95 of checkout is above 2 s'])(
    'none in: %s',
    (text) => expect(isReady(read(text))).toBe(true),
  )
})

describe('a remedy without its means', () => {
  it.each(['fix checkout in staging', 'do something about checkout in staging, it is slow', 'can you just fix cart?'])(
    '%s asks for nothing that we could do',
    (text) => expect(read(text).skill).toBeNull(),
  )

  it('is one with its means', () => expect(read('fix checkout at 4 pods in staging').skill).toBe('scale'))
})

describe('what stands round a request', () => {
  it.each([
    ['lock checkout in staging for 1 day, reason "yearly audit". sorry everyone 🙇', 'yearly audit'],
    ['please lock checkout in staging for 1d because of the audit 😱', 'the audit'],
    ['can you lock checkout in staging for 1d because of the audit, thx a bunch', 'the audit'],
  ])('%s', (text, reason) => expect(read(text).input.reason).toBe(reason))

  it('is who reads along', () => expect(ready('please restart checkout in staging, cc @jonas')).toBe(true))

  it('asks about a place that nobody knows, however it was asked', () =>
    expect(read('can we promote checkout from staging to moonbase').invalid).toContain('to'))
})
