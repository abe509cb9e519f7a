import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { SlackContext } from '../context.ts'
import { ACTION_ID, actionFrom } from '../render/action.ts'
import type { Where } from '../tell.ts'
import { openDialog } from './dialogs.ts'
import { press } from './press.ts'

/** What we read of a click on one of our buttons (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
const Clicked = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({
    message_ts: z.string().optional(),
    thread_ts: z.string().optional(),
    view_id: z.string().optional(),
  }),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional(), action_ts: z.string() })).min(1),
})

export function listenToClicks(app: App, context: SlackContext): void {
  app.action(ACTION_ID, async ({ body, context: { teamId: team } }) => {
    const clicked = Clicked.safeParse(body)
    if (!clicked.success || !team) return
    const { user, trigger_id: trigger, response_url: responseUrl, channel, container, message } = clicked.data
    const where: Where = {
      ...{ team, user: user.id, channel: channel?.id, responseUrl },
      threadTs: container.thread_ts ?? message?.thread_ts,
    }
    for (const action of clicked.data.actions) {
      const button = actionFrom(action)
      const key = [action.action_ts, container.message_ts ?? container.view_id ?? '', user.id].join(':')
      if (button?.opens) await openDialog(context, { where, button, value: action.value ?? '', trigger })
      else if (button) press(context, { where, button, key })
    }
  })
}
