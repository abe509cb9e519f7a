import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { Account } from '../../../core/person.ts'
import { threadByKey } from '../../../db/threads.ts'
import { openQuestions } from '../../conversation/open-question.ts'
import type { SlackContext } from '../context.ts'
import type { Caller } from '../inbox.ts'
import { isDirectMessage, threadKeyOf } from '../thread-key.ts'
import type { Workspace } from '../workspaces.ts'
import { saidText } from './said-text.ts'

/** What we read of a message; anything else in it is nobody's request. */
const Message = z.object({
  channel: z.string(),
  user: z.string(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  // Of bots, ourselves included.
  bot_id: z.undefined().optional(),
  // Absent for what people type; these two are typed as well.
  subtype: z.enum(['file_share', 'thread_broadcast']).optional(),
})
type Message = z.infer<typeof Message>

/** Mentions, direct messages, and answers in a thread to a question of ours. */
export function listenToMessages(app: App, { deps, inbox, workspaces, reopening }: SlackContext): void {
  app.event('app_mention', async ({ event, context }) => hear(event, context.teamId, true))
  app.event('message', async ({ event, context }) => hear(event, context.teamId, false))

  function hear(event: unknown, team: string | undefined, isMention: boolean): void {
    const message = Message.safeParse(event)
    if (message.success && team) take(message.data, team, isMention)
  }

  function take(message: Message, team: string, isMention: boolean): void {
    const { channel, user, ts, thread_ts: threadTs } = message
    const isDirect = isDirectMessage(channel)
    // Where we hear people we may be let speak as well.
    reopening.heard(channel)
    // Every message begins a thread, also where somebody is alone with us: there Slack opens it by itself.
    const thread = threadTs ?? ts
    const where = { team, channel, user, threadTs: thread }
    const threadKey = threadKeyOf(where)
    // The same message comes as a mention and as a message, and each may come again.
    const said = { ...where, threadKey, key: `${team}:${channel}:${ts}` }
    const give = async ({ workspace, account }: Caller) => {
      if (isDirect) showReading(workspace, channel, thread)
      await inbox.hand({ ...said, text: saidText(message.text, workspace.botUserId) }, account)
    }
    if (isDirect || isMention) inbox.serve(threadKey, where, give)
    if (isDirect || isMention || threadTs === undefined) return
    // What people say to each other is nobody's request, unless it answers us. (With our name in it, it comes as a mention, too.)
    inbox.overhear(threadKey, async () => {
      const workspace = await workspaces.of(team)
      if (!workspace || message.text.includes(`<@${workspace.botUserId}>`)) return
      if (await answersUs(threadKey, await workspaces.account(team, user)))
        inbox.serve(threadKey, where, give, 'silent')
    })
  }

  /** Whether a question of ours waits in the thread for this person: then they need not mention us again. */
  async function answersUs(threadKey: string, account: Account): Promise<boolean> {
    const { store, people, clock } = deps
    const person = people.byAccount(account)
    const asked = person && (await threadByKey(store.db, 'slack', threadKey))
    return asked !== undefined && openQuestions(asked.context, clock()).some((one) => one.personId === person?.id)
  }

  /** Slack's own "is thinking…" until the card comes; a workspace without the agent surface has none. */
  function showReading(workspace: Workspace, channel: string, threadTs: string): void {
    const { threads } = workspace.web.assistant
    threads
      .setStatus({ channel_id: channel, thread_ts: threadTs, status: 'reads that…' })
      .catch((error: unknown) => deps.log.debug({ err: error }, 'the status of a conversation could not be shown'))
  }
}
