import { z } from 'zod'
import type { Action, Card, FormField } from '../../../core/card.ts'
import { isVisible } from '../../../core/visible-text.ts'
import { type ButtonContext, buttonValue, opensOf, type ReasonAsk } from './action.ts'
import { blockPiece } from './block.ts'
import type { InputBlock, KnownBlock, ModalView, Option } from './kit.ts'
import { cutTo, headOf, LIMITS } from './limits.ts'
import { rich, section } from './piece.ts'
import { literal, type Mention, plainObject, safeLine, safeText } from './words.ts'

/** The callback_id of our dialogs. */
export const VIEWS = { form: 'qd:form', reason: 'qd:reason', shortcut: 'qd:shortcut' } as const
/** The action_id of a field whose options are asked for while the person types. */
export const OPTIONS_ACTION = 'qd:options'
const FIELD = 'f:'
const REASON = 'reason'
const WISH = 'wish'
const REASON_LENGTH = 500
const WISH_LENGTH = 2_000

/** The form of a card as a dialog; undefined where the card asks for nothing. What a click on it carries is in private_metadata. */
export function formModal(card: Card, ctx: ButtonContext & { readonly mention: Mention }): ModalView | undefined {
  const action = card.actions?.find((one) => opensOf(card, one) === 'form')
  const asked = card.blocks.flatMap((block) => (block.type === 'form' ? block.fields : []))
  const fields = asked.filter((field, at) => asked.findIndex((one) => idOf(one) === idOf(field)) === at)
  if (!action || fields.length === 0) return undefined
  const about = card.blocks
    .filter(({ type }) => type === 'note' || type === 'facts' || type === 'text')
    .flatMap((block) => blockPiece(block, { mention: ctx.mention, rich: false, tableRoom: 0, chartRoom: 0 }).blocks)
    .slice(0, ABOUT_BLOCKS)
  return {
    ...frame(VIEWS.form, titled(card.title), action.label, buttonValue(card, action, ctx, LIMITS.metadata)),
    blocks: [
      ...(card.title.length > LIMITS.viewTitle ? [rich([section(literal(card.title, { bold: true }))])] : []),
      ...about,
      ...(action.confirm ? [rich([section(literal(action.confirm))])] : []),
      ...fields.slice(0, LIMITS.viewBlocks - ABOUT_BLOCKS - 5).map(fieldBlock),
      ...(action.reason ? [reasonBlock(action.reason)] : []),
    ],
  }
}

const ABOUT_BLOCKS = 10

/** Asks why, and says first what the click will do. `value` is the value of the button that was clicked. */
export function reasonModal(ask: ReasonAsk, value: string): ModalView {
  const about = ask.confirm ? [rich([section(literal(`${ask.danger ? '⚠️ ' : ''}${ask.confirm}`))])] : []
  return { ...frame(VIEWS.reason, ask.label, ask.label, value), blocks: [...about, reasonBlock(ask.question)] }
}

/** What reasonModal asks for an action, where its button could not carry that. */
export const askOf = ({ label, reason, confirm, style }: Action): ReasonAsk | undefined =>
  reason ? { label, question: reason, danger: style === 'danger', ...(confirm ? { confirm } : {}) } : undefined

/** A message that somebody wants something done about. */
export interface Quote {
  /** Who wrote it, or where it stands. */
  readonly source: string
  readonly text: string
  /** What the sender of the answer needs again: at most 3,000 characters. */
  readonly metadata: string
}

/** The message as words from outside, and a field for what is wanted. Only what is typed there is what the person says. */
export function shortcutModal({ source, text, metadata }: Quote): ModalView {
  const { blocks } = blockPiece({ type: 'quote', source, text: cutTo(text, QUOTE_LENGTH) }, OUTSIDE)
  const field: InputBlock = {
    type: 'input',
    block_id: WISH,
    label: plainObject('What do you want to do about it?', LIMITS.inputLabel),
    hint: plainObject(
      'Name the service and the environment: the words above are not read as an order.',
      LIMITS.inputLabel,
    ),
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: true,
      max_length: WISH_LENGTH,
      placeholder: plainObject('status of checkout in production', LIMITS.placeholder),
      focus_on_load: true,
    },
  }
  return { ...frame(VIEWS.shortcut, 'Ask Quarterdeck', 'Ask', metadata), blocks: [...blocks, field] }
}

const QUOTE_LENGTH = 2_000
const OUTSIDE = { mention: () => undefined, rich: false, tableRoom: 0, chartRoom: 0 }

function frame(callback: string, title: string, submit: string, metadata: string): Omit<ModalView, 'blocks'> {
  return {
    type: 'modal',
    callback_id: callback,
    title: plainObject(title, LIMITS.viewTitle),
    submit: plainObject(submit, LIMITS.viewTitle),
    close: plainObject('Back', LIMITS.viewTitle),
    private_metadata: metadata,
  }
}

/** "Scale: how many replicas?" is "Scale" where the whole does not fit. */
const titled = (title: string): string => (title.length > LIMITS.viewTitle ? (title.split(':')[0] ?? title) : title)

function reasonBlock(question: string): InputBlock {
  return {
    type: 'input',
    block_id: REASON,
    label: plainObject(question, LIMITS.inputLabel),
    element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: REASON_LENGTH },
  }
}

const idOf = ({ name }: FormField): string => FIELD + headOf(name, LIMITS.id - FIELD.length)

function fieldBlock(field: FormField): KnownBlock {
  return {
    type: 'input',
    block_id: idOf(field),
    label: plainObject(field.label, LIMITS.inputLabel),
    optional: !field.required,
    ...(field.hint ? { hint: plainObject(field.hint, LIMITS.inputLabel) } : {}),
    element: elementFor(field),
  }
}

function elementFor(field: FormField): InputBlock['element'] {
  const { type, value = '' } = field
  const options = type === 'choice' ? optionsOf(field) : undefined
  if (options) {
    const chosen = options.find((option) => option.value === value)
    const initial = chosen ? { initial_option: chosen } : {}
    const placeholder = plainObject('Choose…', LIMITS.placeholder)
    return options.length <= LIMITS.options
      ? { type: 'static_select', action_id: 'value', options, placeholder, ...initial }
      : { type: 'external_select', action_id: OPTIONS_ACTION, min_query_length: 0, placeholder, ...initial }
  }
  return {
    type: 'plain_text_input',
    action_id: 'value',
    max_length: LIMITS.inputLength,
    ...(value ? { initial_value: headOf(safeLine(value), LIMITS.inputLength) } : {}),
    ...(type === 'duration' ? { placeholder: plainObject('2h', LIMITS.placeholder) } : {}),
  }
}

/** A choice's options, where every value can travel in one unchanged; else the value is typed. */
function optionsOf({ options = [] }: FormField): Option[] | undefined {
  const travels = options.every(({ value }) => value !== '' && value.length <= LIMITS.option && isVisible(value))
  const safe = travels && options.length > 0 && !options.some(({ value }) => /[&<>]/.test(value))
  return safe ? options.map(({ value, label }) => ({ text: plainObject(label, LIMITS.option), value })) : undefined
}

/** The options of a field that match what was typed so far, for a select that asks while the person types. */
export function optionsMatching(card: Card, blockId: string, typed: string): Option[] {
  const fields = card.blocks.flatMap((block) => (block.type === 'form' ? block.fields : []))
  const field = fields.find((one) => idOf(one) === blockId)
  const wanted = typed.trim().toLowerCase()
  const matches = (field ? optionsOf(field) : undefined)?.filter(({ text, value = '' }) =>
    [text.text, value].some((one) => one.toLowerCase().includes(wanted)),
  )
  const first = (option: Option) => ((option.value ?? '').toLowerCase().startsWith(wanted) ? 0 : 1)
  return (matches ?? []).sort((a, b) => first(a) - first(b)).slice(0, LIMITS.options)
}

const Submitted = z.object({
  state: z.object({
    values: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          value: z.string().nullish(),
          selected_option: z.object({ value: z.string() }).nullish(),
        }),
      ),
    ),
  }),
})

/** What was filled in, by the names of the card's fields; what was left empty is absent. */
export function valuesFromView(view: unknown): Record<string, string> {
  const filled = submitted(view).filter(([block]) => block.startsWith(FIELD))
  return Object.fromEntries(filled.map(([block, value]) => [block.slice(FIELD.length), value]))
}

/** Why: what was typed where a reason was asked for. */
export const reasonFrom = (view: unknown): string | undefined => typedIn(view, REASON)

/** What the person wants done, from the dialog of a message shortcut. */
export const wishFrom = (view: unknown): string | undefined => typedIn(view, WISH)

function typedIn(view: unknown, block: string): string | undefined {
  return submitted(view).find(([id]) => id === block)?.[1]
}

function submitted(view: unknown): [block: string, value: string][] {
  const read = Submitted.safeParse(view)
  if (!read.success) return []
  return Object.entries(read.data.state.values).flatMap(([block, actions]) =>
    Object.values(actions).flatMap(({ value, selected_option }): [string, string][] => {
      const said = safeText(selected_option?.value ?? value ?? '').trim()
      return said === '' ? [] : [[block, said]]
    }),
  )
}
