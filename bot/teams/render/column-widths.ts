import type { Element } from './page.ts'

/** So many small letters stand beside each other on a phone. */
const ON_A_PHONE = 52
/** Between the letters of a cell and those of the next. */
const GAP = 2
/** A cell that is longer is read on several lines, and asks for no more room because of it. */
const LONGEST_CELL = 24
/** Bold letters and those of one width are wider. */
const BOLD = 1.15
const MONOSPACE = 1.2
/** How long clients write what stands in for a time: `Wed, Nov 25, 2026` and `12:05 PM`. */
const TIMES = [
  [/\{\{DATE\([^)]*\)\}\}/g, 'Wed, Nov 25, 2026'],
  [/\{\{TIME\([^)]*\)\}\}/g, '12:05\u00a0PM'],
] as const

/**
 * The widths of a table's columns as shares: each has room for its longest word on a phone where that is possible, and what is left goes to
 * those whose cells are longer; columns of one width would break the words of one while another one is empty. `columns` are the cells of
 * each, as runs.
 */
export function columnWidths(columns: readonly (readonly Element[][])[]): { readonly width: number }[] {
  const asked = columns.map((cells) => {
    const runs = cells.map((cell) => cell.map(readRun))
    const words = runs.flat().flatMap(({ text, wide }) => text.split(/[ \n\t-]+/).map((word) => word.length * wide))
    const lines = runs.map((cell) => sum(cell.map(({ text, wide }) => text.length * wide)))
    const needs = Math.max(0, ...words) + GAP
    return { needs, wants: Math.max(0, Math.min(Math.max(0, ...lines), LONGEST_CELL) + GAP - needs) }
  })
  const left = Math.max(0, ON_A_PHONE - sum(asked.map(({ needs }) => needs)))
  const share = Math.min(1, left / Math.max(1, sum(asked.map(({ wants }) => wants))))
  return asked.map(({ needs, wants }) => ({ width: Math.ceil(needs + wants * share) }))
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** What a run reads as, and how wide its letters are. */
function readRun({ text, weight, fontType }: Element): { text: string; wide: number } {
  const written = typeof text === 'string' ? text : ''
  const wide = fontType === 'Monospace' ? MONOSPACE : weight === 'Bolder' ? BOLD : 1
  return { text: TIMES.reduce((read, [code, as]) => read.replaceAll(code, as), written), wide }
}
