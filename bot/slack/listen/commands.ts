import type { App } from '@slack/bolt'
import { redact } from '../../../core/secrets.ts'
import { codeIn } from '../../conversation/codes.ts'
import type { SlackContext } from '../context.ts'
import { COMMAND } from '../manifest.ts'
import { threadOfCommand } from '../thread-key.ts'
import { saidText } from './said-text.ts'

/**
 * What the acknowledgement of a command says: the channel sees what was typed, and by whom, as it sees what is said to us otherwise; never
 * a one-time code or a secret.
 */
export function answerToCommand(body: Readonly<Record<string, unknown>>): object | undefined {
  const { command, text } = body
  if (command !== COMMAND || typeof text !== 'string') return undefined
  const isPrivate = codeIn(text) !== undefined || redact(text) !== text
  return isPrivate ? undefined : { response_type: 'in_channel' }
}

export function listenToCommands(app: App, { inbox }: SlackContext): void {
  app.command(COMMAND, async ({ command }) => {
    const {
      team_id: team,
      channel_id: channel,
      user_id: user,
      text,
      trigger_id: trigger,
      response_url: responseUrl,
    } = command
    if (!team || !channel || !user || !trigger) return
    inbox.say({
      ...{ team, channel, user, responseUrl },
      threadKey: threadOfCommand(team, channel, user),
      text: saidText(text ?? '', undefined) || 'help',
      key: `${team}:command:${trigger}`,
    })
  })
}
