import { beforeAll, describe, expect, it } from 'vitest'
import { createNameIndex } from '../../../bot/people/names.ts'
import { understand } from '../../../bot/understand/understand.ts'
import { isReady } from '../../../core/interpretation.ts'
import { loadSpokenSkills, type SpokenSkillSet } from '../../../core/skill-set.ts'
import { people, wharf } from './wharf.ts'

let skills: SpokenSkillSet

beforeAll(async () => {
  skills = await loadSpokenSkills(new URL('../../../skills', import.meta.url).pathname)
})

const read = (text: string) =>
  understand(text, {
    skills,
    catalog: wharf,
    peopleNamed: createNameIndex(people),
    now: new Date('2026-03-04T09:00:00Z'),
    person: { timezone: 'Europe/Berlin' },
  })

describe('what is said again', () => {
  const last: readonly (readonly [text: string, skill: string, input: object])[] = [
    ['restart manifest in canal, no wait, in basin', 'restart', { service: 'manifest', environment: 'basin' }],
    [
      'scale manifest in canal to 4, sorry, no, to 6',
      'scale',
      { service: 'manifest', environment: 'canal', replicas: 6 },
    ],
    ['resolve INC-12, no wait, resolve INC-21', 'resolve', { incident: 'INC-21' }],
    ['switch the mode to suggest, no wait, to review', 'mode', { name: 'review' }],
  ]
  it.each(last)('%s', (text, skill, input) => {
    const found = read(text)
    expect({ skill: found.skill, input: found.input, ready: isReady(found) }).toEqual({ skill, input, ready: true })
  })

  it.each([
    'restart manifest in canal, no wait',
    'restart manifest in canal, no wait, do not',
    'restart manifest in canal, no wait, is that safe?',
    'restart manifest in canal, no wait, marek does it',
  ])('takes it back: %s', (text) => {
    expect(isReady(read(text)) && read(text).skill).toBe(false)
  })
})

describe('what stands around a request', () => {
  it.each([
    'nobody sleeps here anyway: restart manifest in canal',
    'restart manifest in canal before the captain comes in',
    'what i want is a rolling restart of manifest in canal',
    'could manifest be restarted in canal please?',
    'could someone... well, could you restart manifest in canal',
  ])('leaves it one: %s', (text) => {
    const found = read(text)
    expect([found.skill, found.input, isReady(found)]).toEqual([
      'restart',
      { service: 'manifest', environment: 'canal' },
      true,
    ])
  })

  it.each([
    'it goes like this: restart manifest in canal',
    'after the tide we always do it: restart manifest in canal',
    'restart manifest in canal before the next deploy',
    'can manifest be restarted in canal without anybody noticing?',
    'can we restart manifest in canal?',
  ])('makes it none: %s', (text) => {
    expect(isReady(read(text)) && read(text).skill).toBe(false)
  })
})
