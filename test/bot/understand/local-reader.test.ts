import { describe, expect, it } from 'vitest'
import { isReady } from '../../../core/interpretation.ts'
import { read, skills } from './shop.ts'

describe('plain sentences', () => {
  it.each([
    [
      'hey, could you please deploy checkout 1.4.2 to staging? thanks!',
      'deploy',
      { service: 'checkout', version: '1.4.2', environment: 'staging' },
    ],
    ['put checkout 1.4.2 on staging', 'deploy', { service: 'checkout', version: '1.4.2', environment: 'staging' }],
    ['in staging, deploy checkout 1.4.2', 'deploy', { service: 'checkout', version: '1.4.2', environment: 'staging' }],
    [
      'can we get 1.4.2 of the checkout service on stage',
      'deploy',
      { service: 'checkout', version: '1.4.2', environment: 'staging' },
    ],
    [
      'deploy the latest billing api to prod because customers wait',
      'deploy',
      { service: 'payments', version: 'latest', environment: 'production' },
    ],
    ['delpoy checkout 1.4.2 to staging', 'deploy', { service: 'checkout', version: '1.4.2', environment: 'staging' }],
    [
      'please deploy chekout 1.4.2 to stagin',
      'deploy',
      { service: 'checkout', version: '1.4.2', environment: 'staging' },
    ],
    [
      'give cart 3 more pods in prod for 2 hours',
      'scale',
      { service: 'cart', environment: 'production', replicas: '+3', for: '2h' },
    ],
    ['scale search down to two replicas in dev', 'scale', { service: 'search', environment: 'dev', replicas: 2 }],
    ['scale down checkout by 2 in prod', 'scale', { service: 'checkout', environment: 'production', replicas: '-2' }],
    ['remove 2 pods from cart in dev', 'scale', { service: 'cart', environment: 'dev', replicas: '-2' }],
    ['double payments in production', 'scale', { service: 'payments', environment: 'production', replicas: 'x2' }],
    ['scale cart from 3 to 6 in staging', 'scale', { service: 'cart', environment: 'staging', replicas: 6 }],
    [
      'checkout is slow, scale it to 6 in staging',
      'scale',
      { service: 'checkout', environment: 'staging', replicas: 6 },
    ],
    [
      'roll checkout back to the one before in prod',
      'rollback',
      { service: 'checkout', environment: 'production', version: 'previous' },
    ],
    ['bounce cart in prod', 'restart', { service: 'cart', environment: 'production' }],
    [
      'freeze checkout in prod until 6pm because of the launch',
      'lock',
      { service: 'checkout', environment: 'production', reason: 'the launch', for: '6h' },
    ],
    ['release the lock on payments in prod', 'unlock', { service: 'payments', environment: 'production' }],
    ['stop op-7f3k9m2q', 'cancel', { operation: 'op-7f3k9m2q' }],
    ['mark op-7f3k9m2q as rolled back', 'settle', { operation: 'op-7f3k9m2q', outcome: 'rolled_back' }],
    ['hit the kill switch', 'halt', {}],
    ['put production in read only mode', 'mode', { name: 'read-only', scope: 'production' }],
    ['let sam approve for me until monday', 'delegate', { person: 'sam', until: '2026-11-23T23:59:59+01:00' }],
    ['how is cart doing in production?', 'status', { service: 'cart', environment: 'production' }],
    ['how many replicas does cart have in prod', 'status', { service: 'cart', environment: 'production' }],
    ['who deployed cart last', 'history', { service: 'cart' }],
    [
      'get me the logs for cart in prod for the last half hour mentioning timeout',
      'logs',
      { service: 'cart', environment: 'production', since: '30m', contains: 'timeout' },
    ],
    ['what is waiting for me', 'approvals', {}],
    ["what's running right now?", 'operations', { state: 'running' }],
    ['why did op-7f3k9m2q fail?', 'explain', { id: 'op-7f3k9m2q' }],
    ['how do I scale a service?', 'help', { topic: 'scale' }],
    ['what may I do', 'whoami', {}],
  ])('%s', (text, skill, input) => {
    const reading = read(text)
    expect({ skill: reading.skill, input: reading.input }).toEqual({ skill, input })
    expect(isReady(reading)).toBe(true)
    expect(reading.by).toBe('local')
    expect(reading.confidence).toBeLessThan(1)
  })

  it.each([
    ['scale cart in staging please', { missing: ['replicas'] }],
    ['restart everything', { missing: ['service', 'environment'] }],
    ['please deploy checkout and cart 1.4.2 to staging', { input: { service: ['checkout', 'cart'] }, ambiguous: [] }],
    ['please deploy frobnicator 1.4.2 to staging', { invalid: ['service'] }],
    ['please scale cart to a million in prod', { input: { replicas: 1_000_000 }, invalid: ['replicas'] }],
  ])('asks: %s', (text, rest) => expect(read(text)).toMatchObject(rest))

  it('knows what "it" and "there" are from what was spoken of before', () => {
    const before = { service: 'cart', environment: 'staging', operation: 'op-7f3k9m2q' }
    expect(read('scale it to 6 there', before).input).toEqual({ service: 'cart', environment: 'staging', replicas: 6 })
    expect(read('undo that', before).input).toEqual({ operation: 'op-7f3k9m2q' })
    expect(read('scale it to 6 there')).toMatchObject({ missing: ['service', 'environment'] })
  })

  it('is less sure the more it had to bend', () => {
    const plain = read('please deploy checkout 1.4.2 to staging').confidence
    expect(read('please deploy chekout 1.4.2 to staging').confidence).toBeLessThan(plain)
    expect(read('please deploy chekout 1.4.2 to stagin').confidence).toBeLessThan(
      read('please deploy chekout 1.4.2 to staging').confidence,
    )
  })
})

describe('every installed skill', () => {
  it.each(skills.flatMap((skill) => skill.examples.map((example) => [example, skill.name] as const)))(
    '%s',
    (example, name) => expect(read(example)).toMatchObject({ skill: name, missing: [], ambiguous: [], invalid: [] }),
  )
})

describe('what is no request', () => {
  it.each([
    'thanks!',
    'ok',
    'good morning everyone',
    'restart the meeting',
    'push the meeting to friday',
    'deploy pizza to the office',
    'the deploy of checkout 1.4.2 to staging failed',
    'deploy checkout 1.4.2 to staging failed',
    'release notes for checkout 1.4.2 in staging',
    'i deployed checkout 1.4.2 to staging',
    'deploying checkout 1.4.2 to staging now',
    'deploy checkout 1.4.2 to staging if the tests pass',
    'deploy checkout 1.4.2 to staging tomorrow',
    'deploy checkout 1.4.2 to staging in 10 minutes',
    'deploy checkout 1.4.2 to staging and then restart cart in prod',
    'hold off on deploying checkout to prod',
    'the runbook says restart cart in prod',
    'jonas: deploy checkout 1.4.2 to staging',
    '> deploy checkout 1.4.2 to staging',
    '"deploy checkout 1.4.2 to staging"',
    'can we deploy checkout 1.4.2 to staging?',
    'the logs of checkout in prod are full of errors',
    'checkout status is fine',
    'who restarted my laptop',
    'how do i make pancakes',
    'no more deploys today',
  ])('%s', (text) => expect(read(text)).toMatchObject({ skill: null, input: {} }))
})
