import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hiddenIn } from '../../../../bench/prove/fuzz/hostile.ts'
import { MOST_BYTES, renderCard } from '../../../../bot/teams/render/card.ts'
import type { Card } from '../../../../core/card.ts'
import type { PersonId } from '../../../../core/ids.ts'
import { SAMPLE_CARDS } from '../../../web/sample-cards.ts'
import { AdaptiveCardOfOurs, complaints, skeleton, textsOf } from './adaptive-card.ts'
import { anyCard } from './any-card.ts'

const context = { deliveryId: 'dl-1', now: new Date('2026-11-21T12:00:00Z') }
const render = (card: Card, more: Partial<Parameters<typeof renderCard>[1]> = {}) =>
  renderCard(card, { ...context, ...more })
const note = (title: string): Card => ({ kind: 'notice', tone: 'neutral', title, blocks: [] })
const samples: readonly (readonly [string, Card])[] = Object.entries(SAMPLE_CARDS)

describe('a card as an Adaptive Card', () => {
  test.each(samples)('%s is what the schema and the library of Microsoft take', (_, card) => {
    const drawn = render(card, { deciders: ['29:jonas'] })
    expect(complaints(drawn.card)).toEqual([])
    AdaptiveCardOfOurs.parse(drawn.card)
  })

  test('times are written in the reader’s zone: the hour alone when it is near, with the day when it is not', () => {
    const text = [
      ...(['2026-11-21T14:05:00.123Z', '2026-11-01T14:05:00Z'] as const).map((time) => ({
        time,
        show: 'clock' as const,
      })),
      { time: '{{TIME(2026-11-21T14:05:00Z)}}', show: 'clock' as const },
    ]
    const said = textsOf(render({ ...note('x'), blocks: [{ type: 'text', text }] }).card).slice(1)
    expect(said).toEqual([
      '{{TIME(2026-11-21T14:05:00Z)}}',
      '{{DATE(2026-11-01T14:05:00Z, SHORT)}} {{TIME(2026-11-01T14:05:00Z)}}',
      '{ {TIME(2026-11-21T14:05:00Z)}}',
    ])
  })

  test('buttons carry what a click needs, a reason is asked for in the card, and forms send their fields by name', () => {
    const { plan, form } = SAMPLE_CARDS
    const [approve, reject] = AdaptiveCardOfOurs.parse(render(plan).card).actions
    expect(approve).toMatchObject({ type: 'Action.Execute', data: { deliveryId: 'dl-1', verb: 'approve' } })
    expect(reject).toMatchObject({
      type: 'Action.ShowCard',
      card: {
        body: [{ id: 'reason1', label: 'Why not?' }],
        actions: [{ data: { verb: 'reject', reason: 'reason1' } }],
      },
    })
    const [make, drop] = AdaptiveCardOfOurs.parse(render(form).card).actions
    expect(make).toMatchObject({ associatedInputs: 'auto', data: { fields: ['service', 'replicas', 'for'] } })
    expect(drop).toMatchObject({ associatedInputs: 'none', data: { payload: { question: 'q2', drop: true } } })
  })

  test('only those who may decide are shown the buttons that decide, and their clients ask for them', () => {
    const titles = (card: object) => AdaptiveCardOfOurs.parse(card).actions.map(({ title }) => title)
    const everybody = render(SAMPLE_CARDS.plan, { deciders: ['29:jonas'] }).card
    expect(titles(everybody)).toEqual(['Cancel'])
    expect(everybody.refresh).toMatchObject({ userIds: ['29:jonas'], action: { verb: 'refresh' } })
    const decider = render(SAMPLE_CARDS.plan, { deciders: ['29:jonas'], forDecider: true }).card
    expect(titles(decider)).toEqual(['Approve', 'Reject', 'Cancel', 'Break glass…'])
    expect(titles(render(SAMPLE_CARDS.plan).card)).toHaveLength(4)
    const crowd = Array.from({ length: 61 }, (_, at) => `29:${at}`)
    expect(titles(render(SAMPLE_CARDS.plan, { deciders: crowd }).card)).toHaveLength(4)
    expect(render(SAMPLE_CARDS.result, { deciders: ['29:jonas'] }).card.refresh).toBeUndefined()
  })

  test('whom a plan names is mentioned by the account that is known, whatever they are called; the small print calls nobody', () => {
    const id = 'bbbbbbbb-0000-4000-8000-00000000000b'
    const jonas = { person: 'jonas' as PersonId, name: '**Jonas** [x](https://evil.example) Lind' }
    const sam = { person: 'sam' as PersonId, name: 'Sam' }
    const plan: Card = {
      ...note('Plan'),
      kind: 'plan',
      blocks: [{ type: 'text', text: [jonas, ' or ', sam] }],
      footer: [sam],
    }
    const mention = (person: string) => (person === 'jonas' ? id : undefined)
    const drawn = AdaptiveCardOfOurs.parse(render(plan, { mention }).card)
    expect(drawn.msteams.entities).toMatchObject([{ mentioned: { id } }])
    expect(drawn.body.filter(({ type }) => type === 'TextBlock')).toHaveLength(1)
    expect(complaints(render(plan, { mention }).card)).toEqual([])
    expect(
      AdaptiveCardOfOurs.parse(render({ ...plan, blocks: [] }, { mention: () => id }).card).msteams.entities,
    ).toBeUndefined()
  })

  test('a column has room for its words: the longest word asks for more of a table’s width than short ones', () => {
    const at = { time: '2026-10-01T14:05:00Z', show: 'clock' as const }
    const rows = [
      ['recommendations', '0.9.1', '3/3', 'a long story that goes on and on and on', [at]],
      ['web', '3.2.1', '5/5', 'well', [at]],
    ]
    const columns = ['Service', 'Version', '', 'State', 'Since']
    const { card } = render({ ...note('All'), blocks: [{ type: 'table', columns, rows }] })
    const table = AdaptiveCardOfOurs.parse(card).body.find((one) => one.type === 'Table')
    const widths = (table?.columns ?? []).map(({ width }) => width)
    const share = (column: number) => (widths[column] ?? 0) / widths.reduce((sum, width) => sum + width, 0)
    // A phone has room for about 52 small letters beside each other.
    expect(share(0) * 52).toBeGreaterThan('recommendations'.length)
    expect(share(1) * 52).toBeGreaterThan('Version'.length)
    expect(share(2)).toBeLessThan(share(1))
    expect(share(3) * 52).toBeLessThan(20)
    expect(share(4)).toBeGreaterThan(share(1))
  })

  test('what is too long is cut, says so, and is attached whole', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => [`service-${at}`, 'ж'.repeat(200)])
    const long: Card = { ...note('All'), blocks: [{ type: 'table', columns: ['Name', 'Say'], rows }] }
    const { card, files } = render(long)
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(MOST_BYTES)
    expect(textsOf(card).join('\n')).toMatch(/… 1,9\d\d more rows(?:.|\n)*This card is cut. The whole is in card.txt./)
    expect(files.map(({ name }) => name)).toEqual(['card.txt'])
    expect(files[0]?.content).toContain('service-1999')
    const titles = (pageAddress?: string) =>
      AdaptiveCardOfOurs.parse(render(long, { pageAddress }).card).body.flatMap((one) =>
        one.type === 'ActionSet' ? one.actions.map(({ title }) => title) : [],
      )
    // The page is for whoever may sign in there; without one there is the file alone.
    expect(titles('https://quarterdeck.example/')).toEqual(['Read the whole', 'Send me the whole'])
    expect(titles()).toEqual(['Send me the whole'])
    expect(JSON.stringify(render(note('x'), { pageAddress: 'https://quarterdeck.example' }).card)).not.toContain(
      'OpenUrl',
    )
  })

  test('whatever a card holds, it is valid, small enough, and shows no hidden character', () => {
    fc.assert(
      fc.property(anyCard, fc.boolean(), (card, forDecider) => {
        const mention = () => 'bbbbbbbb-0000-4000-8000-00000000000b'
        const pageAddress = forDecider ? 'https://quarterdeck.example' : undefined
        const drawn = render(card, { deciders: ['29:jonas'], forDecider, mention, pageAddress })
        expect(Buffer.byteLength(JSON.stringify(drawn.card))).toBeLessThanOrEqual(MOST_BYTES)
        AdaptiveCardOfOurs.parse(drawn.card)
        expect(complaints(drawn.card)).toEqual([])
        const shown = [...textsOf(drawn.card), drawn.summary]
        expect(shown.map(hiddenIn).filter(Boolean)).toEqual([])
        expect(drawn.summary).not.toContain('\n')
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })

  test('hostile words change no element, and no function of theirs is run', () => {
    const hostile = [
      '[Approve](https://evil.example) <at>Jonas</at>',
      '{{DATE(2017-02-14T06:00:00Z, SHORT)}}',
      '**x**\r- y',
    ]
    for (const [, card] of samples)
      for (const words of hostile) {
        const drawn = render(poisoned(card, words)).card
        expect(skeleton(drawn)).toEqual(skeleton(render(poisoned(card, 'tame')).card))
        expect(textsOf(drawn).filter((text) => text.includes('{{DATE(2017'))).toEqual([])
      }
  })
})

const OURS = [
  'kind',
  'tone',
  'type',
  'state',
  'style',
  'verb',
  'show',
  'mediaType',
  'person',
  'payload',
  'time',
  'value',
]
function poisoned<Part>(part: Part, words: string, name = ''): Part {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return OURS.includes(key) ? value : words
    if (Array.isArray(value)) return value.map((one) => walk(one, key))
    if (typeof value !== 'object' || value === null || key === 'payload') return value
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, walk(one, inner)]))
  }
  // Strings were replaced by strings, nothing else.
  return walk(part, name) as Part
}
