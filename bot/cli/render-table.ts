import type { Block } from '../../core/card.ts'
import { cutTo, displayWidth, padTo, wrap } from './display-width.ts'
import type { Page } from './render-text.ts'
import { terminalLine } from './terminal-text.ts'

const GAP = '  '
const NARROWEST = 6

/** A table in columns; where it is too wide, the widest columns give way until it fits; the last one breaks, cut cells say so with `…`. */
export function tableLines(table: Extract<Block, { type: 'table' }>, { width, ink, words }: Page): string[] {
  const header = table.columns.map(terminalLine)
  const rows = table.rows.map((row) => header.map((_, at) => terminalLine(words(row[at] ?? ''))))
  const widths = header.map((name, at) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  )
  const room = width - GAP.length * (header.length - 1)
  const total = () => widths.reduce((sum, one) => sum + one, 0)
  while (total() > room) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  const line = (cells: readonly string[]) =>
    cutTo(cells.map((cell, at) => padTo(cutTo(cell, widths[at] ?? 0), widths[at] ?? 0)).join(GAP), width).trimEnd()
  const last = header.length - 1
  const lines = (cells: readonly string[]) => {
    const [first = '', ...rest] = wrap(cells[last] ?? '', Math.max(widths[last] ?? 0, NARROWEST))
    const below = rest.map((more) => line(header.map((_, at) => (at === last ? more : ''))))
    return [line([...cells.slice(0, last), first]), ...below]
  }
  const more = table.more ? [ink.faint(`${table.more} more not shown`)] : []
  return [ink.faint(line(header)), ...rows.flatMap(lines), ...more]
}
