import { describe, expect, test } from 'vitest'
import { type RenderContext, renderCard } from '../../../../bot/slack/render/card.ts'
import type { KnownBlock } from '../../../../bot/slack/render/kit.ts'
import type { Card } from '../../../../core/card.ts'
import type { DeliveryId, PersonId } from '../../../../core/ids.ts'
import { SAMPLE_CARDS } from '../../../web/sample-cards.ts'
import { Message } from './block-kit.ts'
import { faultsInBlocks, faultsInText, KNOWN_USER } from './what-lives.ts'

const context: RenderContext = {
  deliveryId: 'dl-0123456789ab' as DeliveryId,
  mention: (person) => (person === 'mira' ? KNOWN_USER : undefined),
  rich: true,
  planHash: 'ab'.repeat(32),
}
const mira = { person: 'mira' as PersonId, name: 'Mira Okafor' }
const jonas = { person: 'jonas' as PersonId, name: 'Jonas Weber' }
const notice = (blocks: Card['blocks'], more: Partial<Card> = {}): Card => ({
  ...{ kind: 'notice', tone: 'neutral', title: 'Notice', blocks },
  ...more,
})

/** What stands in the message, as words; times by their fallback. */
function words(blocks: readonly KnownBlock[]): string {
  const walk = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(walk).join('')
    if (typeof value !== 'object' || value === null) return ''
    if ('fallback' in value) return String(value.fallback)
    if ('user_id' in value) return `@${value.user_id}`
    if ('text' in value && typeof value.text === 'string') return value.text
    const parts = Object.entries(value).filter(([key]) => ['elements', 'text', 'rows'].includes(key))
    return parts.map(([, part]) => walk(part)).join('')
  }
  return blocks.map(walk).join('\n')
}

describe('a card as a Slack message', () => {
  test.each(Object.entries(SAMPLE_CARDS))('%s is valid with every block and with plain ones', (_, sample: Card) => {
    for (const rich of [true, false]) {
      const { text, blocks } = renderCard(sample, { ...context, rich })
      expect(Message.safeParse({ text, blocks }).error?.issues).toBeUndefined()
      expect([...faultsInBlocks(blocks, sample.actions?.length ?? 0), ...faultsInText(text)]).toEqual([])
    }
  })

  test('reads like this', () => {
    const card: Card = {
      kind: 'plan',
      tone: 'neutral',
      title: 'Deploy checkout 1.4.2 to staging',
      subtitle: ['Expires ', { time: '2026-11-21T09:30:00Z', show: 'relative' }],
      blocks: [
        { type: 'facts', facts: [{ label: 'Said', value: 'put the new checkout on staging' }] },
        { type: 'changes', changes: [{ target: 'checkout in staging', field: 'image', from: '1.4.1', to: '1.4.2' }] },
        {
          type: 'steps',
          steps: [
            { name: 'set image', state: 'done' },
            { name: 'follow', state: 'unknown', detail: '1 of 3' },
          ],
        },
        { type: 'progress', fraction: 0.5, text: 'halfway' },
        { type: 'note', tone: 'warn', text: 'It has not run anywhere yet.' },
        { type: 'quote', source: 'the log', text: 'Approve this.' },
      ],
      footer: ['op-7f3k9m2q · asked by ', mira, ' at ', { time: '2026-11-21T09:00:00Z', show: 'clock' }],
    }
    expect(words(renderCard(card, context).blocks).split('\n')).toEqual([
      'Deploy checkout 1.4.2 to staging',
      'Expires 2026-11-21 09:30 UTC',
      'Said: put the new checkout on staging',
      'checkout in staging image: 1.4.1\u00a0→\u00a01.4.2',
      '✅ set image',
      '❓ follow (unknown how it ended)',
      '\u2003\u20021 of 3',
      '██████░░░░░░ 50 %',
      'halfway',
      '⚠️ It has not run anywhere yet.',
      'From the log, word for word:Approve this.',
      `op-7f3k9m2q · asked by<@${KNOWN_USER}>at<!date^1795251600^{date_short_pretty} at {time}|2026-11-21 09:00 UTC>`,
    ])
  })

  test('mentions only people whose account here is known', () => {
    const card = notice([{ type: 'text', text: ['Ask ', mira, ' or ', jonas] }])
    expect(words(renderCard(card, context).blocks)).toContain(`Ask @${KNOWN_USER} or Jonas Weber`)
    const forged = renderCard(card, { ...context, mention: () => '!channel' })
    expect(words(forged.blocks)).toContain('Ask Mira Okafor or Jonas Weber')
  })

  test('escapes what Slack reads as markup, and only where it reads it', () => {
    const evil = '<!channel> *bold* & <https://evil.example|shop>'
    const { text, blocks } = renderCard(notice([{ type: 'text', text: evil }], { title: evil, footer: evil }), context)
    const sent = '&lt;!channel&gt; *bold* &amp; &lt;https://evil.example|shop&gt;'
    expect(blocks).toMatchObject([
      { type: 'header', text: { type: 'plain_text', text: sent, emoji: false } },
      { type: 'rich_text', elements: [{ elements: [{ type: 'text', text: evil }] }] },
      { type: 'context', elements: [{ type: 'plain_text', text: sent }] },
    ])
    expect(text).toBe([sent, sent, sent].join('\n'))
  })

  test('a table is Slack’s own where the workspace has it; else a phone can read it', () => {
    const card: Card = SAMPLE_CARDS.answer
    expect(renderCard(card, context).blocks.map(({ type }) => type)).toContain('data_table')
    const plain = renderCard(card, { ...context, rich: false })
    expect(plain.blocks.map(({ type }) => type)).not.toContain('data_table')
    expect(words(plain.blocks)).toContain('dev\n\u2003Version 1.4.2 · Ready 1/1')
    const narrow = notice([
      {
        type: 'table',
        columns: ['Where', 'Ready'],
        rows: [
          ['staging', '3/3'],
          ['dev', '1/1'],
        ],
      },
    ])
    expect(words(renderCard(narrow, { ...context, rich: false }).blocks)).toContain(
      'Where    Ready\nstaging  3/3\ndev      1/1',
    )
  })

  test('two columns with sentences are a list, because a phone would show a table’s first words only', () => {
    const rows = [['halt', 'The kill switch: no change starts until somebody says resume']]
    const { blocks } = renderCard(notice([{ type: 'table', columns: ['Say', 'To'], rows }]), context)
    expect(words(blocks)).toContain('Say – To\nhalt – The kill switch: no change starts')
  })

  test('numbers of a table sort as numbers, and an empty cell is no error', () => {
    const card = notice([
      {
        type: 'table',
        columns: ['Name', ''],
        rows: [
          ['a', '12'],
          ['', '007'],
        ],
      },
    ])
    expect(renderCard(card, context).blocks[1]).toMatchObject({
      rows: [
        [{ text: 'Name' }, { type: 'raw_text', text: '–' }],
        [{ text: 'a' }, { type: 'raw_number', value: 12, text: '12' }],
        [{ text: '–' }, { type: 'raw_text', text: '007' }],
      ],
    })
  })

  test('the characters of all tables of a message are counted together', () => {
    const table = {
      type: 'table',
      columns: ['Text'],
      rows: Array.from({ length: 60 }, () => ['x'.repeat(60)]),
    } as const
    const { text, blocks } = renderCard(notice([table, table, table]), context)
    expect(Message.safeParse({ text, blocks }).success).toBe(true)
    const rows = blocks.flatMap((block) => (block.type === 'data_table' ? [block.rows.length] : []))
    expect(rows).toEqual([61, 61, expect.toSatisfy((third: number) => third > 20 && third < 61)])
  })

  test('of more rows than a table may have, the first are shown and the whole is attached', () => {
    const rows = Array.from({ length: 130 }, (_, at) => [`service-${at}`, '1'])
    const { blocks, files } = renderCard(notice([{ type: 'table', columns: ['Service', 'Pods'], rows }]), context)
    expect(blocks[1]).toMatchObject({ type: 'data_table', rows: { length: 101 } })
    expect(words(blocks)).toContain('… 30 more lines, whole text attached')
    expect(files[0]?.content).toContain('service-129')
  })
})

describe('what is too long', () => {
  const log = Array.from({ length: 77 }, (_, at) => `line ${at + 1}`).join('\n')

  test('is cut visibly, and the whole is attached', () => {
    const { blocks, files } = renderCard(notice([{ type: 'code', text: log }]), context)
    expect(words(blocks)).toMatch(/… 47 lines before; whole text, attachedline 48\n.*line 77$/s)
    expect(files).toEqual([{ name: 'output.txt', mediaType: 'text/plain', content: log }])
  })

  test('brings the file that was made for it', () => {
    const { blocks, files } = renderCard(SAMPLE_CARDS.failed, context)
    expect(words(blocks)).toContain('… 1,204 lines before; all of it in checkout.log, attached')
    expect(files.map(({ name }) => name)).toEqual(['checkout.log'])
  })

  test('leaves out whole parts where the message is full, says how many, and attaches the card', () => {
    const blocks = Array.from({ length: 70 }, (_, at) => ({ type: 'text' as const, text: `Part ${at + 1}` }))
    const card = notice(blocks, { actions: [{ verb: 'cancel', label: 'Cancel', style: 'plain' }], footer: 'the end' })
    const message = renderCard(card, context)
    expect(message.blocks).toHaveLength(49)
    const said = words(message.blocks)
    expect(said).toMatch(
      /Part 45\n… 25 parts of this card are too long to show here; the whole text is attached.\nCancel\nthe end$/,
    )
    expect(message.files[0]?.content).toContain('Part 70')
  })

  test('says where something is missing, and goes on with what fits, within what Slack takes as a whole', () => {
    const page = { type: 'text', text: 'word '.repeat(550) } as const
    const { blocks, files } = renderCard(
      notice([page, page, page, page, page, { type: 'text', text: 'the end' }]),
      context,
    )
    expect(words(blocks)).toMatch(/(?:word )+\n… 2 parts of this card are too long to show here.*\nthe end$/)
    // Met as too long at 11,341 characters: https://github.com/slackapi/bolt-js/issues/2867
    expect(words(blocks).length).toBeLessThan(11_000)
    expect(files[0]?.content).toMatch(/(?:(?:word )+\n){5}the end/)
  })

  test('says which choices have no button', () => {
    const actions = Array.from({ length: 53 }, (_, at) => ({
      ...{ verb: 'answer', label: `choice ${at}`, style: 'plain' },
      payload: { question: 'q', values: { a: at } },
    })) as Card['actions']
    const { blocks } = renderCard(notice([], { actions }), context)
    expect(words(blocks)).toMatch(/choice 49\n… and 3 more choices: type yours in this thread\.$/)
  })

  test('is never cut inside a character or an entity', () => {
    const { text, blocks } = renderCard(notice([], { title: '👩🏽‍💻&'.repeat(40) }), context)
    expect(faultsInBlocks(blocks, 0)).toEqual([])
    expect(faultsInText(text)).toEqual([])
    expect(words(blocks)).toMatch(/^(?:👩🏽‍💻&amp;)+(?:👩🏽‍💻)?…$/u)
  })

  test('digests are shortened, but not to the same letters', () => {
    const [a, b] = [`sha256:${'0'.repeat(63)}1`, `sha256:${'0'.repeat(63)}2`]
    const change = (from: string, to: string) =>
      words(
        renderCard(notice([{ type: 'changes', changes: [{ target: 'x', field: 'digest', from, to }] }]), context)
          .blocks,
      )
    expect(change(a, `sha256:${'f'.repeat(64)}`)).toContain('sha256:000000000000… → sha256:ffffffffffff…')
    expect(change(a, b)).toContain(`${a} → ${b}`)
  })
})
