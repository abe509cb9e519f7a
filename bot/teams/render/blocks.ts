import type { Block, StepLine } from '../../../core/card.ts'
import { visibleText } from '../../../core/visible-text.ts'
import { chartElements } from './chart.ts'
import { columnWidths } from './column-widths.ts'
import { formElements } from './form.ts'
import { cutList, type Element, type Page } from './page.ts'
import { inert, inertLine, rich, run, runs } from './text.ts'

type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

const SUBTLE = { isSubtle: true, size: 'Small' } as const
const MONO = { fontType: 'Monospace', size: 'Small' } as const
const NOTE_STYLES = { info: 'accent', warn: 'warning', bad: 'attention', good: 'good' } as const
const NOTE_MARKS = { info: 'ⓘ', warn: '⚠', bad: '✗', good: '✓' } as const
const STEP_MARKS: Record<StepLine['state'], readonly [mark: string, color: string]> = {
  todo: ['○', 'Default'],
  doing: ['◔', 'Accent'],
  done: ['✓', 'Good'],
  skipped: ['–', 'Default'],
  failed: ['✗', 'Attention'],
  unknown: ['?', 'Warning'],
}
const BAR_WIDTH = 20

/** A block of a card as elements of an Adaptive Card. */
export function elementsOf(page: Page, block: Block): Element[] {
  switch (block.type) {
    case 'text':
      return [rich(page, block.text)]
    case 'facts':
      return facts(page, block)
    case 'changes':
      return changes(page, block)
    case 'table':
      return table(page, block)
    case 'chart':
      return chartElements(page, block)
    case 'steps':
      return steps(page, block)
    case 'code':
      return code(page, block)
    case 'quote':
      return quote(page, block)
    case 'note': {
      const mark = run(`${NOTE_MARKS[block.tone]} `, { weight: 'Bolder' })
      const inlines = [mark, ...runs(page, block.text)]
      return [{ type: 'Container', style: NOTE_STYLES[block.tone], items: [{ type: 'RichTextBlock', inlines }] }]
    }
    case 'progress':
      return [progress(page, block)]
    case 'form':
      return formElements(page, block)
  }
}

/** Label and value beside each other. A FactSet would read Markdown. */
function facts(page: Page, { facts }: Of<'facts'>): Element[] {
  const { shown, left } = cutList(page, facts, page.limits.items)
  const rows = shown.map(
    ({ label, value }, at): Element => ({
      type: 'ColumnSet',
      spacing: at === 0 ? 'Default' : 'Small',
      columns: [
        { type: 'Column', width: 1, items: [rich(page, inertLine(page, label), { isSubtle: true })] },
        { type: 'Column', width: 3, items: [rich(page, value)] },
      ],
    }),
  )
  return [...rows, ...more(page, left, 'line', 'lines')]
}

function changes(page: Page, { changes }: Of<'changes'>): Element[] {
  const { shown, left } = cutList(page, changes, page.limits.items)
  const rows = shown.map(
    ({ target, field, from, to }): Element => ({
      type: 'RichTextBlock',
      inlines: [
        run(`${inertLine(page, target)} · ${inertLine(page, field)}: `, { isSubtle: true }),
        ...runs(page, from, { fontType: 'Monospace', strikethrough: true }, page.limits.line),
        run(' → '),
        ...runs(page, to, { fontType: 'Monospace', weight: 'Bolder' }, page.limits.line),
      ],
    }),
  )
  return [...rows, ...more(page, left, 'change', 'changes')]
}

function table(page: Page, block: Of<'table'>): Element[] {
  const { shown, left } = cutList(page, block.rows, page.limits.rows)
  const { shown: columns, left: columnsLeft } = cutList(page, block.columns, page.limits.columns)
  if (columns.length === 0) return []
  const header = columns.map((name) => [run(inertLine(page, name) || ' ', { weight: 'Bolder', size: 'Small' })])
  const cells = shown.map((row) =>
    columns.map((_, at) => runs(page, row[at] ?? '', { size: 'Small' }, page.limits.cell)),
  )
  const rows = [header, ...cells]
  const cell = (inlines: Element[]): Element => ({
    type: 'TableCell',
    items: [{ type: 'RichTextBlock', inlines: inlines.length > 0 ? inlines : [run(' ')] }],
  })
  return [
    {
      type: 'Table',
      firstRowAsHeaders: true,
      gridStyle: 'default',
      columns: columnWidths(columns.map((_, at) => rows.map((row) => row[at] ?? []))),
      rows: rows.map((row) => ({ type: 'TableRow', cells: row.map(cell) })),
    },
    ...more(page, left + (block.more ?? 0), 'row', 'rows'),
    ...more(page, columnsLeft, 'column', 'columns'),
  ]
}

function steps(page: Page, { steps }: Of<'steps'>): Element[] {
  const { shown, left } = cutList(page, steps, page.limits.items)
  const rows = shown.map(({ name, state, detail }, at): Element => {
    const [mark, color] = STEP_MARKS[state]
    const weight = state === 'doing' || state === 'failed' ? 'Bolder' : 'Default'
    const inlines = [run(`${mark} `, { color, weight: 'Bolder' }), run(inertLine(page, name) || ' ', { weight })]
    if (detail !== undefined) inlines.push(run('  '), ...runs(page, detail, SUBTLE, page.limits.line))
    return { type: 'RichTextBlock', spacing: at === 0 ? 'Default' : 'Small', inlines }
  })
  return [...rows, ...more(page, left, 'step', 'steps')]
}

function code(page: Page, block: Of<'code'>): Element[] {
  const lines = visibleText(block.text).split('\n')
  const { shown, left } = cutList(page, lines, page.limits.codeLines)
  const drawn = runs(page, shown.map(keepSpaces).join('\n'), MONO, page.limits.codeText)
  const box: Element = {
    type: 'Container',
    style: 'emphasis',
    items: [{ type: 'RichTextBlock', inlines: drawn.length > 0 ? drawn : [run(' ', MONO)] }],
  }
  const whole = block.file ? [rich(page, `The whole is in ${inertLine(page, block.file.name)}.`, SUBTLE)] : []
  return [box, ...more(page, left + (block.truncated ?? 0), 'line', 'lines'), ...whole]
}

/** Clients draw several spaces as one; what lines up in a terminal should line up here. */
const keepSpaces = (line: string): string => line.replace(/^ +| {2,}/g, (spaces) => '\u00a0'.repeat(spaces.length))

function quote(page: Page, { source, text }: Of<'quote'>): Element[] {
  return [
    {
      type: 'Container',
      style: 'emphasis',
      items: [
        rich(page, `From ${inertLine(page, source)}, word for word:`, SUBTLE),
        rich(page, text, { italic: true }, { spacing: 'Small' }),
      ],
    },
  ]
}

function progress(page: Page, { fraction, text }: Of<'progress'>): Element {
  if (fraction === undefined) return rich(page, ['… ', text])
  const part = Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : 0))
  const full = Math.round(part * BAR_WIDTH)
  const bar = run(`${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.round(part * 100)} %  `, {
    ...MONO,
    color: 'Accent',
  })
  return { type: 'RichTextBlock', inlines: [bar, run(inert(inertLine(page, text)) || ' ')] }
}

function more(page: Page, left: number, one: string, many: string): Element[] {
  if (left <= 0) return []
  return [rich(page, `… ${left.toLocaleString('en-US')} more ${left === 1 ? one : many}`, SUBTLE, { spacing: 'Small' })]
}
