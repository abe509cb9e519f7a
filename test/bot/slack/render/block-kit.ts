import { z } from 'zod'
import { DataVisualization } from './block-kit-chart.ts'

/**
 * Slack's reference of Block Kit as a schema, for the blocks that we send: every object strict, every limit with the page that states it
 * (under https://docs.slack.dev/reference/block-kit/). Slack publishes no schema; its types (@slack/types) know no lengths.
 */

// composition-objects/text-object
const plain = (limit: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(limit), emoji: z.boolean().optional() })
const Mrkdwn = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3_000),
  verbatim: z.boolean().optional(),
})

// composition-objects/confirmation-dialog-object
const Confirm = z.strictObject({
  title: plain(100),
  text: plain(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
})

const ActionId = z.string().min(1).max(255)
const BlockId = z.string().min(1).max(255).optional()

// block-elements/button-element
const Button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: ActionId,
  value: z.string().max(2_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: Confirm.optional(),
})

// composition-objects/option-object: some pages say 150 for the value; the shorter holds for both
const Option = z.strictObject({ text: plain(75), value: z.string().min(1).max(75) })

// blocks/rich-text-block
const Style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
})
const RichElement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style: Style.optional() }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/), style: Style.optional() }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int().positive(),
    // messaging/formatting-message-text#date-formatting
    format: z
      .string()
      .regex(/^(?:[^{}]|\{(?:date_num|date|date_pretty|date_short|date_short_pretty|time|time_secs|ago)\})+$/),
    fallback: z.string().min(1).optional(),
    style: Style.optional(),
  }),
])
const RichSection = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(RichElement).min(1) })
const RichText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: BlockId,
  elements: z
    .array(
      z.discriminatedUnion('type', [
        RichSection,
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          elements: z.array(RichSection).min(1),
          indent: z.int().min(0).max(8).optional(),
        }),
        z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(RichElement).min(1) }),
        z.strictObject({
          type: z.literal('rich_text_preformatted'),
          elements: z.array(z.strictObject({ type: z.literal('text'), text: z.string().min(1) })).min(1),
        }),
      ]),
    )
    .min(1),
})

// blocks/data-table-block: the first row is the header, without rich text; all rows are as long as it
const RawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) })
const RawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) })
const DataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: BlockId,
  caption: z.string().min(1),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
  rows: z
    .tuple([
      z
        .array(z.discriminatedUnion('type', [RawText, RawNumber]))
        .min(1)
        .max(20),
    ])
    .rest(z.array(z.discriminatedUnion('type', [RawText, RawNumber, RichText])))
    .refine((rows) => rows.length >= 2 && rows.length <= 101, '2 to 101 rows, the header among them')
    .refine(([head, ...rows]) => rows.every((row) => row.length === head.length), 'a row of another length'),
})

const Header = z.strictObject({ type: z.literal('header'), block_id: BlockId, text: plain(150) })
const Divider = z.strictObject({ type: z.literal('divider'), block_id: BlockId })
// blocks/context-block
const Context = z.strictObject({
  type: z.literal('context'),
  block_id: BlockId,
  elements: z
    .array(z.discriminatedUnion('type', [plain(3_000), Mrkdwn]))
    .min(1)
    .max(10),
})
// blocks/actions-block; action ids are unique in their block
const Actions = z.strictObject({
  type: z.literal('actions'),
  block_id: BlockId,
  elements: z
    .array(Button)
    .min(1)
    .max(25)
    .refine((all) => new Set(all.map((one) => one.action_id)).size === all.length, 'one action_id twice'),
})

// blocks/input-block and its elements
const Input = z.strictObject({
  type: z.literal('input'),
  block_id: BlockId,
  label: plain(2_000),
  hint: plain(2_000).optional(),
  optional: z.boolean().optional(),
  element: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('plain_text_input'),
      action_id: ActionId,
      multiline: z.boolean().optional(),
      max_length: z.int().min(1).max(3_000).optional(),
      initial_value: z.string().min(1).max(3_000).optional(),
      placeholder: plain(150).optional(),
      focus_on_load: z.boolean().optional(),
    }),
    z.strictObject({
      type: z.literal('static_select'),
      action_id: ActionId,
      options: z.array(Option).min(1).max(100),
      initial_option: Option.optional(),
      placeholder: plain(150).optional(),
    }),
    z.strictObject({
      type: z.literal('external_select'),
      action_id: ActionId,
      min_query_length: z.int().min(0).optional(),
      initial_option: Option.optional(),
      placeholder: plain(150).optional(),
    }),
  ]),
})

const uniqueIds = (blocks: readonly { block_id?: string | undefined }[]) => {
  const ids = blocks.flatMap(({ block_id }) => block_id ?? [])
  return new Set(ids).size === ids.length
}

/** reference/methods/chat.postMessage and reference/block-kit/blocks: 50 blocks; data tables hold 10,000 characters together. */
export const Message = z.strictObject({
  text: z.string().min(1).max(4_000),
  blocks: z
    .array(z.discriminatedUnion('type', [Header, Divider, Context, Actions, RichText, DataTable, DataVisualization]))
    .min(1)
    .max(50)
    .refine(uniqueIds, 'one block_id twice')
    .refine((blocks) => blocks.filter(({ type }) => type === 'data_visualization').length <= 2, 'more than two charts')
    .refine((blocks) => tableCharacters(blocks) <= 10_000, 'more than 10,000 characters in tables'),
})

/** surfaces/modals: 100 blocks, 24 characters of title; reference/views/home-tab-views */
export const Modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: z.string().max(255),
  title: plain(24),
  submit: plain(24),
  close: plain(24),
  private_metadata: z.string().max(3_000),
  blocks: z
    .array(z.discriminatedUnion('type', [Header, Divider, Context, Actions, RichText, Input]))
    .min(1)
    .max(100)
    .refine(uniqueIds, 'one block_id twice'),
})
export const Home = z.strictObject({
  type: z.literal('home'),
  blocks: z
    .array(z.discriminatedUnion('type', [Header, Divider, Context, Actions, RichText]))
    .min(1)
    .max(100),
})

function tableCharacters(blocks: readonly unknown[]): number {
  const texts = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + texts(one), 0)
    if (typeof value !== 'object' || value === null) return 0
    return Object.entries(value).reduce(
      (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : texts(one)),
      0,
    )
  }
  return texts(
    blocks.filter((block) => typeof block === 'object' && block && 'type' in block && block.type === 'data_table'),
  )
}
