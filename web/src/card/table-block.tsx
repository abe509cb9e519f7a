import type { Block, Text } from '../card-types.ts'
import { plain } from '../plain-text.ts'
import { visibleLine } from '../visible-text.ts'
import { TextView } from './text.tsx'

type Table = Extract<Block, { type: 'table' }>

/** Cells longer than this are sentences: they wrap instead of making the table wide. */
const PROSE_LENGTH = 44

/** An id, a name, one word: broken in two it is neither. */
const WHOLE = /^\S{0,16}$/

/** A table that scrolls inside its card when it is wider. Columns of numbers only are set to the right. */
export function TableBlock({ columns, rows, more }: Table) {
  const numeric = columns.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column])))
  const prose = columns.map((_, column) => rows.some((row) => plain(row[column] ?? '').length > PROSE_LENGTH))
  const whole = columns.map((_, column) => rows.every((row) => WHOLE.test(plain(row[column] ?? ''))))
  const dress = (column: number) =>
    numeric[column] ? 'number' : prose[column] ? 'prose' : whole[column] ? 'whole' : ''
  return (
    <div class="table-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={`Table: ${columns.map(visibleLine).join(', ')}`}>
        <table>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={at} scope="col" class={dress(at)}>
                  {visibleLine(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, line) => (
              <tr key={line}>
                {row.map((cell, at) => (
                  <td key={at} class={dress(at)} dir="auto">
                    <TextView text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && <p class="small-print">No rows.</p>}
      {!!more && <p class="small-print">{more === 1 ? 'One more row is' : `${more} more rows are`} not shown.</p>}
    </div>
  )
}

function isNumber(cell: Text | undefined): boolean {
  return typeof cell === 'string' && /^[-+]?[\d.,/]+\s?(?:%|ms|s|[KMG]iB|m)?$/.test(cell)
}
