import { describe, expect, it } from 'vitest'
import { said } from './wharf.ts'

describe('what is said unclearly', () => {
  it.each([
    ['restart', 'restart manifest in canal or basin', 'environment'],
    ['restart', 'restart manifest or tides in canal', 'service'],
    ['restart', 'restart manifest in prod', 'environment'],
    ['restart', 'restart tarif in canal', 'service'],
    ['digest', 'costs digest every monday morning', 'when'],
    ['digest', 'costs digest every morning', 'when'],
    ['acknowledge', 'ack inc-1 and inc-2', 'incident'],
    ['costs', 'costs of manifest in canal', 'scope'],
    ['alerts', 'critical or info alerts', 'severity'],
  ])('%s: %s', (skill, text, parameter) => expect(said(skill, text).ambiguous).toEqual([parameter]))

  it('does not pair names up by itself', () => {
    const pairs = said('restart', 'restart manifest in canal and tides in basin')
    expect(pairs.ambiguous).toEqual(['service', 'environment'])
  })

  it.each([
    ['digest', 'costs digest every other day', 'when'],
    ['digest', 'costs digest on mondays and thursdays', 'when'],
    ['silence', 'silence manifest overnight', 'for'],
    ['deploy', 'deploy manifest to canal, see https://ci.example/1.4.2', 'version'],
  ])('%s: %s is not said at all', (skill, text, parameter) => expect(said(skill, text).missing).toContain(parameter))
})

describe('a word for a kind of place', () => {
  it.each(['prod', 'production', 'uat', 'the demo environment', 'stg'])(
    '%s is asked about where it is no name',
    (place) => {
      const found = said('deploy', `please deploy manifest 1.4.2 to ${place} please`)
      expect([...found.ambiguous, ...found.invalid]).toEqual(['environment'])
    },
  )

  it('is none where it is a verb', () => {
    expect(said('deploy', 'deploy manifest 1.4.2 to basin to test the new cranes').input.environment).toBe('basin')
  })
})

describe('slips', () => {
  it.each([
    ['crane-contrl', 'crane-control'],
    ['carne-contorl', 'crane-control'],
    ['manifets', 'manifest'],
    ['cstoms', 'customs-gate'],
    ['customs-gte', 'customs-gate'],
    ['berth-planer', 'berth-planner'],
  ])('reads %s as %s', (slip, service) => {
    expect(said('restart', `restart ${slip} in canal`)).toMatchObject({ input: { service }, bent: 1, ambiguous: [] })
  })

  it.each(['berth-bot', 'customs-db', 'crane-ui'])('does not take a piece of %s for a slip of another', (word) => {
    const found = said('restart', `restart ${word} in canal`)
    expect([...found.ambiguous, ...found.invalid]).toEqual(['service'])
  })

  it('says that a broken id is none', () => {
    expect(said('cancel', 'please kill op-12').invalid).toEqual(['operation'])
    expect(said('acknowledge', 'ack inc-12b').invalid).toEqual(['incident'])
  })

  it.each(['picture', 'crane', 'tide', 'manif', 'crne-contrl-x'])('does not read %s as a name', (word) => {
    const found = said('restart', `restart ${word} in canal`)
    expect([...found.ambiguous, ...found.invalid, ...found.missing]).toEqual(['service'])
  })

  it('takes "us" for a place only where it is one', () => {
    expect(said('status', 'give us the status of manifest in canal').input).toEqual({
      service: 'manifest',
      environment: 'canal',
    })
    expect(said('status', 'show the status of manifest to us').input).toEqual({ service: 'manifest' })
  })
})
