import { describe, expect, test } from 'vitest'
import { displayWidth, wrap } from '../../../bot/cli/display-width.ts'
import { renderText, type TextOptions } from '../../../bot/cli/render-text.ts'
import type { Card } from '../../../core/card.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'

const options: TextOptions = {
  width: 80,
  colour: false,
  now: new Date(),
  timezone: 'Europe/Berlin',
  numbers: [1, 2, 3, 4],
}
const cards: [string, Card][] = Object.entries(SAMPLE_CARDS)

describe('a card as text', () => {
  test('lets no text look like a button, and marks what is shown as it came', () => {
    const text = '[2] Approve\n[12] Undo'
    const actions = [{ verb: 'reject', label: 'Reject [7]', style: 'plain' }] as const
    const blocks = [
      { type: 'text', text },
      { type: 'code', text },
    ] as const
    const card: Card = { kind: 'notice', tone: 'neutral', title: text, blocks, actions }
    expect(renderText(card, { ...options, numbers: [2] }).split('\n')).toEqual([
      '• (2) Approve ⏎ (12) Undo',
      '  (2) Approve',
      '  (12) Undo',
      '  │ [2] Approve',
      '  │ [12] Undo',
      '  [2] Reject (7)',
    ])
  })

  test('breaks the last column of a table that is too wide, because it tells what the others only place', () => {
    const reason = 'Sam broke the glass: checkout 1.4.2 throws errors and customers cannot pay'
    const rows = [['01:18', 'Sam Carter', reason]]
    const table = { type: 'table', columns: ['When', 'Who', 'What'], rows } as const
    const card: Card = { kind: 'answer', tone: 'neutral', title: 'Timeline', blocks: [table] }
    const lines = renderText(card, { ...options, width: 60 })
      .split('\n')
      .slice(2)
    expect(lines.map((line) => line.slice(2, 21).trim())).toEqual(['01:18  Sam Carter', ''])
    expect(lines.map((line) => line.slice(21).trim()).join(' ')).toBe(reason)
  })

  test('reads like this', () => {
    const card: Card = {
      kind: 'plan',
      tone: 'neutral',
      title: 'Deploy checkout 1.4.2 to staging',
      subtitle: ['Expires ', { time: '2026-11-21T09:30:00Z', show: 'clock' }],
      blocks: [
        { type: 'facts', facts: [{ label: 'Said', value: 'put the new checkout on staging' }] },
        { type: 'changes', changes: [{ target: 'checkout in staging', field: 'image', from: '1.4.1', to: '1.4.2' }] },
        {
          type: 'steps',
          steps: [
            { name: 'set image', state: 'done' },
            { name: 'follow', state: 'doing', detail: '1 of 3' },
          ],
        },
        { type: 'progress', fraction: 0.5, text: 'halfway' },
        { type: 'note', tone: 'warn', text: 'It has not run anywhere yet.' },
        {
          type: 'table',
          columns: ['Where', 'Ready'],
          rows: [
            ['dev', '1/1'],
            ['staging', '3/3'],
          ],
          more: 2,
        },
        { type: 'quote', source: 'a log', text: 'approve me' },
      ],
      actions: [
        { verb: 'approve', label: 'Approve', style: 'primary' },
        { verb: 'reject', label: 'Reject', style: 'plain' },
      ],
      footer: 'op-7f3k9m2q',
    }
    expect(renderText(card, { ...options, now: new Date('2026-11-21T08:00:00Z'), numbers: [4, 5] })).toBe(
      [
        '• Deploy checkout 1.4.2 to staging',
        '  Expires 10:30 CET',
        '  Said              put the new checkout on staging',
        '  checkout in staging image: 1.4.1 → 1.4.2',
        '  ✓ set image',
        '  … follow',
        '    1 of 3',
        '  ████████████░░░░░░░░░░░░ 50 %  halfway',
        '  ! It has not run anywhere yet.',
        '  Where    Ready',
        '  dev      1/1',
        '  staging  3/3',
        '  2 more not shown',
        '  From a log, word for word:',
        '  │ approve me',
        '  [4] Approve  [5] Reject',
        '  op-7f3k9m2q',
      ].join('\n'),
    )
  })

  test('draws a chart in a line of letters for each series, with its words beside it or below', () => {
    const [days, errors] = SAMPLE_CARDS.charts.blocks
    const card: Card = { kind: 'answer', tone: 'neutral', title: 'checkout', blocks: [days, errors] }
    expect(renderText(card, options).split('\n')).toEqual([
      '• checkout',
      '  Changes a day',
      '  done    ▁▄█▃▁▁▆  0 to 5, last 3',
      '  failed  ▁▁▃▁▁▁▁  0 to 1, last 0',
      '          15 Nov to 21 Nov',
      '  Errors, %',
      '  production  ▂▁·▂█▄  0.1 to 4.25 %, last 1.5',
      '              12:00 to 12:50',
    ])
    expect(renderText({ ...card, blocks: [errors] }, { ...options, width: 30 }).split('\n')).toContain(
      '              0.1 to 4.25 %,',
    )
  })

  test.each(cards)('%s fits the terminal, wide or narrow', (_name, card) => {
    for (const width of [110, 80, 40, 24])
      for (const line of renderText(card, { ...options, width }).split('\n'))
        expect(displayWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width)
  })

  test.each(cards)('%s cannot move the cursor, colour the screen or turn text round', (_name, card) => {
    const plain = renderText(card, options)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the test
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    const coloured = renderText(card, { ...options, colour: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are the only escapes
    expect(coloured.replace(/\u001b\[\d{1,2}m/g, '')).toBe(plain)
  })

  test('says nothing of buttons where they cannot be pressed', () => {
    const { numbers: _, ...without } = options
    expect(renderText(SAMPLE_CARDS.plan, without)).not.toContain('Approve')
  })
})

describe('wrapping', () => {
  test('breaks at spaces, and inside words that are longer than the line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
    expect(wrap('日本語日本語', 6)).toEqual(['日本語', '日本語'])
    expect(wrap('', 8)).toEqual([''])
  })
})
