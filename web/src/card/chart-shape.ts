/** The drawing's own units; it is stretched to the width it gets. */
export const SIZE = { width: 400, height: 96 } as const
/** Room for the thickness of a line at the top and the bottom. */
const EDGE = 2

interface Scale {
  readonly low: number
  readonly high: number
}
type Values = readonly (number | undefined)[]

/** What came as JSON may be no number at all. */
export const measured = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** One scale for all series; bars and areas stand on zero. */
export function scaleOf(all: readonly Values[], shape: 'line' | 'bar' | 'area'): Scale {
  const known = all.flatMap((values) => values.filter((value) => value !== undefined))
  const foot = shape === 'line' ? [] : [0]
  return known.length > 0
    ? { low: Math.min(...known, ...foot), high: Math.max(...known, ...foot) }
    : { low: 0, high: 0 }
}

/** Three digits that count, as in the other surfaces (core/chart.ts). */
export function sayNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e12 || (size > 0 && size < 1e-6)) return value.toExponential(2)
  return value.toLocaleString('en', size >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

/** `0 to 5 req/s, last 2` */
export function sayRange(values: Values, unit: string | undefined): string {
  const known = values.filter((value) => value !== undefined)
  const last = values.at(-1)
  if (known.length === 0) return 'nothing was measured'
  const [low, high] = [sayNumber(Math.min(...known)), sayNumber(Math.max(...known))]
  const range = `${low === high ? `always ${low}` : `${low} to ${high}`}${unit ? ` ${unit}` : ''}`
  if (last === undefined) return `${range}, nothing was measured last`
  return low === high ? range : `${range}, last ${sayNumber(last)}`
}

const heightAt = (value: number, { low, high }: Scale): number => {
  // Halved, because the distance of the two may be no number.
  const share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0
  return SIZE.height - EDGE - share * (SIZE.height - 2 * EDGE)
}
const rounded = (value: number): number => Math.round(value * 10) / 10

/** A bar for each point that was measured, beside those of the other series. */
export function barsOf(values: Values, scale: Scale, series: number, of: number) {
  const slot = SIZE.width / Math.max(1, values.length)
  const width = (slot * 0.76) / of
  const foot = heightAt(Math.max(scale.low, Math.min(0, scale.high)), scale)
  return values.map((value, at) => {
    if (value === undefined) return undefined
    const top = heightAt(value, scale)
    const x = rounded(at * slot + slot * 0.12 + series * width)
    return { x, y: rounded(Math.min(top, foot)), width: rounded(width), height: rounded(Math.abs(foot - top)) }
  })
}

/** A stroke for each run of points without a gap, and what is under it; a lone point is a short stroke. */
export function lineOf(values: Values, scale: Scale, shape: 'line' | 'area') {
  const step = SIZE.width / Math.max(1, values.length - 1)
  const paths: { readonly path: string; readonly kind: 'stroke' | 'under' }[] = []
  let run: { readonly x: number; readonly y: number }[] = []
  const end = () => {
    const [first, last] = [run[0], run.at(-1)]
    if (first && last) {
      const short = run.length === 1 ? [{ x: Math.min(SIZE.width, first.x + 3), y: first.y }] : []
      const through = [...run, ...short].map(({ x, y }) => `${rounded(x)} ${rounded(y)}`).join('L')
      if (shape === 'area') paths.push({ path: `M${through}V${SIZE.height}H${rounded(first.x)}Z`, kind: 'under' })
      paths.push({ path: `M${through}`, kind: 'stroke' })
    }
    run = []
  }
  for (const [at, value] of values.entries()) {
    if (value === undefined) end()
    else run.push({ x: at * step, y: heightAt(value, scale) })
  }
  end()
  return paths
}
