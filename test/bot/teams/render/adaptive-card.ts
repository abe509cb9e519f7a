import { createRequire } from 'node:module'
import type * as Library from 'adaptivecards'
import { z } from 'zod'

// The package names a module build that Node cannot load; the other build is the same library.
const { AdaptiveCard, SerializationContext, Versions }: typeof Library = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
)

/** What Microsoft's own library complains about when it reads a card: unknown types, wrong values, ids used twice, what is missing. */
export function complaints(card: object): string[] {
  const context = new SerializationContext(Versions.v1_5)
  const read = new AdaptiveCard()
  read.parse(card, context)
  const atParse = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message)
  const atValidation = read.validateProperties().validationEvents.map(({ message }) => message)
  return [...atParse, ...atValidation]
}

/**
 * The part of Adaptive Cards 1.5 that our cards are made of, in the words of Microsoft's schema (adaptivecards.io/schemas/1.5.0), but closed:
 * nothing that reads Markdown, opens an address but our own page's, or acts by being touched may stand in a card.
 */
const spacing = z.enum(['None', 'Small', 'Default', 'Medium', 'Large']).optional()
const color = z.enum(['Default', 'Accent', 'Good', 'Warning', 'Attention']).optional()
const TextRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  size: z.enum(['Small', 'Default', 'Large']).optional(),
  weight: z.enum(['Default', 'Bolder']).optional(),
  fontType: z.enum(['Default', 'Monospace']).optional(),
  color,
  isSubtle: z.boolean().optional(),
  italic: z.boolean().optional(),
  strikethrough: z.boolean().optional(),
})
const RichTextBlock = z.strictObject({
  type: z.literal('RichTextBlock'),
  inlines: z.array(TextRun).min(1),
  spacing,
  separator: z.boolean().optional(),
})
/** The one element that reads Markdown holds nothing but mentions. */
const Mentions = z.strictObject({
  type: z.literal('TextBlock'),
  text: z.string().regex(/^(?:<at>[\p{L}\p{N} .'’-]+<\/at> ?)+$/u),
  wrap: z.literal(true),
  size: z.literal('Small'),
})
const style = z.enum(['default', 'emphasis', 'good', 'warning', 'attention', 'accent']).optional()
const Container = z.strictObject({
  type: z.literal('Container'),
  style,
  bleed: z.boolean().optional(),
  items: z.array(RichTextBlock).min(1),
})
const ColumnSet = z.strictObject({
  type: z.literal('ColumnSet'),
  spacing,
  columns: z
    .array(
      z.strictObject({ type: z.literal('Column'), width: z.number().positive(), items: z.array(RichTextBlock).min(1) }),
    )
    .min(1),
})
const Table = z.strictObject({
  type: z.literal('Table'),
  firstRowAsHeaders: z.boolean(),
  gridStyle: z.literal('default'),
  columns: z.array(z.strictObject({ width: z.number().positive() })).min(1),
  rows: z
    .array(
      z.strictObject({
        type: z.literal('TableRow'),
        cells: z.array(z.strictObject({ type: z.literal('TableCell'), items: z.array(RichTextBlock).min(1) })),
      }),
    )
    .min(1),
})
const input = {
  id: z.string().regex(/^(?:field|reason)\d+$/),
  label: z.string().min(1),
  isRequired: z.boolean(),
  errorMessage: z.string().optional(),
}
const InputText = z.strictObject({
  type: z.literal('Input.Text'),
  ...input,
  placeholder: z.string().optional(),
  value: z.string().optional(),
  isMultiline: z.boolean().optional(),
  maxLength: z.number().int().positive(),
})
const InputChoiceSet = z.strictObject({
  type: z.literal('Input.ChoiceSet'),
  ...input,
  style: z.literal('compact'),
  choices: z.array(z.strictObject({ title: z.string().min(1), value: z.string() })),
  value: z.string().optional(),
})
const action = {
  title: z.string().min(1).max(60),
  style: z.enum(['default', 'positive', 'destructive']),
  data: z.record(z.string(), z.unknown()),
  associatedInputs: z.enum(['auto', 'none']),
}
const Execute = z.strictObject({
  type: z.literal('Action.Execute'),
  verb: z.string(),
  ...action,
  fallback: z.strictObject({ type: z.literal('Action.Submit'), ...action }),
})
const ShowCard = z.strictObject({
  type: z.literal('Action.ShowCard'),
  title: action.title,
  style: action.style,
  card: z.strictObject({
    type: z.literal('AdaptiveCard'),
    body: z.array(z.union([RichTextBlock, InputText])).min(1),
    actions: z.array(Execute).length(1),
  }),
})
const actions = z.array(z.union([Execute, ShowCard])).max(5)
/** The one address that a card opens: of a card on our own page. */
const OpenPage = z.strictObject({
  type: z.literal('Action.OpenUrl'),
  title: z.literal('Read the whole'),
  url: z.string().regex(/^https:\/\/quarterdeck\.example\/#\/c\/[\w-]+$/),
})
const ActionSet = z.strictObject({
  type: z.literal('ActionSet'),
  actions: z.union([actions, z.tuple([OpenPage, Execute])]),
})

export const AdaptiveCardOfOurs = z.strictObject({
  $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
  type: z.literal('AdaptiveCard'),
  version: z.literal('1.5'),
  fallbackText: z.string(),
  msteams: z.strictObject({
    width: z.literal('Full'),
    entities: z
      .array(
        z.strictObject({
          type: z.literal('mention'),
          text: z.string().regex(/^<at>[\p{L}\p{N} .'’-]+<\/at>$/u),
          mentioned: z.strictObject({ id: z.guid(), name: z.string() }),
        }),
      )
      .optional(),
  }),
  refresh: z
    .strictObject({
      action: z.strictObject({
        type: z.literal('Action.Execute'),
        title: z.string(),
        verb: z.literal('refresh'),
        data: z.record(z.string(), z.unknown()),
      }),
      userIds: z.array(z.string()).min(1).max(60),
    })
    .optional(),
  body: z
    .array(z.union([RichTextBlock, Container, ColumnSet, Table, InputText, InputChoiceSet, ActionSet, Mentions]))
    .min(1),
  actions,
})

/** Every text that a reader sees. */
export function textsOf(part: unknown, name = ''): string[] {
  if (typeof part === 'string') return ['text', 'title', 'label', 'placeholder'].includes(name) ? [part] : []
  if (Array.isArray(part)) return part.flatMap((one) => textsOf(one, name))
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => (key === 'data' ? [] : textsOf(value, key)))
}

/** The elements without their texts: what hostile words must not change. */
export function skeleton(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(skeleton)
  if (typeof part !== 'object' || part === null) return typeof part
  const kept = Object.entries(part).filter(([key]) => key !== 'data' && key !== 'value')
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'type' ? value : skeleton(value)]))
}
