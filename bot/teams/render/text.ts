import type { Span, Text } from '../../../core/card.ts'
import { visibleLine, visibleText } from '../../../core/visible-text.ts'
import type { Element, Page } from './page.ts'

/**
 * Texts as runs of a RichTextBlock, which knows no Markdown: nothing in them becomes a link, a list or a mention. A TextBlock would
 * read Markdown, and every client reads another one.
 */

type Style = Readonly<Record<string, string | boolean>>

/** What Adaptive Cards replace by a time wherever it stands; from anybody but us it stays text. */
const FUNCTIONS = /\{\{(?=\s*(?:DATE|TIME))/gi

/** Text that stays what it is. */
export const inert = (text: string): string => visibleText(text).toWellFormed().replace(FUNCTIONS, '{ {')

/** The same on one line of at most `most` characters, for titles, labels and choices. */
export function inertLine(page: Page, text: string, most: number = page.limits.line): string {
  const line = visibleLine(text).toWellFormed().replace(FUNCTIONS, '{ {').trim()
  if (line.length <= most) return line
  page.leaveOut()
  return `${cutAt(line, most - 1)}…`
}

/** A text as one element. */
export function rich(page: Page, text: Text, style: Style = {}, element: Style = {}): Element {
  const inlines = runs(page, text, style)
  return { type: 'RichTextBlock', inlines: inlines.length > 0 ? inlines : [run(' ', style)], ...element }
}

/** The runs of a text, cut visibly where it is longer than fits. */
export function runs(page: Page, text: Text, style: Style = {}, most: number = page.limits.text): Element[] {
  const drawn: Element[] = []
  let left = most
  for (const span of typeof text === 'string' ? [text] : text) {
    if (drawn.length > page.limits.items) left = 0
    const { words, marks } = wordsOf(page, span, left)
    if (words === '') continue
    if (words.length > left) {
      page.leaveOut()
      const kept = isTime(span) ? '' : cutAt(words, left)
      if (kept !== '') drawn.push(run(kept, { ...style, ...marks }))
      drawn.push(run(' … (more)', { ...style, isSubtle: true }))
      return drawn
    }
    left -= words.length
    drawn.push(run(words, { ...style, ...marks }))
  }
  return drawn
}

export const run = (text: string, style: Style = {}): Element => ({ type: 'TextRun', text, ...style })

function wordsOf(page: Page, span: Span, most: number): { words: string; marks: Style } {
  // Making a text inert halves it at most, so no more of it need be looked at to see that it is too long.
  const start = (text: string) => inert(text.slice(0, 2 * most + 4))
  if (typeof span === 'string') return { words: start(span), marks: {} }
  if ('bold' in span) return { words: start(span.bold), marks: { weight: 'Bolder' } }
  if ('code' in span) return { words: start(span.code), marks: { fontType: 'Monospace' } }
  if ('time' in span) return { words: timeOf(span, page.now), marks: {} }
  return { words: inertLine(page, span.name), marks: { weight: 'Bolder' } }
}

const isTime = (span: Span): boolean => typeof span === 'object' && 'time' in span

/** Within this long, the hour alone says which day is meant. */
const SAME_DAY_MS = 18 * 3_600_000

/** Clients write it in the reader's zone and language. They do not let time pass, so what is relative elsewhere is a moment here. */
function timeOf(span: { readonly time: string; readonly show: 'clock' | 'date' | 'relative' }, now: Date): string {
  const at = new Date(span.time)
  const year = at.getUTCFullYear()
  if (Number.isNaN(at.getTime()) || year < 1_000 || year > 9_999) return inert(span.time)
  const iso = `${at.toISOString().slice(0, 19)}Z`
  if (span.show === 'date') return `{{DATE(${iso}, SHORT)}}`
  const near = Math.abs(at.getTime() - now.getTime()) < SAME_DAY_MS
  return near ? `{{TIME(${iso})}}` : `{{DATE(${iso}, SHORT)}} {{TIME(${iso})}}`
}

/** Cut before a character, never through one of two code units. */
function cutAt(text: string, most: number): string {
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}
