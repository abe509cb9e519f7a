import type { Action, Block, Card, ClickVerb } from '../../../core/card.ts'
import type { JsonObject } from '../../../core/json.ts'
import { inputOf } from './form.ts'
import { cutList, type Element, type Page } from './page.ts'
import { inertLine, rich } from './text.ts'

/** The verb with which a client asks for what its reader may see. */
export const REFRESH = 'refresh'
/** The verb with which somebody asks for the files of a card. */
export const FILES = 'files'

/** Only those who may decide are shown these, where it is known who they are. The server asks at the click all the same. */
const DECIDING: readonly ClickVerb[] = ['approve', 'reject', 'break-glass']
export const isDeciding = ({ verb }: Action): boolean => DECIDING.includes(verb)

/** Clients may draw no more buttons than this in a row. */
const IN_A_ROW = 5
const LONGEST_LABEL = 60
const LONGEST_REASON = 1_000
const STYLES = { primary: 'positive', danger: 'destructive', plain: 'default' } as const

/** Buttons, in rows where there are many. */
export function actionElements(
  page: Page,
  card: Card,
  deliveryId: string,
  decides: boolean,
): { actions: Element[]; body: Element[] } {
  const all = (card.actions ?? []).filter((action) => decides || !isDeciding(action))
  const { shown, left } = cutList(page, all, page.limits.buttons)
  const fields = card.blocks.filter((block): block is Extract<Block, { type: 'form' }> => block.type === 'form')
  const names = fields.flatMap((form) => form.fields.map(({ name }) => name))
  const buttons = shown.map((action, at) => button(page, action, at, deliveryId, names))
  const says = `… ${left} more ${left === 1 ? 'button does' : 'buttons do'} not fit here; say it in words instead.`
  const note = left > 0 ? [rich(page, says, { isSubtle: true, size: 'Small' })] : []
  if (buttons.length <= IN_A_ROW) return { actions: buttons, body: note }
  const rows = Array.from(
    { length: Math.ceil(buttons.length / IN_A_ROW) },
    (_, row): Element => ({
      type: 'ActionSet',
      actions: buttons.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW),
    }),
  )
  return { actions: [], body: [...rows, ...note] }
}

function button(page: Page, action: Action, at: number, deliveryId: string, fields: readonly string[]): Element {
  const title = inertLine(page, action.label, LONGEST_LABEL) || 'OK'
  const style = STYLES[action.style]
  const reason = action.reason === undefined ? undefined : `reason${at}`
  const sends = sendsForm(action, fields)
  const planHash = action.payload?.planHash
  // `fields`: the form's, in the order of its inputs; `reason`: the input that holds it.
  const data: JsonObject = {
    deliveryId,
    verb: action.verb,
    payload: action.payload ?? {},
    ...(typeof planHash === 'string' && { planHash }),
    ...(sends && { fields: [...fields] }),
    ...(reason && { reason }),
  }
  const send = execute(title, style, action.verb, data, sends || reason !== undefined)
  if (action.confirm === undefined && reason === undefined) return send
  const asks: Element[] = action.confirm === undefined ? [] : [rich(page, action.confirm)]
  if (reason)
    asks.push({
      type: 'Input.Text',
      id: reason,
      label: inertLine(page, action.reason ?? '') || 'Why?',
      isRequired: true,
      errorMessage: 'This is still missing.',
      isMultiline: true,
      maxLength: LONGEST_REASON,
    })
  return { type: 'Action.ShowCard', title, style, card: { type: 'AdaptiveCard', body: asks, actions: [send] } }
}

/** The buttons that bring what the card had no room for: as files to one's own chat, and on the page for all who may sign in there. */
export function wholeButtons(deliveryId: string, pageAddress: string | undefined): Element {
  const send = execute('Send me the whole', 'default', FILES, { deliveryId, verb: FILES }, false)
  const url = pageAddress && `${pageAddress.replace(/\/+$/, '')}/#/c/${deliveryId}`
  return {
    type: 'ActionSet',
    actions: url ? [{ type: 'Action.OpenUrl', title: 'Read the whole', url }, send] : [send],
  }
}

/** With the older kind of button beside it, for clients that do not know the newer. */
function execute(title: string, style: string, verb: string, data: JsonObject, inputs: boolean): Element {
  // What a required field lacks must not hold up a button that does not send it.
  const common = { title, style, data, associatedInputs: inputs ? 'auto' : 'none' }
  return { type: 'Action.Execute', verb, ...common, fallback: { type: 'Action.Submit', ...common } }
}

/** Buttons beside the form that bring their own answer, or drop the question, leave the fields alone. */
const sendsForm = ({ verb, payload }: Action, fields: readonly string[]): boolean =>
  fields.length > 0 && verb === 'answer' && payload?.values === undefined && payload?.drop !== true

/** The inputs of a form by the names of its fields; what is empty is not said. */
export function formValues(data: JsonObject, fields: readonly string[]): JsonObject {
  const said = fields.map((name, at): [string, unknown] => [name, data[inputOf(at)]])
  return Object.fromEntries(
    said.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''),
  )
}
