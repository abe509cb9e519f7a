import type { ChartBlock } from '../../core/card.ts'
import type { DayOfChanges } from '../../core/ports/desk.ts'

/** Changes a day as a chart; undefined where they were all made on one day, which the table shows as well. */
export function changesChart(days: readonly DayOfChanges[]): ChartBlock | undefined {
  if (days.filter(({ done, failed }) => done + failed > 0).length < 2) return undefined
  return {
    type: 'chart',
    title: 'Changes a day',
    shape: 'bar',
    points: days.map(({ day }) => DAY.format(new Date(day))),
    series: [
      { name: 'done', values: days.map(({ done }) => done) },
      { name: 'failed', values: days.map(({ failed }) => failed) },
    ],
  }
}

/** `21 Nov`: the day is one of the reader's zone already. */
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
