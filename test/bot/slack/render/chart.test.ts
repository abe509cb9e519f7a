import { describe, expect, test } from 'vitest'
import { renderCard } from '../../../../bot/slack/render/card.ts'
import type { Card, ChartBlock } from '../../../../core/card.ts'
import type { DeliveryId } from '../../../../core/ids.ts'
import { Message } from './block-kit.ts'

const days: ChartBlock = {
  type: 'chart',
  title: 'Changes a day',
  shape: 'bar',
  points: ['19 Nov', '20 Nov', '21 Nov'],
  series: [
    { name: 'done', values: [0, 5, 2] },
    { name: 'failed', values: [1, 0, 0] },
  ],
}
const render = (blocks: Card['blocks'], rich = true) => {
  const card: Card = { kind: 'answer', tone: 'neutral', title: 'History', blocks }
  const drawn = renderCard(card, { deliveryId: 'dl-1' as DeliveryId, mention: () => undefined, rich })
  expect(Message.safeParse({ text: drawn.text, blocks: drawn.blocks }).error?.issues).toBeUndefined()
  return drawn
}
const visualizations = (blocks: readonly { readonly type: string }[]) =>
  blocks.filter(({ type }) => type === 'data_visualization')

describe('a chart in Slack', () => {
  test("is Slack's own where the workspace has it, and says below what it shows", () => {
    const { blocks, text } = render([{ ...days, unit: 'changes' }])
    expect(visualizations(blocks)).toEqual([
      {
        type: 'data_visualization',
        title: 'Changes a day',
        chart: {
          type: 'bar',
          series: [
            {
              name: 'done',
              data: [
                { label: '19 Nov', value: 0 },
                { label: '20 Nov', value: 5 },
                { label: '21 Nov', value: 2 },
              ],
            },
            {
              name: 'failed',
              data: [
                { label: '19 Nov', value: 1 },
                { label: '20 Nov', value: 0 },
                { label: '21 Nov', value: 0 },
              ],
            },
          ],
          axis_config: { categories: ['19 Nov', '20 Nov', '21 Nov'], y_label: 'changes' },
        },
      },
    ])
    expect(JSON.stringify(blocks)).toContain('done: 0 to 5 changes, last 2')
    // Every number, for who hears it.
    expect(text).toContain('done: 0 to 5 changes, last 2 (19 Nov 0, 20 Nov 5, 21 Nov 2)')
  })

  test('is small bars and words elsewhere', () => {
    const { blocks } = render([days], false)
    expect(visualizations(blocks)).toEqual([])
    const words = JSON.stringify(blocks)
    for (const part of ['Changes a day', '▁█▄', 'done: ', '0 to 5, last 2', '19 Nov to 21 Nov'])
      expect(words).toContain(part)
  })

  test('a message holds two of them; the third is small bars', () => {
    const { blocks } = render([days, days, days])
    expect(visualizations(blocks)).toHaveLength(2)
    expect(JSON.stringify(blocks)).toContain('▁█▄')
  })

  test.each<[string, Partial<ChartBlock>]>([
    ['a value is missing', { series: [{ name: 'done', values: [1, null, 2] }] }],
    ['two names are one once they are cut', { series: twins('a name of more than twenty letters') }],
    ['two points have one name', { points: ['mon', 'mon', 'tue'] }],
    ['there is nothing to draw', { series: [] }],
  ])('it is small bars where %s', (_, more) => {
    expect(visualizations(render([{ ...days, ...more }]).blocks)).toEqual([])
  })

  test('long names are cut, more points than Slack takes are left out, and nothing in them is markup', () => {
    const points = Array.from({ length: 30 }, (_, at) => `<!here> ${at}`)
    const values = points.map((_, at) => at)
    const { blocks } = render([{ ...days, title: 'W'.repeat(80), points, series: [{ name: '<@U1>', values }] }])
    const [chart] = visualizations(blocks)
    expect(JSON.stringify(chart)).not.toMatch(/[<>]/)
    expect(chart).toMatchObject({
      title: `${'W'.repeat(49)}…`,
      chart: { axis_config: { categories: expect.arrayContaining(['‹!here› 29']) } },
    })
    expect(JSON.stringify(blocks)).toContain('10 earlier points are not shown.')
  })
})

function twins(name: string): ChartBlock['series'] {
  return ['1', '2'].map((end) => ({ name: `${name} ${end}`, values: [1, 2, 3] }))
}
