import type { App } from '@slack/bolt'
import { z } from 'zod'
import { messageOf } from '../../../core/errors.ts'
import type { SlackContext } from '../context.ts'
import { SHORTCUT } from '../manifest.ts'
import { shortcutModal, VIEWS, wishFrom } from '../render/modals.ts'
import { isDirectMessage, threadKeyOf } from '../thread-key.ts'
import { call } from '../web-client.ts'
import { Submitted } from './dialogs.ts'
import { keepWhere, whereOf } from './kept-where.ts'
import { saidText } from './said-text.ts'

const Shortcut = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string(), name: z.string().default('') }),
  message: z.object({
    ts: z.string(),
    thread_ts: z.string().optional(),
    text: z.string().default(''),
    user: z.string().optional(),
  }),
})

/**
 * A message, and what somebody wants done about it. The message is words from outside: they are shown, and what the person types is what
 * they say, in that message's thread.
 */
export function listenToShortcut(app: App, context: SlackContext): void {
  const { deps, workspaces, tell, inbox } = context
  app.shortcut({ callback_id: SHORTCUT, type: 'message_action' }, async ({ body, context }) => {
    const read = Shortcut.safeParse(body)
    const team = context.teamId
    if (!read.success || !team) return
    const { user, trigger_id: trigger, response_url: responseUrl, channel, message } = read.data
    const threadTs = message.thread_ts ?? message.ts
    const where = { team, user: user.id, channel: channel.id, threadTs, responseUrl }
    try {
      const workspace = await workspaces.of(team)
      if (!workspace) return
      const view = shortcutModal({
        source: channel.name && !isDirectMessage(channel.id) ? `a message in #${channel.name}` : 'a message',
        text: saidText(message.text, undefined),
        metadata: keepWhere('', where),
      })
      await call('views.open', () => workspace.web.views.open({ trigger_id: trigger, view }))
    } catch (error) {
      deps.log.warn({ reason: messageOf(error) }, 'the dialog of the shortcut could not be opened')
      await tell(where, 'Slack did not let me ask in time. Try it again.')
    }
  })
  app.view(VIEWS.shortcut, async ({ body, context: { teamId: team } }) => {
    const submitted = Submitted.safeParse(body)
    const text = submitted.success ? wishFrom(submitted.data.view) : undefined
    if (!submitted.success || !text || !team) return
    const { user, view } = submitted.data
    const { channel, threadTs } = whereOf(view.private_metadata)
    if (!channel) return
    const place = { team, channel, ...(threadTs ? { threadTs } : {}) }
    inbox.say({ ...place, user: user.id, threadKey: threadKeyOf(place), text, key: `${team}:view:${view.id}` })
  })
}
