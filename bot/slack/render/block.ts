import type { Block, ChangeLine, StepLine, Text } from '../../../core/card.ts'
import { chartPiece } from './chart.ts'
import { codePiece } from './code.ts'
import type { RichTextElement } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'
import { bullets, lines, moreCharacters, type Piece, rich, section } from './piece.ts'
import { tablePiece } from './table.ts'
import { cutElements, literal, type Mention, richText, safeLine, safeText } from './words.ts'

/** What block renderers need. */
export interface BlockContext {
  readonly mention: Mention
  /** Whether the blocks of 2026 may be used. */
  readonly rich: boolean
  /** Characters that all data tables of this message may still hold. */
  readonly tableRoom: number
  /** Charts that this message may still hold. */
  readonly chartRoom: number
}

export function blockPiece(block: Block, ctx: BlockContext): Piece {
  switch (block.type) {
    case 'text':
      return lines([richText(block.text, ctx.mention)])
    case 'facts':
      return lines(block.facts.map((fact) => factLine(fact, ctx)))
    case 'changes':
      return bullets(block.changes.map(changeLine))
    case 'table':
      return tablePiece(block, ctx)
    case 'chart':
      return chartPiece(block, ctx)
    case 'steps':
      return lines(block.steps.map((step) => stepLine(step, ctx)))
    case 'code':
      return codePiece(block)
    case 'quote':
      return quotePiece(block)
    case 'note':
      return lines([[...literal(`${NOTE_MARKS[block.tone]} `), ...richText(block.text, ctx.mention)]])
    case 'progress':
      return lines([progressLine(block)])
    case 'form':
      return bullets(block.fields.map(fieldLine))
  }
}

const NOTE_MARKS = { info: 'ℹ️', warn: '⚠️', bad: '❌', good: '✅' } as const

/** As said and as shown: the words that a mark alone would leave to guessing stand beside it. */
const STEP_MARKS: Record<StepLine['state'], string> = {
  todo: '◻️',
  doing: '⏳',
  done: '✅',
  skipped: '➖',
  failed: '❌',
  unknown: '❓',
}
const STEP_WORDS: Partial<Record<StepLine['state'], string>> = {
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'unknown how it ended',
}

function stepLine({ name, state, detail }: StepLine, { mention }: BlockContext): RichTextElement[] {
  const word = STEP_WORDS[state]
  return [
    ...literal(`${STEP_MARKS[state]} ${safeLine(name)}${word ? ` (${word})` : ''}`),
    ...(detail === undefined ? [] : [...literal('\n\u2003\u2002'), ...richText(detail, mention, { italic: true })]),
  ]
}

function factLine(fact: { label: string; value: Text }, { mention }: BlockContext): RichTextElement[] {
  return [...literal(`${safeLine(fact.label)}:`, { bold: true }), ...literal(' '), ...richText(fact.value, mention)]
}

function changeLine({ target, field, from, to }: ChangeLine): RichTextElement[] {
  const [before, after] = shortDigests(safeLine(from), safeLine(to))
  return [
    ...literal(`${safeLine(target)} `),
    ...literal(safeLine(field), { bold: true }),
    ...literal(': '),
    ...literal(before, { code: true }),
    // Short values stay on one line with what they become.
    ...literal(before.length + after.length > 24 ? ' → ' : '\u00a0→\u00a0'),
    ...literal(after, { code: true }),
  ]
}

/** A digest's 64 digits hide what differs: the first twelve stand for it, unless they are the same on both sides. */
function shortDigests(from: string, to: string): readonly [string, string] {
  const short = (text: string) => text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')
  return short(from) === short(to) ? [from, to] : [short(from), short(to)]
}

const BAR_WIDTH = 12

function progressLine({ fraction, text }: Extract<Block, { type: 'progress' }>): RichTextElement[] {
  const says = safeLine(text)
  if (fraction === undefined || !Number.isFinite(fraction)) return literal(`⏳ ${says}`)
  const share = Math.min(1, Math.max(0, fraction))
  const full = Math.round(share * BAR_WIDTH)
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
  return literal(`${bar} ${Math.round(share * 100)} %\n${says}`)
}

type Field = Extract<Block, { type: 'form' }>['fields'][number]

/** The fields are filled in a dialog; the message says what it will ask for. */
function fieldLine({ label, required, hint }: Field): RichTextElement[] {
  const about = [required ? '' : 'optional', hint ? safeLine(hint) : ''].filter(Boolean).join(', ')
  return [...literal(safeLine(label), { bold: true }), ...literal(about ? `: ${about}` : '')]
}

function quotePiece({ source, text }: Extract<Block, { type: 'quote' }>): Piece {
  const from = literal(`From ${cutTo(safeLine(source), LIMITS.header)}, word for word:`, { italic: true })
  const { kept, left } = cutElements(literal(text), LIMITS.text - 200)
  const rest = left > 0 ? [section(literal(moreCharacters(left), { italic: true }))] : []
  return {
    blocks: [
      rich([
        section(from),
        ...(kept.length > 0 ? [{ type: 'rich_text_quote' as const, elements: kept }] : []),
        ...rest,
      ]),
    ],
    files: left > 0 ? [{ name: 'quote.txt', mediaType: 'text/plain', content: safeText(text) }] : [],
    cut: false,
  }
}
