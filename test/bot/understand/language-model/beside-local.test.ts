import { describe, expect, test } from 'vitest'
import { understand } from '../../../../bot/understand/understand.ts'
import { isReady } from '../../../../core/interpretation.ts'
import { read } from '../shop.ts'
import { deploy, optionsOfMira, scale, useReading } from './reading.ts'

const reading = useReading()

describe('beside the local reader', () => {
  test('a command, a sure reading and a sure "no" are not read again', () => {
    const asks = (text: string) =>
      reading().reader.mayTellMore(text, understand(text, optionsOfMira), optionsOfMira.skills)
    expect(asks('scale cart 4 staging')).toBe(false)
    expect(asks('scale cart to 4 in staging')).toBe(false)
    expect(asks('please restart cart in dev')).toBe(false)
    expect(asks('starte cart in dev neu')).toBe(true)
    expect(asks('```\nrestart cart in dev\n```')).toBe(false)
    expect(asks('ok, thanks!')).toBe(false)
    expect(asks('the deploy of cart went fine yesterday')).toBe(false)
    expect(asks('nobody touches production today')).toBe(false)
    expect(asks('breathe some new life into the cart thing over in dev, would you')).toBe(true)
    const none = { ...read('thanks'), skill: null, confidence: 0.97 }
    expect(reading().reader.mayTellMore('thanks', none, optionsOfMira.skills)).toBe(false)
  })

  test('its question is not skipped, and where the two differ a person decides', async () => {
    const base = { text: '', skill: 'scale', confidence: 0.9, missing: [], invalid: [], by: 'local' } as const
    reading().fake.answers = () => [scale({ service: 'cart', environment: 'staging', replicas: 4 })]
    const says = 'There is no service "car". Did you mean cart or catalog?'
    const question = {
      parameter: 'service',
      says,
      options: [
        { value: 'cart', label: 'cart' },
        { value: 'catalog', label: 'catalog' },
      ],
    }
    const asked = await reading().reads('scale cart to 4 in staging!', {
      local: {
        ...base,
        input: { service: 'car', environment: 'staging', replicas: 4 },
        ambiguous: ['service'],
        questions: [question],
      },
    })
    expect(asked.interpretation).toMatchObject({ ambiguous: ['service'], questions: [{ says }] })
    const differs = await reading().reads('scale cart to 4 in staging, not 6', {
      local: { ...base, input: { service: 'cart', environment: 'staging', replicas: 6 }, ambiguous: [] },
    })
    expect(differs.interpretation).toMatchObject({
      ambiguous: ['replicas'],
      questions: [{ says: 'Which replicas: 6 or 4?' }],
    })
  })

  test('a reading that only lacks a part is not given up for what the model would rather do', async () => {
    const local = read('scale cart up in staging by whatever the load asks')
    const lacking = {
      ...local,
      skill: 'scale',
      confidence: 0.9,
      missing: ['replicas'],
      input: { service: 'cart', environment: 'staging' },
    }
    reading().fake.answers = () => [{ tool: 'no_request', arguments: { because: 'other' } }]
    expect((await reading().reads('scale cart up in staging by whatever', { local: lacking })).interpretation).toBe(
      lacking,
    )
    reading().fake.answers = () => [{ tool: 'restart', arguments: { service: 'cart', environment: 'staging' } }]
    expect((await reading().reads('scale cart up in staging by load', { local: lacking })).interpretation).toBe(lacking)
  })

  test('what is denied, wondered about or somebody else’s stays no request, whatever the model says', async () => {
    for (const text of [
      'starte cart in dev bitte nicht neu',
      'sollen wir cart in dev neu starten?',
      'wenn es schiefgeht, cart in dev neu starten',
      'no reinicies cart en dev',
      'ne redémarre pas cart en dev',
      'cartをdevで再起動しないでください',
      'should we restart cart in dev?',
      'jonas said to restart cart in dev',
    ]) {
      const understood = await reading().readsAs(text, {
        tool: 'restart',
        arguments: { service: 'cart', environment: 'dev' },
      })
      expect(understood.skill, text).toBeNull()
    }
    const polite = await reading().readsAs('wenn möglich cart in dev neu starten', {
      tool: 'restart',
      arguments: { service: 'cart', environment: 'dev' },
    })
    expect(isReady(polite)).toBe(true)
  })

  test('the answer to an open question goes on with its request', async () => {
    const question = {
      skill: 'deploy',
      said: 'deploy checkout 1.4.2',
      input: { service: 'checkout', version: '1.4.2' },
      asks: ['environment'],
    }
    reading().fake.answers = () => [deploy({ service: null, version: null, environment: 'staging' })]
    const local = { ...read('thanks'), skill: null }
    const answered = await reading().reads('na die staging natürlich', { local, question })
    expect(answered.answers).toBe(true)
    expect(answered.interpretation).toMatchObject({
      skill: 'deploy',
      by: 'model',
      input: { service: 'checkout', version: '1.4.2', environment: 'staging' },
      missing: [],
    })
    expect(reading().fake.asked.at(-1)?.message).toContain('"asks":["environment"]')
  })
})

describe('a model that does not answer', () => {
  test('leaves the local reading as it was, and says why', async () => {
    reading().fake.faults.push({ status: 401 })
    const local = read('mach mal was mit cart in dev')
    const reread = await reading().reads('mach mal was mit cart in dev', { local })
    expect(reread).toEqual({
      interpretation: local,
      answers: false,
      silent: expect.stringContaining('does not take our key'),
    })
  })
})
