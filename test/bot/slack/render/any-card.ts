import fc from 'fast-check'
import { randomFrom } from '../../../../bench/prove/frame/random.ts'
import { hostileText } from '../../../../bench/prove/fuzz/hostile.ts'
import { type Action, type Block, type Card, CLICK_VERBS, type Span, type Text } from '../../../../core/card.ts'
import type { OperationId, PersonId } from '../../../../core/ids.ts'

/** What stands in a card's places: nothing, words, whole pages, and what somebody would write who wants a card to lie. */
const anyString = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.lorem() },
  { weight: 4, arbitrary: fc.integer({ min: 0 }).map((seed) => hostileText(randomFrom(seed))) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }).map((size) => '👩🏽‍💻 &<>*_~`\n'.repeat(size)) },
)
const anyWord = fc.oneof(
  fc.lorem({ maxCount: 2 }),
  fc.integer().map(String),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const time = fc.oneof(
  fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }).map((at) => at.toISOString()),
  anyString,
)
const anySpan: fc.Arbitrary<Span> = fc.oneof(
  anyString,
  fc.record({ bold: anyString }),
  fc.record({ code: anyString }),
  fc.record({ time, show: fc.constantFrom('clock', 'date', 'relative') }),
  // Persons by their ids; "known" has an account in the workspace.
  fc.record({ person: fc.constantFrom('known' as PersonId, 'stranger' as PersonId), name: anyString }),
)
const anyText: fc.Arbitrary<Text> = fc.oneof(anyString, fc.array(anySpan, { maxLength: 14 }))
/** Cells are many, so they are small; one in a hundred is a page. */
const anyCell: fc.Arbitrary<Text> = fc.oneof({ weight: 99, arbitrary: anyWord }, { weight: 1, arbitrary: anyText })
/** Measured, most of the time. */
const anyValue = fc.oneof({ weight: 30, arbitrary: fc.double() }, { weight: 1, arbitrary: fc.constant(null) })
const count = fc.integer({ min: 0, max: 2_000_000 })
const anyFile = fc.record({ name: anyString, mediaType: fc.constant('text/plain'), content: anyString })

const field = fc.record(
  {
    name: fc.stringMatching(/^[a-z]{1,20}$/),
    label: anyString,
    type: fc.constantFrom('text', 'number', 'choice', 'duration'),
    options: fc.array(fc.record({ value: anyString, label: anyString }), { maxLength: 130 }),
    value: anyString,
    required: fc.boolean(),
    hint: anyString,
  },
  { requiredKeys: ['name', 'label', 'type', 'required'] },
)

const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('text'), text: anyText }),
  fc.record({
    type: fc.constant('facts'),
    facts: fc.array(fc.record({ label: anyString, value: anyText }), { maxLength: 30 }),
  }),
  fc.record({
    type: fc.constant('changes'),
    changes: fc.array(fc.record({ target: anyString, field: anyString, from: anyString, to: anyString }), {
      maxLength: 30,
    }),
  }),
  fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 120 })).chain(([columns, rows]) =>
    fc.record(
      {
        type: fc.constant('table'),
        columns: fc.array(anyString, { minLength: columns, maxLength: columns }),
        rows: fc.array(fc.array(anyCell, { minLength: columns, maxLength: columns }), { maxLength: rows }),
        more: count,
      },
      { requiredKeys: ['type', 'columns', 'rows'] },
    ),
  ),
  fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 15 })).chain(([points, series]) =>
    fc.record(
      {
        type: fc.constant('chart'),
        title: anyString,
        shape: fc.constantFrom('line', 'bar', 'area'),
        unit: anyString,
        points: fc.array(anyWord, { minLength: points, maxLength: points }),
        series: fc.array(
          fc.record({ name: anyWord, values: fc.array(anyValue, { minLength: points, maxLength: points }) }),
          {
            maxLength: series,
          },
        ),
      },
      { requiredKeys: ['type', 'title', 'shape', 'points', 'series'] },
    ),
  ),
  fc.record({
    type: fc.constant('steps'),
    steps: fc.array(
      fc.record(
        {
          name: anyString,
          state: fc.constantFrom('todo', 'doing', 'done', 'skipped', 'failed', 'unknown'),
          detail: anyText,
        },
        { requiredKeys: ['name', 'state'] },
      ),
      { maxLength: 30 },
    ),
  }),
  fc.record(
    { type: fc.constant('code'), text: anyString, truncated: count, file: anyFile },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record({ type: fc.constant('quote'), source: anyString, text: anyString }),
  fc.record({ type: fc.constant('note'), tone: fc.constantFrom('info', 'warn', 'bad', 'good'), text: anyText }),
  fc.record({ type: fc.constant('progress'), fraction: fc.option(fc.double(), { nil: undefined }), text: anyString }),
  fc.record({
    type: fc.constant('form'),
    fields: fc.uniqueArray(field, { selector: (one) => one.name, maxLength: 12 }),
  }),
)

const anyAction: fc.Arbitrary<Action> = fc.record(
  {
    verb: fc.constantFrom(...CLICK_VERBS),
    label: anyString,
    style: fc.constantFrom('primary', 'danger', 'plain'),
    payload: fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), anyString, { maxKeys: 4 }),
    confirm: anyString,
    reason: anyString,
  },
  { requiredKeys: ['verb', 'label', 'style'] },
)

export const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    kind: fc.constantFrom('answer', 'question', 'form', 'plan', 'progress', 'result', 'notice', 'refusal'),
    tone: fc.constantFrom('neutral', 'good', 'warn', 'bad', 'busy'),
    title: anyString,
    subtitle: anyText,
    blocks: fc.oneof(
      { weight: 4, arbitrary: fc.array(anyBlock, { maxLength: 8 }) },
      { weight: 1, arbitrary: fc.array(anyBlock, { minLength: 40, maxLength: 90 }) },
    ),
    actions: fc.oneof(
      { weight: 6, arbitrary: fc.array(anyAction, { maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(anyAction, { maxLength: 70 }) },
    ),
    footer: anyText,
    operationId: fc.constant('op-7f3k9m2q' as OperationId),
  },
  { requiredKeys: ['kind', 'tone', 'title', 'blocks'] },
)
