import { UpstreamError } from '../../../core/errors.ts'
import type { JsonObject } from '../../../core/json.ts'
import { deliveryById } from '../../../db/deliveries.ts'
import type { SlackContext } from '../context.ts'
import { actionIn, type ButtonClick } from '../render/action.ts'
import type { Where } from '../tell.ts'

export const CHANGED = 'The card has changed since: look at it again.'

/** A click, with what was asked before it counts. */
interface Pressed {
  readonly where: Where
  readonly button: ButtonClick
  readonly key: string
  readonly reason?: string | undefined
  readonly values?: Readonly<Record<string, string>> | undefined
}

/** Gives a click to the conversation, and its answer to who clicked. */
export function press(context: SlackContext, pressed: Pressed): void {
  const { inbox, deps, tell } = context
  const { where, button, key, reason, values } = pressed
  inbox.serve(`click ${button.deliveryId}`, where, async ({ account }) => {
    const payload = await payloadOf(context, button).catch((error: unknown) => {
      if (error instanceof UpstreamError) return error
      throw error
    })
    // Nothing was decided: who clicked must know, and may click again.
    if (payload instanceof UpstreamError) return tell(where, payload.message)
    if (!payload) return tell(where, CHANGED)
    const inPayload = payload.planHash
    const planHash = button.planHash ?? (typeof inPayload === 'string' ? inPayload : undefined)
    const reply = await deps.intake.click({
      deliveryId: button.deliveryId,
      verb: button.verb,
      payload: values ? { ...payload, values: { ...values } } : payload,
      ...(reason === undefined ? {} : { reason }),
      ...(planHash === undefined ? {} : { planHash }),
      ...{ key, surface: 'slack', account, at: deps.clock() },
    })
    await tell(where, reply.says)
  })
}

/** What the button carries; of one that cannot carry it, what its card says. */
async function payloadOf({ deps }: SlackContext, button: ButtonClick): Promise<JsonObject | undefined> {
  if (button.payload) return button.payload
  const delivery = await deliveryById(deps.store.db, button.deliveryId)
  const action = delivery && actionIn(delivery.card, button)
  return action && (action.payload ?? {})
}
