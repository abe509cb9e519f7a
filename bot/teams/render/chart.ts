import type { ChartBlock } from '../../../core/card.ts'
import { sayChart } from '../../../core/chart.ts'
import { cutList, type Element, type Page } from './page.ts'
import { inertLine, rich, run } from './text.ts'

const MONO = { fontType: 'Monospace' } as const
const SUBTLE = { isSubtle: true, size: 'Small' } as const

/** Adaptive Cards 1.5 have no chart: small bars of letters for each series, all on one scale, and what they say in words. */
export function chartElements(page: Page, chart: ChartBlock): Element[] {
  const said = sayChart(chart)
  const { shown, left } = cutList(page, said.series, page.limits.items)
  const heading = run(inertLine(page, chart.unit ? `${chart.title}, ${chart.unit}` : chart.title) || ' ', {
    weight: 'Bolder',
  })
  const rows = shown.map(({ name, bars, says }): Element => {
    const drawn = [run(bars || ' ', { ...MONO, color: 'Accent' }), run(` ${inertLine(page, name)}: `)]
    const words = run(inertLine(page, says) || ' ', SUBTLE)
    return { type: 'RichTextBlock', spacing: 'Small', inlines: [...drawn, words] }
  })
  const span = said.points.length > 1 ? [`${said.points[0]} to ${said.points.at(-1)}`] : []
  const notes = [...span, ...(said.leftOut ? [said.leftOut] : []), ...(left > 0 ? [`… ${left} more series`] : [])]
  return [
    { type: 'RichTextBlock', inlines: [heading] },
    ...rows,
    ...notes.map((note) => rich(page, inertLine(page, note), SUBTLE, { spacing: 'Small' })),
  ]
}
