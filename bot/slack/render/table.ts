import type { Block, Text } from '../../../core/card.ts'
import type { BlockContext } from './block.ts'
import type { RawNumberElement, RawTextElement, RichTextBlock } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'
import { bullets, lines, moreLines, type Piece, rich, section } from './piece.ts'
import { literal, type Mention, plainWords, richText, safeLine, shownLength } from './words.ts'

type Table = Extract<Block, { type: 'table' }>
type Cell = RichTextBlock | RawTextElement | RawNumberElement

/** A line of fixed letters that a phone shows without breaking it. */
const PHONE_WIDTH = 38
const EMPTY = '–'

/** Slack's own table where the workspace may have it and it fits; else lines, aligned where they are short enough for a phone. */
export function tablePiece(table: Table, ctx: BlockContext): Piece {
  if (table.rows.length === 0) return withMore(table, lines([literal('No rows.', { italic: true })]))
  const own = ctx.rich && !hasSentences(table) ? dataTable(table, ctx) : undefined
  return withMore(table, own ?? aligned(table) ?? listed(table, ctx.mention))
}

/** Two columns of which one holds sentences: on a phone, a table would hide all but their beginnings. */
const hasSentences = ({ columns, rows }: Table): boolean =>
  columns.length === 2 && rows.some((row) => row.some((cell) => plainWords(cell).length > PHONE_WIDTH))

function withMore({ more }: Table, piece: Piece): Piece {
  if (!more) return piece
  const says = more === 1 ? 'One more row is not shown.' : `${more.toLocaleString('en')} more rows are not shown.`
  return { ...piece, blocks: [...piece.blocks, rich([section(literal(says, { italic: true }))])] }
}

/** As many of the rows as one may hold: https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
function dataTable({ columns, rows }: Table, ctx: BlockContext): Piece | undefined {
  if (columns.length === 0 || columns.length > LIMITS.tableColumns) return undefined
  const header = columns.map((name): Cell => ({ type: 'raw_text', text: safeLine(name) || EMPTY }))
  const shown = [header]
  let room = ctx.tableRoom - lengthOf(header)
  for (const row of rows.slice(0, LIMITS.tableRows)) {
    const cells = columns.map((_, at) => cellOf(row[at] ?? '', ctx.mention))
    room -= lengthOf(cells)
    if (room < 0) break
    shown.push(cells)
  }
  if (shown.length < 2) return undefined
  const left = rows.length + 1 - shown.length
  const caption = cutTo(columns.map(safeLine).join(', '), LIMITS.header) || 'Table'
  const table = { type: 'data_table' as const, caption, rows: shown, page_size: Math.min(PAGE, shown.length - 1) }
  return {
    blocks: [table, ...(left > 0 ? lines([literal(moreLines(left), { italic: true })]).blocks : [])],
    files: [],
    cut: left > 0,
    tableCharacters: shown.reduce((sum, cells) => sum + lengthOf(cells), 0),
  }
}

/** Rows before the reader has to turn the page. */
const PAGE = 20

function cellOf(text: Text, mention: Mention): Cell {
  if (typeof text !== 'string') {
    const elements = richText(text, mention)
    return elements.length > 0 ? rich([section(elements)]) : { type: 'raw_text', text: EMPTY }
  }
  const line = safeLine(text)
  return isNumber(line)
    ? { type: 'raw_number', value: Number(line), text: line }
    : { type: 'raw_text', text: line || EMPTY }
}

/** Digits as they stand; what has a unit or a leading zero is text. */
const isNumber = (line: string): boolean => /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/.test(line)

const lengthOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, cell) => {
    if (cell.type !== 'rich_text') return sum + cell.text.length
    const lengths = cell.elements.map((part) => (part.type === 'rich_text_section' ? shownLength(part.elements) : 0))
    return sum + lengths.reduce((all, one) => all + one, 0)
  }, 0)

function aligned({ columns, rows }: Table): Piece | undefined {
  const all = [columns, ...rows.map((row) => columns.map((_, at) => plainWords(row[at] ?? '')))].map((row) =>
    row.map((cell) => safeLine(cell)),
  )
  const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  const width = widths.reduce((sum, one) => sum + one + 2, -2)
  const text = all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
  if (width > PHONE_WIDTH || text.length > LIMITS.text || text.trim() === '') return undefined
  return {
    blocks: [rich([{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }])],
    files: [],
    cut: false,
  }
}

/** A row a paragraph: its first cell, then the others by the names of their columns. Two columns are a list: what, and what of it. */
function listed({ columns, rows }: Table, mention: Mention): Piece {
  const pair = columns.length === 2
  const before = (at: number) => (pair ? ' – ' : `${at === 1 ? '\n\u2003' : ' · '}${safeLine(columns[at] ?? '')} `)
  const all = rows.map((row) =>
    columns.flatMap((_, at) => {
      const cell = richText(row[at] ?? '', mention, at === 0 ? { bold: true } : undefined)
      if (cell.length === 0) return []
      return at === 0 ? cell : [...literal(before(at)), ...cell]
    }),
  )
  if (!pair) return lines(all)
  const head = lines([literal(columns.map(safeLine).join(' – '), { italic: true })])
  const body = bullets(all)
  return { ...body, blocks: [...head.blocks, ...body.blocks] }
}
