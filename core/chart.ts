import type { ChartBlock } from './card.ts'

/** What is drawn at most: what Slack takes (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block). */
export const CHART_MOST = { series: 12, points: 20 } as const

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const NOTHING = '·'

/** A series as every surface can say it. */
export interface SaidSeries {
  readonly name: string
  /** One for each point that is drawn; undefined where nothing was measured. */
  readonly values: readonly (number | undefined)[]
  /** `▁▃█▂`: one letter a point, all series on one scale; `·` where nothing was measured. */
  readonly bars: string
  /** `0 to 5 req/s, last 2`. */
  readonly says: string
}

/** A chart as every surface can say it. */
export interface SaidChart {
  readonly points: readonly string[]
  readonly series: readonly SaidSeries[]
  /** The lowest and the highest value of the scale. */
  readonly scale: { readonly low: number; readonly high: number }
  /** What is not drawn, as a sentence; undefined where all is. */
  readonly leftOut: string | undefined
}

/** The newest points and the first series of a chart, as many as are drawn, and what they say. */
export function sayChart({ shape, unit, points, series }: ChartBlock): SaidChart {
  const first = Math.max(0, points.length - CHART_MOST.points)
  const shown = series.slice(0, CHART_MOST.series).map(({ name, values }) => ({
    name,
    values: points.slice(first).map((_, at) => measured(values[first + at])),
  }))
  const known = shown.flatMap(({ values }) => values.filter((value) => value !== undefined))
  const foot = shape === 'line' ? [] : [0]
  const scale = known.length > 0 ? { low: Math.min(...known, ...foot), high: Math.max(...known, ...foot) } : NO_SCALE
  return {
    points: points.slice(first),
    series: shown.map(({ name, values }) => ({
      name,
      values,
      bars: barsOf(values, scale),
      says: rangeOf(values, unit),
    })),
    scale,
    leftOut: leftOutOf(first, series.length - shown.length),
  }
}

const NO_SCALE = { low: 0, high: 0 }

/** The value as a person reads it: three digits that count, no more than is needed. */
export function sayNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e12 || (size > 0 && size < 1e-6)) return value.toExponential(2)
  return value.toLocaleString('en', size >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

/** What came through JSON may be no number at all. */
const measured = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

function barsOf(values: readonly (number | undefined)[], { low, high }: SaidChart['scale']): string {
  const letter = (value: number | undefined) => {
    if (value === undefined) return NOTHING
    // Halved, because the distance of the two may be no number.
    const share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0
    // Only the lowest value is the lowest letter: one of a hundred is more than none.
    return LEVELS[Math.ceil(share * (LEVELS.length - 1))] ?? LEVELS[0]
  }
  return values.map(letter).join('')
}

function rangeOf(values: readonly (number | undefined)[], unit: string | undefined): string {
  const known = values.filter((value) => value !== undefined)
  const last = values.at(-1)
  if (known.length === 0) return 'nothing was measured'
  const [low, high] = [sayNumber(Math.min(...known)), sayNumber(Math.max(...known))]
  const range = `${low === high ? `always ${low}` : `${low} to ${high}`}${unit ? ` ${unit}` : ''}`
  return last === undefined
    ? `${range}, nothing was measured last`
    : `${range}${low === high ? '' : `, last ${sayNumber(last)}`}`
}

function leftOutOf(points: number, series: number): string | undefined {
  const parts = [
    points > 0 ? `${points.toLocaleString('en')} earlier ${points === 1 ? 'point' : 'points'}` : '',
    series > 0 ? `${series.toLocaleString('en')} more series` : '',
  ].filter(Boolean)
  if (parts.length === 0) return undefined
  return `${parts.join(' and ')} ${points + series === 1 ? 'is' : 'are'} not shown.`
}
