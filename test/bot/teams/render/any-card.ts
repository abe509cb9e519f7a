import fc from 'fast-check'
import { type Action, type Block, type Card, CLICK_VERBS, type Span } from '../../../../core/card.ts'
import type { PersonId } from '../../../../core/ids.ts'

/** Words as they come, and words that mean harm where somebody reads markup. */
const tricks = fc.constantFrom(
  '[Approve](https://evil.example)',
  '**bold** _it_ - list\r1. one',
  '<at>Jonas Weber</at>',
  '{{DATE(2017-02-14T06:00:00Z, SHORT)}}',
  '{{{TIME(2017-02-14T06:00:00Z)}}',
  '<img src=x onerror=alert(1)>',
  'ok\u202egnol\u202c\u200bx\u0000',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template language would read
  '${data.secret}',
  '\ud800 half',
  '🙂'.repeat(300),
)
export const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.lorem({ maxCount: 12 }), tricks)
const long = fc.oneof(
  words,
  words,
  fc.nat({ max: 6_000 }).map((length) => 'W\n  x '.repeat(length / 6)),
)

const span: fc.Arbitrary<Span> = fc.oneof(
  words,
  words.map((bold) => ({ bold })),
  words.map((code) => ({ code })),
  fc.record({
    time: fc.oneof(
      fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
      words,
    ),
    show: fc.constantFrom('clock' as const, 'date' as const, 'relative' as const),
  }),
  // A generated id is none of anybody: the brand only makes it one.
  words.map((name) => ({ person: 'jonas' as PersonId, name })),
)
const text = fc.oneof(long, fc.array(span, { maxLength: 12 }))
const field = fc.record(
  {
    name: words,
    label: words,
    type: fc.constantFrom('text' as const, 'number' as const, 'choice' as const, 'duration' as const),
    options: fc.array(fc.record({ value: words, label: words }), { maxLength: 30 }),
    value: words,
    required: fc.boolean(),
    hint: words,
  },
  { requiredKeys: ['name', 'label', 'type', 'required'] },
)
const file = fc.record({ name: words, mediaType: fc.constant('text/plain'), content: long })

const block: fc.Arbitrary<Block> = fc.oneof(
  text.map((text) => ({ type: 'text' as const, text })),
  fc
    .array(fc.record({ label: words, value: text }), { maxLength: 40 })
    .map((facts) => ({ type: 'facts' as const, facts })),
  fc
    .array(fc.record({ target: words, field: words, from: long, to: long }), { maxLength: 40 })
    .map((changes) => ({ type: 'changes' as const, changes })),
  fc.record(
    {
      type: fc.constant('table' as const),
      columns: fc.array(words, { maxLength: 14 }),
      rows: fc.array(fc.array(text, { maxLength: 14 }), { maxLength: 40 }),
      more: fc.nat(),
    },
    { requiredKeys: ['type', 'columns', 'rows'] },
  ),
  fc.record(
    {
      type: fc.constant('chart' as const),
      title: words,
      shape: fc.constantFrom('line' as const, 'bar' as const, 'area' as const),
      unit: words,
      points: fc.array(words, { maxLength: 24 }),
      series: fc.array(fc.record({ name: words, values: fc.array(fc.option(fc.double()), { maxLength: 24 }) }), {
        maxLength: 15,
      }),
    },
    { requiredKeys: ['type', 'title', 'shape', 'points', 'series'] },
  ),
  fc
    .array(
      fc.record(
        {
          name: words,
          state: fc.constantFrom('todo', 'doing', 'done', 'skipped', 'failed', 'unknown' as const),
          detail: text,
        },
        { requiredKeys: ['name', 'state'] },
      ),
      { maxLength: 40 },
    )
    .map((steps) => ({ type: 'steps' as const, steps })),
  fc.record(
    { type: fc.constant('code' as const), text: long, truncated: fc.nat(), file },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record({ type: fc.constant('quote' as const), source: words, text: long }),
  fc.record({
    type: fc.constant('note' as const),
    tone: fc.constantFrom('info' as const, 'warn' as const, 'bad' as const, 'good' as const),
    text,
  }),
  fc.record({
    type: fc.constant('progress' as const),
    fraction: fc.option(fc.double(), { nil: undefined }),
    text: words,
  }),
  fc.array(field, { maxLength: 12 }).map((fields) => ({ type: 'form' as const, fields })),
)

const action: fc.Arbitrary<Action> = fc.record(
  {
    verb: fc.constantFrom(...CLICK_VERBS),
    label: words,
    style: fc.constantFrom('primary' as const, 'danger' as const, 'plain' as const),
    payload: fc.record({ planHash: words, text: words }),
    confirm: words,
    reason: words,
  },
  { requiredKeys: ['verb', 'label', 'style'] },
)

/** Any card there may be, with one form at most, as the doors make them. */
export const anyCard: fc.Arbitrary<Card> = fc
  .record(
    {
      kind: fc.constantFrom('answer', 'question', 'form', 'plan', 'progress', 'result', 'notice', 'refusal' as const),
      tone: fc.constantFrom('neutral', 'good', 'warn', 'bad', 'busy' as const),
      title: words,
      subtitle: text,
      blocks: fc.array(block, { maxLength: 50 }),
      actions: fc.array(action, { maxLength: 24 }),
      footer: text,
    },
    { requiredKeys: ['kind', 'tone', 'title', 'blocks'] },
  )
  .map((card) => ({ ...card, blocks: withOneForm(card.blocks) }))

function withOneForm(blocks: readonly Block[]): readonly Block[] {
  const first = blocks.findIndex(({ type }) => type === 'form')
  return blocks.filter(({ type }, at) => type !== 'form' || at === first)
}
