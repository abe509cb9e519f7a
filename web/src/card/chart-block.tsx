import type { Block } from '../card-types.ts'
import { visibleLine } from '../visible-text.ts'
import { barsOf, lineOf, measured, SIZE, sayNumber, sayRange, scaleOf } from './chart-shape.ts'

type Chart = Extract<Block, { type: 'chart' }>

/** Six colours that are told apart without colour, too: those after them are drawn with dashes. */
const COLOURS = 6
const MOST_POINTS = 20
const MOST_SERIES = 12

/** A chart to look at, its numbers as a table for who cannot or wants them, and what it says in a line for each series. */
export function ChartBlock({ title, unit, shape, points, series }: Chart) {
  const from = Math.max(0, points.length - MOST_POINTS)
  const labels = points.slice(from)
  const drawn = series.slice(0, MOST_SERIES).map(({ name, values }) => ({
    name,
    values: labels.map((_, at) => measured(values[from + at])),
  }))
  const scale = scaleOf(
    drawn.map(({ values }) => values),
    shape,
  )
  const left = [
    ...(from > 0 ? [`${from} earlier ${from === 1 ? 'point' : 'points'}`] : []),
    ...(series.length > MOST_SERIES ? [`${series.length - MOST_SERIES} more series`] : []),
  ]
  return (
    <figure class="chart">
      <figcaption>
        {visibleLine(title)}
        {unit !== undefined && <span class="chart-unit"> {visibleLine(unit)}</span>}
      </figcaption>
      <div class="chart-plot">
        <div class="chart-scale">
          <span>{sayNumber(scale.high)}</span>
          <span>{sayNumber(scale.low)}</span>
        </div>
        <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} preserveAspectRatio="none" aria-hidden="true">
          {drawn.map(({ values }, at) => (
            <g key={at} class={`series-${at % COLOURS} ${at < COLOURS ? '' : 'dashed'}`}>
              {shape === 'bar'
                ? barsOf(values, scale, at, drawn.length).map((bar, point) => bar && <rect key={point} {...bar} />)
                : lineOf(values, scale, shape).map(({ path, kind }, part) => (
                    <path key={part} class={kind} d={path} vector-effect="non-scaling-stroke" />
                  ))}
            </g>
          ))}
        </svg>
        <div class="chart-points">
          <span>{visibleLine(labels[0] ?? '')}</span>
          <span>{labels.length > 1 ? visibleLine(labels.at(-1) ?? '') : ''}</span>
        </div>
      </div>
      <ul class="chart-series">
        {drawn.map(({ name, values }, at) => (
          <li key={at} class={`series-${at % COLOURS} ${at < COLOURS ? '' : 'dashed'}`}>
            <span class="chart-key" />
            {visibleLine(name)} <span class="chart-says">{visibleLine(sayRange(values, unit))}</span>
          </li>
        ))}
      </ul>
      {left.length > 0 && <p class="small-print">Not shown: {left.join(' and ')}.</p>}
      <details class="chart-numbers">
        <summary>Numbers</summary>
        <div class="table-scroll">
          <table aria-label={visibleLine(title)}>
            <thead>
              <tr>
                <th scope="col" />
                {drawn.map(({ name }, at) => (
                  <th key={at} scope="col" class="number">
                    {visibleLine(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, at) => (
                <tr key={at}>
                  <th scope="row">{visibleLine(label)}</th>
                  {drawn.map(({ values }, column) => (
                    <td key={column} class="number">
                      {values[at] === undefined ? '–' : sayNumber(values[at])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}
