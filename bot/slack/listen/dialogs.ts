import type { App } from '@slack/bolt'
import { z } from 'zod'
import { messageOf } from '../../../core/errors.ts'
import { deliveryById } from '../../../db/deliveries.ts'
import type { SlackContext } from '../context.ts'
import { actionIn, type ButtonClick, clickFrom } from '../render/action.ts'
import type { ModalView } from '../render/kit.ts'
import { askOf, formModal, reasonFrom, reasonModal, VIEWS, valuesFromView } from '../render/modals.ts'
import type { Where } from '../tell.ts'
import { call } from '../web-client.ts'
import { keepWhere, whereOf } from './kept-where.ts'
import { CHANGED, press } from './press.ts'

export const Submitted = z.object({
  user: z.object({ id: z.string() }),
  view: z.looseObject({ id: z.string(), private_metadata: z.string().default('') }),
})

const LATE = 'Slack did not let me ask for more in time. Click again.'

/** Opens what a button asks before it counts. Slack lets us for three seconds after the click. */
export async function openDialog(
  context: SlackContext,
  clicked: { readonly where: Where; readonly button: ButtonClick; readonly value: string; readonly trigger: string },
): Promise<void> {
  const { where, button, value, trigger } = clicked
  const { deps, tell, workspaces } = context
  try {
    const workspace = await workspaces.of(where.team)
    if (!workspace) return
    const view = await viewOf(context, where, button, value)
    if (!view) return await tell(where, CHANGED)
    const kept = { ...view, private_metadata: keepWhere(view.private_metadata ?? '', where) }
    await call('views.open', () => workspace.web.views.open({ trigger_id: trigger, view: kept }))
  } catch (error) {
    deps.log.warn({ reason: messageOf(error), deliveryId: button.deliveryId }, 'a dialog could not be opened')
    await tell(where, LATE)
  }
}

async function viewOf(
  { deps, workspaces }: SlackContext,
  where: Where,
  button: ButtonClick,
  value: string,
): Promise<ModalView | undefined> {
  // What the button brings along needs no look at the store.
  if (button.opens === 'reason' && button.ask) return reasonModal(button.ask, value)
  const delivery = await deliveryById(deps.store.db, button.deliveryId)
  if (!delivery) return undefined
  const { deliveryId, planHash } = button
  if (button.opens === 'form')
    return formModal(delivery.card, {
      ...{ deliveryId, ...(planHash ? { planHash } : {}) },
      mention: (person) => workspaces.userIn(where.team, person),
    })
  const action = actionIn(delivery.card, button)
  const ask = action && askOf(action)
  return ask && reasonModal(ask, value)
}

/** What was filled in comes back as the click that it was asked for. */
export function listenToDialogs(app: App, context: SlackContext): void {
  for (const callback of [VIEWS.form, VIEWS.reason])
    app.view(callback, async ({ body, context: { teamId: team } }) => {
      const submitted = Submitted.safeParse(body)
      if (!submitted.success || !team) return
      const { user, view } = submitted.data
      const { rest, ...kept } = whereOf(view.private_metadata)
      const button = clickFrom(rest)
      if (!button) return
      const values = callback === VIEWS.form ? valuesFromView(view) : undefined
      const where = { ...kept, team, user: user.id }
      press(context, { where, button, values, reason: reasonFrom(view), key: `view:${view.id}` })
    })
}
