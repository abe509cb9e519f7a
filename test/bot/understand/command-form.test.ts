import { describe, expect, it } from 'vitest'
import { usageOf } from '../../../bot/understand/usage.ts'
import { isReady } from '../../../core/interpretation.ts'
import { read, skills } from './shop.ts'

const command = (text: string) => {
  const { skill, input, by, confidence } = read(text)
  return { skill, input, by, confidence }
}
const deploy = { skill: 'deploy', by: 'command', confidence: 1 }
const checkoutToStaging = { ...deploy, input: { service: 'checkout', version: '1.4.2', environment: 'staging' } }

describe('the command form', () => {
  it.each([
    'deploy checkout 1.4.2 staging',
    'deploy checkout 1.4.2 to staging',
    'Deploy Checkout 1.4.2 in STAGE.',
    'deploy service=checkout version=1.4.2 environment=staging',
    'deploy --service checkout --version=1.4.2 staging',
    'deploy checkout —environment staging –version 1.4.2',
    'deploy “checkout” 1.4.2 ‘staging’',
    'deploy checkout version 1.4.2 environment staging',
    '/qd deploy checkout 1.4.2 staging',
    '@Quarterdeck: deploy checkout 1.4.2 staging',
    '<@U012AB3CD> deploy checkout 1.4.2 staging',
  ])('%s', (text) => expect(command(text)).toEqual(checkoutToStaging))

  it.each([
    ['scale checkout staging 6', { service: 'checkout', environment: 'staging', replicas: 6 }],
    ['scale checkout to 6 in staging', { service: 'checkout', environment: 'staging', replicas: 6 }],
    [
      'scale checkout prod +3 for 2 hours',
      { service: 'checkout', environment: 'production', replicas: '+3', for: '2h' },
    ],
    [
      'scale checkout prod x2 for half an hour',
      { service: 'checkout', environment: 'production', replicas: 'x2', for: '30m' },
    ],
    [
      'logs payments prod since 90 min contains "time out"',
      { service: 'payments', environment: 'production', since: '90m', contains: 'time out' },
    ],
    [
      'lock cart staging because of load, all day for 2h',
      { service: 'cart', environment: 'staging', reason: 'load, all day', for: '2h' },
    ],
    ['lock cart staging "load test" 2h', { service: 'cart', environment: 'staging', reason: 'load test', for: '2h' }],
    ['lock cart staging until 18:00', { service: 'cart', environment: 'staging', for: '6h' }],
    ['rollback cart prod', { service: 'cart', environment: 'production' }],
    ['rollback cart prod previous', { service: 'cart', environment: 'production', version: 'previous' }],
    [
      'settle OP-7F3K9M2Q rolled-back because by hand',
      { operation: 'op-7f3k9m2q', outcome: 'rolled_back', reason: 'by hand' },
    ],
    ['mode read-only production', { name: 'read-only', scope: 'production' }],
    ['delegate sam until friday 18:00', { person: 'sam', until: '2026-11-27T18:00:00+01:00' }],
    ['delegate @jonas until 2026-12-01', { person: 'jonas', until: '2026-12-01T23:59:59+01:00' }],
    ['link slack:U012AB3CD', { account: 'slack:U012AB3CD' }],
    ['help deploy', { topic: 'deploy' }],
    ['halt because the database migrates', { reason: 'the database migrates' }],
    ['status', {}],
  ])('%s', (text, input) => {
    const reading = read(text)
    expect(reading).toMatchObject({ input, by: 'command', confidence: 1 })
    expect(isReady(reading)).toBe(true)
  })

  it.each([
    'deploy checkout 1.4.2 staging now',
    'deploy checkout 1.4.2 staging and cart',
    'deploy checkout 1.4.2 staging?',
    'deploy checkout 1.4.2 staging --force',
    'deploy checkout 1.4.2 staging dev',
    'deploy: checkout 1.4.2 staging',
    'restart the checkout in staging',
    'please deploy checkout 1.4.2 staging',
    'lock up the building',
    'status quo',
    'help me',
  ])('is exact or not at all: %s', (text) => expect(read(text).by).not.toBe('command'))

  it('keeps a dry run apart from the rest', () => {
    for (const text of [
      'dry run: deploy checkout 1.4.2 to staging',
      'deploy checkout 1.4.2 to staging (dry run)',
      'deploy checkout --dry-run 1.4.2 staging',
      'deploy checkout 1.4.2 staging —dry-run',
    ])
      expect(read(text), text).toMatchObject({ ...checkoutToStaging, dryRun: true })
  })

  it('lists what is missing, in order', () => {
    expect(read('deploy checkout')).toMatchObject({ ...deploy, missing: ['version', 'environment'] })
    expect(read('scale')).toMatchObject({ skill: 'scale', missing: ['service', 'environment', 'replicas'] })
  })

  it('reads a slip in a name as a sentence, which waits for a click; a short one is asked about', () => {
    expect(read('deploy checkuot 1.4.2 staging')).toMatchObject({
      skill: 'deploy',
      by: 'local',
      input: checkoutToStaging.input,
      ambiguous: [],
    })
    expect(read('deploy carr 1.4.2 to staging')).toMatchObject({
      skill: 'deploy',
      ambiguous: ['service'],
      questions: [{ parameter: 'service', options: [{ value: 'cart', label: 'cart' }] }],
    })
  })

  it('offers what there is for a name nobody knows', () => {
    const reading = read('deploy check-in 1.4.2 staging')
    expect(reading).toMatchObject({ ...deploy, invalid: ['service'] })
    expect(reading.questions?.[0]?.says).toContain('The nearest is checkout')
    expect(read('restart cart in moon').questions?.[0]?.says).toBe(
      'There is no environment "moon". There are dev, staging, production.',
    )
  })

  it('says why a count cannot be', () => {
    expect(read('scale cart to -5 in staging')).toMatchObject({ input: { replicas: -5 }, invalid: ['replicas'] })
    expect(read('scale cart to −5 in staging').questions?.[0]?.says).toBe('Replicas -5 cannot be below 0.')
    expect(read('scale cart staging 1,000,000').questions?.[0]?.says).toBe('Replicas 1,000,000 cannot be above 1000.')
    expect(read('scale cart staging replicas=2.5')).toMatchObject({ invalid: ['replicas'] })
    expect(read('cancel op-zzz')).toMatchObject({ skill: 'cancel', invalid: ['operation'] })
  })

  it('keeps several targets as an array', () => {
    expect(read('deploy checkout,cart 1.4.2 staging')).toMatchObject({
      ...deploy,
      input: { service: ['checkout', 'cart'] },
      ambiguous: [],
    })
  })

  it('has a usage line for every skill, and reads it back as that skill', () => {
    const usages = skills.map(usageOf)
    expect(usages).toContain('deploy SERVICE VERSION in ENVIRONMENT [strategy=rolling|canary|blue-green] [--dry-run]')
    expect(usages).toContain('scale SERVICE in ENVIRONMENT REPLICAS [for DURATION] [--dry-run]')
    expect(new Set(usages).size).toBe(skills.length)
  })
})
