import type { Card, FileRef, Span, Text } from '../../../core/card.ts'
import { actionsBlocks, BUTTONS_MAX, type ButtonContext } from './action.ts'
import { blockPiece } from './block.ts'
import type { ContextBlock, KnownBlock } from './kit.ts'
import { LIMITS, MESSAGE_WEIGHT, weightOf } from './limits.ts'
import { lines, type Piece } from './piece.ts'
import { plainCard } from './plain.ts'
import {
  dateFormat,
  escaped,
  escapedTo,
  inUtc,
  literal,
  type Mention,
  plainObject,
  plainWords,
  richText,
  safeLine,
  secondsOf,
  userOf,
} from './words.ts'

export interface RenderContext extends ButtonContext {
  /** The person's user id in this workspace, where the account is known. */
  readonly mention: Mention
  /** Whether the blocks of 2026 may be used; a workspace that answers `invalid_blocks` does not have them yet. */
  readonly rich: boolean
}

export interface Rendered {
  /** For notifications and screen readers, and all there is where Slack takes no blocks. Markup in it is escaped; send it with `mrkdwn: false`. */
  readonly text: string
  readonly blocks: KnownBlock[]
  /** What was cut, to be attached. */
  readonly files: FileRef[]
}

/** Notifications show its first line; Slack advises 4,000 characters at most (https://docs.slack.dev/reference/methods/chat.postMessage#truncating). */
const TEXT_LENGTH = 3_000
const MARKS = { neutral: '', good: '✅ ', warn: '⚠️ ', bad: '❌ ', busy: '⏳ ' } as const

/** A card as one Slack message. Pure: the same card and context give the same message. */
export function renderCard(card: Card, ctx: RenderContext): Rendered {
  const mark = card.kind === 'question' || card.kind === 'form' ? '❓ ' : MARKS[card.tone]
  const head: KnownBlock[] = [{ type: 'header', text: plainObject(`${mark}${card.title}`, LIMITS.header) }]
  const subtitle = card.subtitle === undefined ? undefined : lines([richText(card.subtitle, ctx.mention)])
  head.push(...(subtitle?.blocks ?? []))
  const foot: KnownBlock[] = [...actionsBlocks(card, ctx), ...footer(card, ctx.mention)]
  const body = fitBlocks(card, ctx, {
    blocks: LIMITS.blocks - head.length - foot.length,
    weight: MESSAGE_WEIGHT - weightOf(head) - weightOf(foot),
  })
  const cut = body.cut || subtitle?.cut || safeLine(mark + card.title).length > LIMITS.header || tooLongFooter(card)
  const whole = plainCard(card)
  const attached: FileRef[] = cut
    ? [{ name: `${card.operationId ?? ctx.deliveryId}.txt`, mediaType: 'text/plain', content: whole }]
    : []
  return {
    text: escapedTo(mark + whole, TEXT_LENGTH),
    blocks: [...head, ...body.blocks, ...foot],
    files: distinct([...attached, ...body.files]),
  }
}

/** The card's blocks in their order, as far as the message holds them; a run of those that it does not hold is one line. */
function fitBlocks(card: Card, ctx: RenderContext, room: { blocks: number; weight: number }) {
  const blocks: KnownBlock[] = []
  const files: FileRef[] = []
  let { blocks: left, weight } = { ...room, weight: room.weight - RESERVE }
  let tableRoom: number = LIMITS.tableCharacters
  let chartRoom: number = LIMITS.charts
  let [missing, cut] = [0, false]
  const say = () => {
    if (missing > 0) blocks.push(...leftOut(missing).blocks)
    left -= missing > 0 ? 1 : 0
    weight -= missing > 0 ? LINE_WEIGHT : 0
    missing = 0
  }
  for (const block of card.blocks) {
    const forTable = Math.min(tableRoom, weight - 2 * LINE_WEIGHT)
    const piece = blockPiece(block, { mention: ctx.mention, rich: ctx.rich, tableRoom: forTable, chartRoom })
    // Two lines are kept free: one for what is missing before it, one for what may be missing after it.
    const fits = piece.blocks.length <= left - 2 && weightOf(piece.blocks) <= weight - LINE_WEIGHT
    files.push(...piece.files)
    cut ||= piece.cut || !fits
    if (!fits) {
      missing += 1
      continue
    }
    say()
    blocks.push(...piece.blocks)
    left -= piece.blocks.length
    weight -= weightOf(piece.blocks)
    tableRoom -= piece.tableCharacters ?? 0
    chartRoom -= piece.charts ?? 0
  }
  say()
  return { blocks, files, cut }
}

const LINE_WEIGHT = 250
const RESERVE = 2 * LINE_WEIGHT

function leftOut(count: number): Piece {
  const parts = count === 1 ? 'One part of this card is' : `${count} parts of this card are`
  return lines([literal(`… ${parts} too long to show here; the whole text is attached.`, { italic: true })])
}

/** Small print. Only its times and people are markup, each in an element of its own; its words are plain text. */
function footer(card: Card, mention: Mention): ContextBlock[] {
  const left = (card.actions?.length ?? 0) - BUTTONS_MAX
  const note = left > 0 ? [plainObject(`… and ${left} more choices: type yours in this thread.`, LIMITS.text)] : []
  const said = card.footer === undefined ? [] : smallPrint(card.footer, mention)
  return said.length + note.length > 0 ? [{ type: 'context', elements: [...said, ...note] }] : []
}

/** The words between times and people are one element each; too many of them, and all of it is plain. */
function smallPrint(text: Text, mention: Mention): ContextBlock['elements'] {
  const elements: ContextBlock['elements'] = []
  let words: Span[] = []
  const say = () => {
    if (plainWords(words).trim() !== '') elements.push(plainObject(plainWords(words), LIMITS.text))
    words = []
  }
  for (const span of typeof text === 'string' ? [text] : text) {
    const live = liveElement(span, mention)
    if (!live) words.push(span)
    else {
      say()
      elements.push(live)
    }
  }
  say()
  return elements.length < LIMITS.contextElements ? elements : [plainObject(plainWords(text), LIMITS.text)]
}

const tooLongFooter = ({ footer: text }: Card): boolean =>
  text !== undefined && escaped(plainWords(text)).length > LIMITS.text

function liveElement(span: Span, mention: Mention): ContextBlock['elements'][number] | undefined {
  if (typeof span === 'string') return undefined
  if ('time' in span) {
    const at = secondsOf(span.time)
    const says = at && `<!date^${at}^${dateFormat(span.show)}|${inUtc(span.time)}>`
    return says ? { type: 'mrkdwn', text: says, verbatim: true } : undefined
  }
  const user = 'person' in span ? userOf(span.person, mention) : undefined
  return user ? { type: 'mrkdwn', text: `<@${user}>`, verbatim: true } : undefined
}

/** Files by distinct names, because a thread shows their names only. */
function distinct(files: readonly FileRef[]): FileRef[] {
  const seen = new Map<string, number>()
  return files.map((file) => {
    const times = (seen.get(file.name) ?? 0) + 1
    seen.set(file.name, times)
    return times === 1 ? file : { ...file, name: `${times}-${file.name}` }
  })
}
