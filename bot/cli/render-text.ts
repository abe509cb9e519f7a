import type { Card, Text } from '../../core/card.ts'
import { wrap } from './display-width.ts'
import { type Ink, inkOf } from './ink.ts'
import { blockLines } from './render-block.ts'
import { sayTime } from './say-time.ts'
import { terminalLine, terminalText } from './terminal-text.ts'

/** A card as the API sends it: files come without their content. */
export type ShownCard = Card

export interface TextOptions {
  /** Columns; every line fits. */
  readonly width: number
  readonly colour: boolean
  readonly now: Date
  /** IANA name of the reader's zone. */
  readonly timezone: string
  /** What to type for each of the card's actions, in order; absent = the actions are not offered. */
  readonly numbers?: readonly number[]
}

/** What block renderers need. */
export interface Page {
  readonly width: number
  readonly ink: Ink
  /** The plain words of a text, safe to print. */
  words(text: Text): string
}

const MARKS = { neutral: '•', good: '✓', warn: '!', bad: '✗', busy: '…' } as const
const INDENT = '  '

/** A card as lines of text, without a newline at the end. Pure. Nothing in the card can move the cursor or colour the screen. */
export function renderText(card: ShownCard, options: TextOptions): string {
  const ink = inkOf(options.colour)
  const width = Math.max(20, options.width) - INDENT.length
  const words = (text: Text) => wordsOf(text, options)
  const page: Page = { width, ink, words }
  const tone = { neutral: ink.accent, good: ink.good, warn: ink.warn, bad: ink.bad, busy: ink.accent }[card.tone]
  const mark = card.kind === 'question' || card.kind === 'form' ? '?' : MARKS[card.tone]

  const [first = '', ...rest] = wrap(terminalLine(card.title), width)
  const lines = [`${tone(mark)} ${ink.bold(first)}`, ...rest.map((line) => INDENT + ink.bold(line))]
  const add = (more: readonly string[]) => lines.push(...more.map((line) => INDENT + line))
  if (card.subtitle !== undefined) add(wrap(words(card.subtitle), width).map(ink.faint))
  for (const block of card.blocks) add(blockLines(block, page))
  if (card.actions?.length && options.numbers) {
    const buttons = card.actions.map(({ label }, at) => `[${options.numbers?.[at] ?? '?'}] ${terminalLine(label)}`)
    add(
      wrap(buttons.map((button) => button.replaceAll(' ', '\u00a0')).join('  '), width).map((line) =>
        ink.accent(line.replaceAll('\u00a0', ' ')),
      ),
    )
  }
  // Without buttons a question still says what it takes for an answer.
  const offers = options.numbers || card.kind !== 'question' ? [] : (card.actions ?? [])
  const answers = offers.filter(({ payload }) => payload?.drop !== true).map(({ label }) => terminalLine(label))
  if (answers.length > 0) add(wrap(`Answers: ${answers.join(' · ')}`, width))
  if (card.footer !== undefined) add(wrap(words(card.footer), width).map(ink.faint))
  return lines.join('\n')
}

function wordsOf(text: Text, options: Pick<TextOptions, 'now' | 'timezone'>): string {
  if (typeof text === 'string') return terminalText(text)
  const parts = text.map((span) => {
    if (typeof span === 'string') return span
    if ('bold' in span) return span.bold
    if ('code' in span) return span.code
    if ('time' in span) return sayTime(span.time, span.show, options)
    return span.name
  })
  return terminalText(parts.join(''))
}
