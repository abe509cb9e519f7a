import { describe, expect, it } from 'vitest'
import { read } from './shop.ts'

describe('what somebody wants to see', () => {
  it.each([
    ['is cart healthy in prod? not touching anything', 'status', { service: 'cart', environment: 'production' }],
    ['how is cart in prod? do not want to bother the wrong one', 'status', { service: 'cart' }],
    ['last question: how is cart in prod', 'status', { service: 'cart' }],
    ['could the logs of cart in prod be shown, please?', 'logs', { service: 'cart', environment: 'production' }],
    ['the status of cart in prod would be needed', 'status', { service: 'cart', environment: 'production' }],
    [
      'the auditors are asking for the history of cart in prod',
      'history',
      { service: 'cart', environment: 'production' },
    ],
    ['what is broken', 'status', {}],
    ['what is down in prod right now?', 'status', { environment: 'production' }],
    ['which services are failing', 'status', {}],
    ['before the meeting i would need to know the status of cart in prod', 'status', { service: 'cart' }],
  ])('%s', (text, skill, input) => expect(read(text)).toMatchObject({ skill, input, missing: [] }))

  it.each([
    'how is cart in prod? never mind',
    'the auditors are asking for a rollback of cart in prod',
    'i would need to know whether we should restart cart in prod',
    'ben: how is cart in prod?',
  ])('changes nothing: %s', (text) => expect(['status', null]).toContain(read(text).skill))
})

describe('what ends in a laugh or a tick', () => {
  it.each([
    ['bounce cart in prod 🔄', 'restart'],
    ['bounce cart in prod lol', 'restart'],
    ['mark op-7f3k9m2q as rolled back ✅', 'settle'],
  ])('is an order: %s', (text, skill) => expect(read(text).skill).toBe(skill))

  it.each(['deploy cart 1.4.2 prod ✅', '✅ cart restarted in prod', 'bounce cart in prod, just kidding'])(
    'is none: %s',
    (text) => expect(read(text).skill).toBe(null),
  )
})
