import type { Span, Text } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import { visibleLine, visibleText } from '../../../core/visible-text.ts'
import type { PlainTextElement, RichTextElement } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'

/** Who is mentioned: the person's user id in this workspace, where the account is known. */
export type Mention = (person: PersonId) => string | undefined

/**
 * The three characters that begin Slack's own markup, as it wants them in `text`, `plain_text` and `mrkdwn`
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping). Rich text elements are literal and stay as they are.
 */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Text from anywhere, safe to read and to send: what hides is shown by its code point, and half a character is none. */
export const safeText = (text: string): string => visibleText(text.toWellFormed())
/** The same on one line. */
export const safeLine = (text: string): string => visibleLine(text.toWellFormed())

/** A plain_text object of at most `limit` characters, counted as they are sent; never cut inside an entity. */
export function plainObject(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: escapedTo(safeLine(text).trim() || '–', limit), emoji: false }
}

/** At most `limit` characters once it is escaped. */
export function escapedTo(text: string, limit: number): string {
  let length = limit
  let sent = escaped(cutTo(text, length))
  while (sent.length > limit) {
    length -= Math.max(1, Math.ceil((sent.length - limit) / 5))
    sent = escaped(cutTo(text, length))
  }
  return sent
}

/** A card's Text as rich text elements. Strings are literal there: no markup in them comes alive, and no mention. */
export function richText(text: Text, mention: Mention, style?: Style): RichTextElement[] {
  const spans = typeof text === 'string' ? [text] : text
  return spans.flatMap((span) => richSpan(span, mention, style))
}

export type Style = { readonly bold?: true; readonly code?: true; readonly italic?: true; readonly strike?: true }

/** One literal text; nothing for an empty one, which Slack refuses. */
export function literal(text: string, style?: Style): RichTextElement[] {
  const shown = safeText(text)
  return shown === '' ? [] : [{ type: 'text', text: shown, ...(style ? { style } : {}) }]
}

function richSpan(span: Span, mention: Mention, style: Style | undefined): RichTextElement[] {
  if (typeof span === 'string') return literal(span, style)
  if ('bold' in span) return literal(span.bold, { ...style, bold: true })
  if ('code' in span) return literal(span.code, { ...style, code: true })
  if ('time' in span) return richTime(span, style)
  const user = userOf(span.person, mention)
  return user ? [{ type: 'user', user_id: user }] : literal(span.name, style)
}

/** Ids that Slack gives to people; anything else is no mention. */
export function userOf(person: PersonId, mention: Mention): string | undefined {
  const user = mention(person)
  return user && /^[UW][A-Z0-9]{2,20}$/.test(user) ? user : undefined
}

type Time = Extract<Span, { time: string }>

function richTime(span: Time, style: Style | undefined): RichTextElement[] {
  const timestamp = secondsOf(span.time)
  if (timestamp === undefined) return literal(span.time, style)
  return [{ type: 'date', timestamp, format: dateFormat(span.show), fallback: inUtc(span.time) }]
}

/** Seconds since 1970, where it is a time that Slack can show. */
export function secondsOf(iso: string): number | undefined {
  const seconds = Math.floor(new Date(iso).getTime() / 1000)
  return Number.isFinite(seconds) && seconds > 0 && seconds < 1e10 ? seconds : undefined
}

/**
 * In the reader's zone, by the reader's clock. What is relative elsewhere is "today at 14:32" here: `{ago}` is documented for what is past
 * only, and a card is read again tomorrow.
 */
export const dateFormat = (show: Time['show']): string =>
  show === 'date' ? '{date_short}' : '{date_short_pretty} at {time}'

export function inUtc(iso: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? safeLine(iso) : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** The words of a Text where there is no markup at all: times in UTC, people by name. */
export function plainWords(text: Text): string {
  if (typeof text === 'string') return safeText(text)
  return text
    .map((span) => {
      if (typeof span === 'string') return safeText(span)
      if ('bold' in span) return safeText(span.bold)
      if ('code' in span) return safeText(span.code)
      if ('time' in span) return inUtc(span.time)
      return safeText(span.name)
    })
    .join('')
}

/** How many characters a line of rich text shows; mentions and times count as a few words. */
export const shownLength = (elements: readonly RichTextElement[]): number =>
  elements.reduce((sum, one) => sum + (one.type === 'text' ? one.text.length : 20), 0)

/** The elements up to `limit` characters, and how many characters of text are left out. */
export function cutElements(
  elements: readonly RichTextElement[],
  limit: number = LIMITS.text,
): { readonly kept: RichTextElement[]; readonly left: number } {
  const kept: RichTextElement[] = []
  let room = limit
  let left = 0
  for (const element of elements) {
    const length = shownLength([element])
    if (length <= room && left === 0) {
      kept.push(element)
      room -= length
    } else if (left === 0 && element.type === 'text' && room > 1) {
      const text = cutTo(element.text, room)
      kept.push({ ...element, text })
      left += element.text.length - (text.length - 1)
    } else left += length
  }
  return { kept, left }
}
