import { z } from 'zod'

// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block: every series has one value for each category, under its name; names are told apart
const Name = z.string().min(1).max(20)
const distinct = (all: readonly string[]) => new Set(all).size === all.length
export const DataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: z.string().min(1).max(255).optional(),
  title: z.string().min(1).max(50),
  chart: z
    .strictObject({
      type: z.enum(['line', 'bar', 'area']),
      series: z
        .array(
          z.strictObject({
            name: Name,
            data: z
              .array(z.strictObject({ label: Name, value: z.number() }))
              .min(1)
              .max(20),
          }),
        )
        .min(1)
        .max(12)
        .refine((all) => distinct(all.map(({ name }) => name)), 'two series of one name'),
      axis_config: z.strictObject({
        categories: z.array(Name).min(1).max(20).refine(distinct, 'one category twice'),
        x_label: z.string().min(1).max(50).optional(),
        y_label: z.string().min(1).max(50).optional(),
      }),
    })
    .refine(
      ({ series, axis_config: { categories } }) =>
        series.every(({ data }) => data.map(({ label }) => label).join('\n') === categories.join('\n')),
      'values that are not those of the categories',
    ),
})
