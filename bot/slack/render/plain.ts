import type { Block, Card, ChartBlock, StepLine } from '../../../core/card.ts'
import { sayChart, sayNumber } from '../../../core/chart.ts'
import { plainWords, safeLine, safeText } from './words.ts'

const STEP_WORDS: Record<StepLine['state'], string> = {
  todo: 'to do',
  doing: 'under way',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'unknown how it ended',
}

/** The whole card as plain text: for notifications and screen readers, and attached where the message cannot hold all of it. */
export function plainCard(card: Card): string {
  return [
    safeLine(card.title),
    ...(card.subtitle === undefined ? [] : [plainWords(card.subtitle)]),
    ...card.blocks.map(plainBlock).filter((text) => text !== ''),
    ...(card.footer === undefined ? [] : [plainWords(card.footer)]),
  ].join('\n')
}

function plainBlock(block: Block): string {
  switch (block.type) {
    case 'text':
    case 'note':
      return plainWords(block.text)
    case 'facts':
      return block.facts.map(({ label, value }) => `${safeLine(label)}: ${plainWords(value)}`).join('\n')
    case 'changes':
      return block.changes
        .map(
          (one) =>
            `${[one.target, one.field].map(safeLine).join(' ')}: ${[one.from, one.to].map(safeLine).join(' → ')}`,
        )
        .join('\n')
    case 'table': {
      const rows = block.rows.map((row) => row.map((cell) => safeLine(plainWords(cell))).join(' | '))
      const more = block.more ? [`${block.more} more not shown`] : []
      return [block.columns.map(safeLine).join(' | '), ...rows, ...more].join('\n')
    }
    case 'chart':
      return plainChart(block)
    case 'steps':
      return block.steps
        .map(({ name, state, detail }) => {
          const about = detail === undefined ? '' : `: ${plainWords(detail)}`
          return `${safeLine(name)} (${STEP_WORDS[state]})${about}`
        })
        .join('\n')
    case 'code':
      return safeText(block.text)
    case 'quote':
      return `From ${safeLine(block.source)}, word for word: ${safeText(block.text)}`
    case 'progress': {
      const share = block.fraction
      const percent =
        share !== undefined && Number.isFinite(share) ? `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %, ` : ''
      return `${percent}${safeText(block.text)}`
    }
    case 'form':
      return block.fields.map(({ label, required }) => `${safeLine(label)}${required ? '' : ' (optional)'}`).join('\n')
  }
}

/** Every number by the name of its point: a voice can read it, and a file holds it. */
function plainChart(chart: ChartBlock): string {
  const { points, series, leftOut } = sayChart(chart)
  const lines = series.map(({ name, values, says }) => {
    const numbers = values.map((value, at) => `${points[at]} ${value === undefined ? '–' : sayNumber(value)}`)
    return safeLine(`${name}: ${says} (${numbers.join(', ')})`)
  })
  const heading = safeLine(chart.unit ? `${chart.title}, ${chart.unit}` : chart.title)
  return [heading, ...lines, ...(leftOut ? [leftOut] : [])].join('\n')
}
