import type { ChartBlock } from '../../../core/card.ts'
import { type SaidChart, sayChart } from '../../../core/chart.ts'
import type { BlockContext } from './block.ts'
import type { DataVisualizationBlock, RichTextElement } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'
import { lines, type Piece } from './piece.ts'
import { literal, safeLine } from './words.ts'

/** Slack's own chart where the workspace may have it and it fits; small bars of letters elsewhere. What it says stands below in words. */
export function chartPiece(chart: ChartBlock, ctx: BlockContext): Piece {
  const said = sayChart(chart)
  const own = ctx.rich && ctx.chartRoom > 0 ? visualization(chart, said) : undefined
  if (!own) return lines([heading(chart), ...said.series.map((one) => withBars(one)), ...around(said)])
  const words = lines([...said.series.map(inWords), ...around(said)])
  return { ...words, blocks: [own, ...words.blocks], charts: 1 }
}

const headingOf = ({ title, unit }: ChartBlock): string => (unit ? `${title}, ${unit}` : title)

const heading = (chart: ChartBlock): RichTextElement[] => literal(safeLine(headingOf(chart)), { bold: true })

function withBars({ name, bars, says }: SaidChart['series'][number]): RichTextElement[] {
  return [
    ...literal(bars, { code: true }),
    ...literal(`${bars ? ' ' : ''}${safeLine(name)}: `),
    ...literal(safeLine(says), { italic: true }),
  ]
}

const inWords = ({ name, says }: SaidChart['series'][number]): RichTextElement[] =>
  literal(safeLine(`${name}: ${says}`), { italic: true })

/** From where to where it goes, and what is left out. */
function around({ points, leftOut }: SaidChart): RichTextElement[][] {
  const [first = '', last = ''] = [points[0], points.at(-1)]
  const span = points.length > 1 ? [literal(safeLine(`${first} to ${last}`), { italic: true })] : []
  return [...span, ...(leftOut ? [literal(leftOut, { italic: true })] : [])]
}

/** Nothing where Slack would refuse it: a value is missing, or two names are one once they are cut. */
function visualization(chart: ChartBlock, said: SaidChart): DataVisualizationBlock | undefined {
  const categories = said.points.map((point) => field(point, LIMITS.chartName))
  const names = said.series.map(({ name }) => field(name, LIMITS.chartName))
  if (names.length === 0 || categories.length === 0 || !areDistinct(names) || !areDistinct(categories)) return undefined
  const series = said.series.map(({ values }, at) => ({
    name: names[at] ?? '',
    data: values.flatMap((value, point) => (value === undefined ? [] : [{ label: categories[point] ?? '', value }])),
  }))
  if (series.some(({ data }) => data.length < categories.length)) return undefined
  const unit = chart.unit ? { y_label: field(chart.unit, LIMITS.chartTitle) } : {}
  return {
    type: 'data_visualization',
    title: field(chart.title, LIMITS.chartTitle),
    chart: { type: chart.shape, series, axis_config: { categories, ...unit } },
  }
}

/** Slack does not say whether markup lives in these fields; without its brackets it lives nowhere. */
const field = (text: string, limit: number): string =>
  cutTo(safeLine(text).replaceAll('<', '‹').replaceAll('>', '›').trim() || '–', limit)

const areDistinct = (all: readonly string[]): boolean => new Set(all).size === all.length
