import { describe, expect, test } from 'vitest'
import { isReady } from '../../../../core/interpretation.ts'
import { read } from '../shop.ts'
import { deploy, scale, useReading } from './reading.ts'

const reading = useReading()

describe('what a model reads', () => {
  test.each([
    ['checkout könnte in staging auf sechs Replikate hoch', '6', 6],
    ['sube checkout a media docena, digo seis, en staging', '6', 6],
    ['mets checkout à 6 réplicas en staging', 6, 6],
    ['ステージングのcheckoutを6台にして', '6', 6],
    ['gib checkout in staging drei mehr', '+3', '+3'],
    ['verdopple checkout in staging', 'x2', 'x2'],
    ['dobla checkout en staging', 'x2', 'x2'],
  ])('%s', async (text, replicas, value) => {
    const understood = await reading().readsAs(text, scale({ service: 'checkout', environment: 'staging', replicas }))
    expect(understood).toMatchObject({
      skill: 'scale',
      by: 'model',
      input: { service: 'checkout', environment: 'staging', replicas: value },
    })
    expect(isReady(understood)).toBe(true)
  })

  test('is the catalog’s name for an alias, a slip or a translation, and the typed word for a stranger', async () => {
    const said = await reading().readsAs(
      'bitte kasse v1.4.2 in die Produktion bringen',
      deploy({ service: 'checkout', version: 'v1.4.2', environment: 'production' }),
    )
    expect(said).toMatchObject({
      input: { service: 'checkout', version: 'v1.4.2', environment: 'production' },
      missing: [],
      ambiguous: [],
    })
    const slip = await reading().readsAs(
      'chekcout 1.4.2 hoch nach stagign',
      deploy({ service: 'checkout', version: '1.4.2', environment: 'staging' }),
    )
    expect(isReady(slip)).toBe(true)
    const stranger = await reading().readsAs(
      'ledger 1.4.2 nach staging',
      deploy({ service: 'ledger', version: '1.4.2', environment: 'staging' }),
    )
    expect(stranger).toMatchObject({ invalid: ['service'], input: { service: 'ledger' } })
  })

  test('a clock time is worked out by us, not by the model', async () => {
    const said = scale({ service: 'cart', environment: 'staging', replicas: 4, for: 'until 14:30' })
    expect(await reading().readsAs('cart auf 4 in staging, until 14:30', said)).toMatchObject({
      input: { for: '150m' },
    })
    expect(
      await reading().readsAs(
        'cart auf 4 in staging für anderthalb, also 90 Minuten',
        scale({ service: 'cart', environment: 'staging', replicas: 4, for: '1h30m' }),
      ),
    ).toMatchObject({ input: { for: '1h30m' } })
  })

  test('several services are a list, several things are none', async () => {
    const both = await reading().readsAs(
      'cart und search neu starten in dev',
      ...['cart', 'search'].map((service) => ({ tool: 'restart', arguments: { service, environment: 'dev' } })),
    )
    expect(both).toMatchObject({ skill: 'restart', input: { service: ['cart', 'search'], environment: 'dev' } })
    expect(isReady(both)).toBe(true)
    const mixed = await reading().readsAs(
      'cart neu starten und search auf 3 in dev',
      { tool: 'restart', arguments: { service: 'cart', environment: 'dev' } },
      scale({ service: 'search', environment: 'dev', replicas: 3 }),
    )
    expect(mixed.skill).toBeNull()
  })
})

describe('what nobody said', () => {
  test.each([
    [
      'bring checkout bitte nach staging',
      deploy({ service: 'checkout', version: '1.4.3', environment: 'staging' }),
      ['version'],
    ],
    [
      'checkout 1.4.2 ausrollen',
      deploy({ service: 'checkout', version: '1.4.2', environment: 'production' }),
      ['environment'],
    ],
    [
      '1.4.2 nach staging ausrollen',
      deploy({ service: 'payments', version: '1.4.2', environment: 'staging' }),
      ['service'],
    ],
    ['cart in staging größer machen', scale({ service: 'cart', environment: 'staging', replicas: 10 }), ['replicas']],
    [
      '11.4.2 von checkout nach staging',
      deploy({ service: 'checkout', version: '1.4.2', environment: 'staging' }),
      ['version'],
    ],
  ])('%s: is asked', async (text, call, missing) => {
    const understood = await reading().readsAs(text, call)
    expect(understood.missing).toEqual(missing)
    for (const name of missing) expect(understood.input).not.toHaveProperty(name)
  })

  test('an extra that was made up is asked about, not used and not lost in silence', async () => {
    const understood = await reading().readsAs(
      'cart auf 4 in staging',
      scale({ service: 'cart', environment: 'staging', replicas: 4, for: '2h' }),
    )
    expect(understood.ambiguous).toEqual(['for'])
    expect(understood.questions?.[0]?.says).toContain('leave it empty if not')
  })

  test('counts as said when the thread spoke of it', async () => {
    reading().fake.answers = () => [scale({ service: 'cart', environment: 'staging', replicas: 4 })]
    const local = { ...read('thanks'), skill: null }
    const there = await reading().reads('dort dasselbe, aber auf 4', {
      local,
      before: { service: 'cart', environment: 'staging' },
    })
    expect(isReady(there.interpretation)).toBe(true)
    const elsewhere = await reading().reads('dort das gleiche, aber auf 4', { local, before: { service: 'cart' } })
    expect(elsewhere.interpretation.missing).toEqual(['environment'])
  })

  test('what the model itself is unsure of is asked', async () => {
    const understood = await reading().readsAs('checkout 1.4.2 auf die andere Umgebung', {
      tool: 'deploy',
      arguments: { service: 'checkout', version: '1.4.2', environment: null, unclear: ['environment'] },
    })
    expect(understood.ambiguous).toEqual(['environment'])
    const open = await reading().readsAs('mach was mit checkout', { tool: 'ask', arguments: { skill: 'restart' } })
    expect(open).toMatchObject({ skill: 'restart', missing: ['service', 'environment'] })
    expect(await reading().readsAs('mach mal alles', { tool: 'ask', arguments: { skill: null } })).toMatchObject({
      skill: null,
    })
  })
})

test.each([
  [
    'checkout 1.4.2 nach staging oder production',
    deploy({ service: 'checkout', version: '1.4.2', environment: 'staging' }),
    'environment',
  ],
  [
    'checkout 1.4.2 nach staging oder production',
    deploy({ service: 'checkout', version: '1.4.2', environment: 'production' }),
    'environment',
  ],
  [
    'sube a staging checkout 1.4.2 o 1.4.1',
    deploy({ service: 'checkout', version: '1.4.2', environment: 'staging' }),
    'version',
  ],
  ['cart ou search à 4 en staging', scale({ service: 'search', environment: 'staging', replicas: 4 }), 'service'],
  ['cart in staging auf 4 oder 6', scale({ service: 'cart', environment: 'staging', replicas: 6 }), 'replicas'],
])('one of two is asked, not chosen: %s', async (text, call, name) => {
  expect(await reading().readsAs(text, call)).toMatchObject({ ambiguous: [name] })
})

describe('a model that writes nonsense', () => {
  test.each([
    ['a tool nobody has', { tool: 'drop_database', arguments: {} }],
    [
      'an argument nobody knows',
      { tool: 'restart', arguments: { servce: 'cart', environment: ['dev'], service: { name: 'cart' } } },
    ],
    [
      'values of wild types',
      {
        tool: 'scale',
        arguments: { service: 7, environment: true, replicas: 'as many as the sea', unclear: 'all', for: -1 },
      },
    ],
    ['the names of prototypes', { tool: 'constructor', arguments: { __proto__: 'x' } }],
  ])('%s: nothing is ready', async (_, call) => {
    expect(isReady(await reading().readsAs('mach mal irgendwas mit cart', call))).toBe(false)
  })

  test('a value that the skill does not take is refused with its reason', async () => {
    const understood = await reading().readsAs(
      'cart auf 5000 in staging',
      scale({ service: 'cart', environment: 'staging', replicas: 5000 }),
    )
    expect(understood.invalid).toEqual(['replicas'])
  })
})
