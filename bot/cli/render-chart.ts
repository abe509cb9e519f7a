import type { ChartBlock } from '../../core/card.ts'
import { sayChart } from '../../core/chart.ts'
import { cutTo, displayWidth, padTo, wrap } from './display-width.ts'
import type { Page } from './render-text.ts'
import { terminalLine } from './terminal-text.ts'

const NAME_WIDTH = 16
const GAP = '  '

/** A line of small bars for each series, all on one scale, and what they say; the words go below where the page is narrow. */
export function chartLines(chart: ChartBlock, { width, ink }: Page): string[] {
  const { points, series, leftOut } = sayChart(chart)
  const heading = terminalLine(chart.unit ? `${chart.title}, ${chart.unit}` : chart.title)
  const names = series.map(({ name }) => cutTo(terminalLine(name), NAME_WIDTH))
  const column = Math.max(0, ...names.map(displayWidth))
  const indent = ' '.repeat(column) + GAP
  const lines = series.flatMap(({ bars, says }, at) => {
    const drawn = padTo(names[at] ?? '', column) + GAP + ink.accent(bars)
    const said = terminalLine(says)
    const fits = displayWidth(indent + bars + GAP + said) <= width
    if (fits) return [drawn + GAP + ink.faint(said)]
    return [drawn, ...wrap(said, width - indent.length).map((line) => indent + ink.faint(line))]
  })
  const span = points.length > 1 ? terminalLine(`${points[0]} to ${points.at(-1)}`) : ''
  const around = [span, leftOut ?? ''].filter(Boolean).flatMap((line) => wrap(line, width - indent.length))
  return [...wrap(heading, width).map(ink.bold), ...lines, ...around.map((line) => indent + ink.faint(line))]
}
