import { describe, expect, it } from 'vitest'
import { isReady } from '../../../core/interpretation.ts'
import { isChange } from '../../../core/skill.ts'
import { read, skills } from './shop.ts'

const changes = new Set(skills.filter((skill) => isChange(skill)).map(({ name }) => name))

/** Orders without an imperative: in the passive, as a noun, as what is needed or wished done. */
const orders: readonly (readonly [string, string, object])[] = [
  ['checkout in staging is to be restarted, please', 'restart', { service: 'checkout', environment: 'staging' }],
  ['the lock on cart in production should be lifted, thank you', 'unlock', { service: 'cart' }],
  ['could cart in staging be scaled to 4, please?', 'scale', { service: 'cart', environment: 'staging', replicas: 4 }],
  ['we kindly ask that cart be rolled back in staging', 'rollback', { service: 'cart', environment: 'staging' }],
  ['it is requested to deploy cart 1.4.2 to staging', 'deploy', { service: 'cart', version: '1.4.2' }],
  ['please make sure that cart is restarted in staging', 'restart', { service: 'cart', environment: 'staging' }],
  ['a restart of cart in staging is required, please', 'restart', { service: 'cart', environment: 'staging' }],
  ['deployment of cart 1.4.2 to staging, please', 'deploy', { service: 'cart', version: '1.4.2' }],
  ['cancellation of op-7f3k9m2q please', 'cancel', { operation: 'op-7f3k9m2q' }],
  ['we would be grateful if cart could be restarted in staging', 'restart', { service: 'cart' }],
  ['for the next 2 hours we would require 12 pods of cart in staging', 'scale', { service: 'cart', replicas: 12 }],
  ['can cart get 4 more pods in staging?', 'scale', { service: 'cart', replicas: '+4' }],
  ['would you be so kind and restart cart in staging?', 'restart', { service: 'cart', environment: 'staging' }],
  ['please have the general stop of changes lifted', 'resume', {}],
  ['a complete stop of all changes is ordered', 'halt', {}],
]

/** The same forms, saying what others plan, what rules demand, what was or might be. */
const descriptions: readonly string[] = [
  'production is to be frozen on friday',
  'cart in production is to be restarted tomorrow',
  'cart 1.4.2 is to be deployed to production by the release team',
  'cart in production should be restarted every night',
  'cart in staging should be restarted by now',
  'the wiki says cart in staging is to be restarted',
  'according to sam cart in staging is to be restarted',
  'sam asked that cart be restarted in staging',
  'if it hangs, cart in staging is to be restarted, please',
  'deploys to production must be approved by two people',
  'changes in production should always be announced in #ops',
  'a restart of cart in staging is required for the new certificate to take effect',
  'a restart of cart in staging is not required',
  'a restart of cart in staging was requested by sam',
  'cart in staging could be restarted',
  'could cart in staging be restarted without downtime?',
  'can cart in staging be restarted?',
  'may cart in production be deployed on fridays?',
  'cart in staging should not be restarted, please',
  'please make sure that cart is not restarted in staging',
  'could cart get stuck in staging?',
  'no restart of cart in staging is needed, thank you',
  'should cart be restarted in staging, please?',
  'the emergency stop is to be used only when nothing else helps',
  'we request that cart in staging be restarted only at night',
  'cart was to be restarted in staging, thank you',
  'in staging cart is usually to be restarted by hand',
]

describe('orders without an imperative', () => {
  it.each(orders)('%s', (text, skill, input) => {
    const reading = read(text)
    expect(reading.skill).toBe(skill)
    expect(reading.input).toMatchObject(input)
    expect(isReady(reading), JSON.stringify(reading)).toBe(true)
  })

  it.each(descriptions)('of a description: %s', (text) => {
    const reading = read(text)
    expect(isReady(reading) && changes.has(reading.skill ?? ''), JSON.stringify(reading)).toBe(false)
  })

  it('never do half of two orders', () => {
    expect(isReady(read('roll back cart in staging and scale it to 4 there'))).toBe(false)
  })

  it('ask for the message where it was only told that somebody is needed', () => {
    expect(isReady(read("she's needed on the bridge… page sam"))).toBe(false)
  })
})
