import type { DataVisualizationBlock } from '../../bot/slack/render/kit.ts'

const SIZE = { width: 320, height: 130, left: 34, foot: 18 } as const
const COLOURS = ['#1264a3', '#e01e5a', '#2eb67d', '#ecb22e', '#4a154b', '#36c5f0']

const text = (said: string): string => said.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Slack's chart, much as it draws one: title, legend, axes, and the values. For looking at. */
export function chartSvg({ title, chart }: DataVisualizationBlock): string {
  const { series, axis_config: axis, type } = chart
  const values = series.flatMap(({ data }) => data.map(({ value }) => value))
  const high = Math.max(...values, type === 'line' ? Number.NEGATIVE_INFINITY : 0)
  const low = Math.min(...values, type === 'line' ? Number.POSITIVE_INFINITY : 0)
  const plot = { width: SIZE.width - SIZE.left, height: SIZE.height - SIZE.foot }
  const y = (value: number) => plot.height - 4 - ((value - low) / (high - low || 1)) * (plot.height - 8)
  const slot = plot.width / axis.categories.length
  const drawn = series.map(({ data }, at) => {
    const colour = COLOURS[at % COLOURS.length]
    if (type === 'bar') {
      const width = (slot * 0.7) / series.length
      return data
        .map(({ value }, point) => {
          const x = SIZE.left + point * slot + slot * 0.15 + at * width
          return `<rect x="${x}" y="${y(value)}" width="${width}" height="${Math.max(0, y(low) - y(value))}" fill="${colour}"/>`
        })
        .join('')
    }
    const through = data.map(({ value }, point) => `${SIZE.left + (point + 0.5) * slot} ${y(value)}`).join('L')
    const under = type === 'area' ? `fill="${colour}" fill-opacity="0.2"` : 'fill="none"'
    return `<path d="M${through}" ${under} stroke="${colour}" stroke-width="2"/>`
  })
  const ends = [axis.categories[0] ?? '', axis.categories.at(-1) ?? '']
  const label = (x: number, top: number, said: string, anchor: string) =>
    `<text x="${x}" y="${top}" font-size="10" fill="#616061" text-anchor="${anchor}">${text(said)}</text>`
  const legend = series.map(
    ({ name }, at) => `<span><b style="color:${COLOURS[at % COLOURS.length]}">■</b> ${text(name)}</span>`,
  )
  return `<div class="s-chart"><b>${text(title)}</b> <span class="s-hint">${text(axis.y_label ?? '')}</span>
<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="100%">${drawn.join('')}
${label(SIZE.left - 4, 12, String(high), 'end')}${label(SIZE.left - 4, plot.height, String(low), 'end')}
${label(SIZE.left, SIZE.height - 4, ends[0] ?? '', 'start')}${label(SIZE.width, SIZE.height - 4, ends[1] ?? '', 'end')}</svg>
<div class="s-hint">${legend.join(' ')}</div></div>`
}
