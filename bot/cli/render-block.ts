import type { Block, StepLine } from '../../core/card.ts'
import { visibleText } from '../../core/visible-text.ts'
import { cutTo, displayWidth, padTo, wrap } from './display-width.ts'
import { chartLines } from './render-chart.ts'
import { tableLines } from './render-table.ts'
import type { Page } from './render-text.ts'
import { MARGIN, terminalLine } from './terminal-text.ts'

const STEP_MARKS: Record<StepLine['state'], string> = {
  todo: '·',
  doing: '…',
  done: '✓',
  skipped: '-',
  failed: '✗',
  unknown: '?',
}
const LABEL_WIDTH = 18
const BAR_WIDTH = 24
const CODE_LINES = 40

/** One block as lines that fit the page. */
export function blockLines(block: Block, page: Page): string[] {
  const { width, ink, words } = page
  switch (block.type) {
    case 'text':
      return wrap(words(block.text), width)
    case 'facts':
      return block.facts.flatMap(({ label, value }) => {
        const name = cutTo(terminalLine(label), LABEL_WIDTH - 1)
        const [first = '', ...rest] = wrap(words(value), width - LABEL_WIDTH)
        return [ink.faint(padTo(name, LABEL_WIDTH)) + first, ...rest.map((line) => ' '.repeat(LABEL_WIDTH) + line)]
      })
    case 'changes':
      return block.changes.flatMap(({ target, field, from, to }) =>
        wrap(`${terminalLine(target)} ${terminalLine(field)}: ${terminalLine(from)} → ${terminalLine(to)}`, width),
      )
    case 'table':
      return tableLines(block, page)
    case 'chart':
      return chartLines(block, page)
    case 'steps':
      return block.steps.flatMap((step) => stepLines(step, page))
    case 'code':
      return codeLines(block, page)
    case 'quote': {
      const quoted = wrap(visibleText(block.text), width - 2).map((line) => ink.faint(MARGIN + line))
      return [...wrap(`From ${terminalLine(block.source)}, word for word:`, width).map(ink.faint), ...quoted]
    }
    case 'note': {
      const [mark, colour] = {
        info: ['i', ink.accent],
        warn: ['!', ink.warn],
        bad: ['✗', ink.bad],
        good: ['✓', ink.good],
      }[block.tone] as [string, (text: string) => string] // the table's rows are pairs; inference widens them
      return wrap(words(block.text), width - 2).map((line, at) => (at === 0 ? `${colour(mark)} ${line}` : `  ${line}`))
    }
    case 'progress':
      return progressLines(block, page)
    case 'form':
      return block.fields.flatMap(({ label, required, hint, options }) => {
        const choices = options?.map(({ value }) => terminalLine(value)).join(', ')
        const about = [required ? '' : 'optional', choices, hint ? terminalLine(hint) : ''].filter(Boolean).join(', ')
        return wrap(`${terminalLine(label)}${about ? ` (${about})` : ''}`, width)
      })
  }
}

function stepLines({ name, state, detail }: StepLine, { width, ink, words }: Page): string[] {
  const colour = {
    todo: ink.faint,
    doing: ink.accent,
    done: ink.good,
    skipped: ink.faint,
    failed: ink.bad,
    unknown: ink.warn,
  }
  const said = state === 'unknown' ? `${terminalLine(name)} (unknown how it ended)` : terminalLine(name)
  const [first = '', ...rest] = wrap(said, width - 2)
  const more = detail === undefined ? [] : wrap(words(detail), width - 2).map(ink.faint)
  return [`${colour[state](STEP_MARKS[state])} ${first}`, ...[...rest, ...more].map((line) => `  ${line}`)]
}

function codeLines(block: Extract<Block, { type: 'code' }>, { width, ink }: Page): string[] {
  const all = visibleText(block.text).replaceAll('\t', '    ').split('\n')
  const lines = all.slice(0, CODE_LINES).flatMap((line) => wrap(line, width - 2))
  const left = all.length - CODE_LINES
  const notes = [
    left > 0 ? `${left} more lines` : '',
    block.truncated ? `${block.truncated} more were cut off` : '',
    block.file ? `the whole is in ${terminalLine(block.file.name)} on the page` : '',
  ].filter(Boolean)
  return [
    ...lines.map((line) => ink.faint(MARGIN) + line),
    ...wrap(notes.join('; '), width).filter(Boolean).map(ink.faint),
  ]
}

function progressLines({ fraction, text }: Extract<Block, { type: 'progress' }>, { width, ink }: Page): string[] {
  const says = terminalLine(text)
  if (fraction === undefined || !Number.isFinite(fraction)) return wrap(`… ${says}`, width)
  const share = Math.min(1, Math.max(0, fraction))
  const full = Math.round(share * BAR_WIDTH)
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.round(share * 100)} %`
  const fits = displayWidth(bar) + 2 + displayWidth(says) <= width
  return fits ? [`${ink.accent(bar)}  ${says}`] : [ink.accent(cutTo(bar, width)), ...wrap(says, width)]
}
