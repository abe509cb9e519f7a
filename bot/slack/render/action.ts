import { z } from 'zod'
import { type Action, type Card, CLICK_VERBS, type ClickVerb } from '../../../core/card.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { canonicalJson, type JsonObject, sha256 } from '../../../core/json.ts'
import type { ActionsBlock, Button, ConfirmationDialog } from './kit.ts'
import { LIMITS } from './limits.ts'
import { plainObject } from './words.ts'

/** What a click on one of our buttons says, read from what Slack sends back. */
export interface ButtonClick {
  readonly deliveryId: DeliveryId
  readonly verb: ClickVerb
  /** Undefined: too large to travel in a button. The card of that delivery has it: see actionIn. */
  readonly payload: JsonObject | undefined
  /** Which button of its card it was, whatever has become of the order of buttons since. */
  readonly mark: string
  readonly planHash?: string
  /** What has to be asked before the click counts. */
  readonly opens?: 'form' | 'reason'
  /** The questions of a reason, where they fitted: the dialog then opens without a look at the card. */
  readonly ask?: ReasonAsk
}

export interface ReasonAsk {
  readonly label: string
  readonly question: string
  readonly confirm?: string
  readonly danger: boolean
}

/** What every button of a card carries beside its own. */
export interface ButtonContext {
  readonly deliveryId: DeliveryId
  readonly planHash?: string
}

/** Matches the action_id of every button we make. */
export const ACTION_ID = /^qd:[a-z-]{2,20}:\d{1,2}$/
/** More than these are typed, not clicked; the renderer says so. */
export const BUTTONS_MAX = 2 * LIMITS.actions

/** The card's buttons, in its order. */
export function actionsBlocks(card: Card, ctx: ButtonContext): ActionsBlock[] {
  const buttons = (card.actions ?? []).slice(0, BUTTONS_MAX).map((action, at) => buttonOf(card, action, at, ctx))
  const rows: ActionsBlock[] = []
  for (let at = 0; at < buttons.length; at += LIMITS.actions)
    rows.push({ type: 'actions', elements: buttons.slice(at, at + LIMITS.actions) })
  return rows
}

function buttonOf(card: Card, action: Action, at: number, ctx: ButtonContext): Button {
  const { verb, label, style, confirm } = action
  const opens = opensOf(card, action)
  return {
    type: 'button',
    action_id: `qd:${verb}:${at}`,
    text: plainObject(label, LIMITS.buttonLabel),
    value: buttonValue(card, action, ctx),
    ...(style === 'plain' ? {} : { style }),
    // A dialog that asks for a reason says this too; two dialogs for one click would be one too many.
    ...(confirm && !opens ? { confirm: confirmOf(action, confirm) } : {}),
  }
}

function confirmOf({ label, style }: Action, confirm: string): ConfirmationDialog {
  return {
    title: plainObject(label, LIMITS.confirmTitle),
    text: plainObject(confirm, LIMITS.confirmText),
    confirm: plainObject(label, LIMITS.confirmButton),
    deny: plainObject('Back', LIMITS.confirmButton),
    style: style === 'danger' ? 'danger' : 'primary',
  }
}

/** What a click on it opens. A button that brings its own answer, or drops the question, leaves the form alone. */
export function opensOf(card: Card, { verb, payload, reason }: Action): 'form' | 'reason' | undefined {
  const asks = card.blocks.some((block) => block.type === 'form' && block.fields.length > 0)
  if (asks && verb === 'answer' && payload?.values === undefined && payload?.drop !== true) return 'form'
  return reason ? 'reason' : undefined
}

/** What a button, or the private_metadata of the dialog it opens, carries: at most `limit` characters. */
export function buttonValue(
  card: Card,
  action: Action,
  ctx: ButtonContext,
  limit: number = LIMITS.buttonValue,
): string {
  const { verb, payload = {}, reason, label, confirm, style } = action
  const opens = opensOf(card, action)
  const base = {
    d: ctx.deliveryId,
    v: verb,
    m: markOf(action),
    ...(ctx.planHash ? { h: ctx.planHash } : {}),
    ...(opens ? { o: opens } : {}),
  }
  const ask = reason ? { a: { l: label, q: reason, ...(confirm ? { c: confirm } : {}), x: style === 'danger' } } : {}
  const tries = [{ ...base, p: payload, ...ask }, { ...base, p: payload }, { ...base, ...ask }, base]
  const fits = tries.map(asciiJson).find((value) => value.length <= limit)
  if (fits === undefined) throw new Error(`The button "${verb}" of ${ctx.deliveryId} cannot carry its ids.`)
  return fits
}

/** Plain ASCII, and none of the characters that Slack sends back as entities. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[^ -~]|[&<>]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const MARK_LENGTH = 12
const markOf = ({ verb, label, payload = {} }: Action): string =>
  sha256(canonicalJson([verb, label, payload])).slice(0, MARK_LENGTH)

const Value = z.strictObject({
  // A delivery's id is ours; its form is what makes it one.
  d: z
    .string()
    .regex(/^dl-[0-9a-z-]{1,60}$/)
    .transform((id) => id as DeliveryId),
  v: z.enum(CLICK_VERBS),
  m: z.string().regex(/^[0-9a-f]{12}$/),
  h: z.string().max(200).optional(),
  o: z.enum(['form', 'reason']).optional(),
  p: z.record(z.string(), z.json()).optional(),
  a: z.strictObject({ l: z.string(), q: z.string(), c: z.string().optional(), x: z.boolean() }).optional(),
})

/** What was clicked, from a block action; undefined where the button is none of ours. */
export function actionFrom(clicked: {
  readonly action_id?: string | undefined
  readonly value?: string | undefined
}): ButtonClick | undefined {
  if (!ACTION_ID.test(clicked.action_id ?? '')) return undefined
  const click = clickFrom(clicked.value)
  return click && clicked.action_id?.startsWith(`qd:${click.verb}:`) ? click : undefined
}

/** The same, from the private_metadata of one of our dialogs. */
export function clickFrom(value: string | undefined): ButtonClick | undefined {
  const read = Value.safeParse(jsonOf(value))
  if (!read.success) return undefined
  const { d, v, m, h, o, p, a } = read.data
  return {
    deliveryId: d,
    verb: v,
    payload: p,
    mark: m,
    ...(h ? { planHash: h } : {}),
    ...(o ? { opens: o } : {}),
    ...(a ? { ask: { label: a.l, question: a.q, danger: a.x, ...(a.c ? { confirm: a.c } : {}) } } : {}),
  }
}

function jsonOf(value: string | undefined): unknown {
  try {
    return JSON.parse(value ?? '')
  } catch {
    return undefined
  }
}

/** The button that was clicked, on the card as it is now; undefined where the card has changed since. */
export function actionIn(card: Card, click: ButtonClick): Action | undefined {
  return card.actions?.find((action) => action.verb === click.verb && markOf(action) === click.mark)
}
