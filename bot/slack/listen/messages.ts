import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { Account } from '../../../core/person.ts'
import { deliveryByKey } from '../../../db/deliveries.ts'
import { threadByKey } from '../../../db/threads.ts'
import { requestCardKey } from '../../conversation/finish.ts'
import { openQuestions } from '../../conversation/open-question.ts'
import type { SlackContext } from '../context.ts'
import type { Caller } from '../inbox.ts'
import { isDirectMessage, type Place, threadKeyOf } from '../thread-key.ts'
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
    // In a channel every message has a thread of its own; a direct conversation goes on at its top level.
    const thread = isDirect ? threadTs : (threadTs ?? ts)
    const threadKey = threadKeyOf({ team, channel, ...(thread ? { threadTs: thread } : {}) })
    const where = { team, channel, user, ...(thread ? { threadTs: thread } : {}) }
    // The same message comes as a mention and as a message, and each may come again.
    const said = { ...where, threadKey, key: `${team}:${channel}:${ts}` }
    const give = async ({ workspace, account }: Caller) => {
      const text = saidText(message.text, workspace.botUserId)
      const above = isDirect && threadTs ? await questionAbove({ team, channel, threadTs }, account) : undefined
      if (above) return inbox.hand({ ...said, ...above, text }, account)
      // It goes when we answer in that thread; at the top level it would stay.
      if (isDirect && threadTs) showReading(workspace, channel, threadTs)
      await inbox.hand({ ...said, text }, account)
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

  /**
   * In a direct conversation people answer a question at its top level in the thread below it, too: what they say there belongs to the
   * conversation that asked. Undefined where the thread is a conversation of its own.
   */
  async function questionAbove(
    { team, channel, threadTs }: Required<Place>,
    account: Account,
  ): Promise<{ readonly threadKey: string; readonly threadTs: undefined } | undefined> {
    const threadKey = threadKeyOf({ team, channel })
    const above = async () => {
      for (const { requestId } of await questionsIn(threadKey, account))
        if ((await deliveryByKey(deps.store.db, requestCardKey(requestId)))?.ref === `${channel}:${threadTs}`)
          return true
      return false
    }
    const isAbove = await above().catch((error: unknown) => {
      deps.log.warn(
        { err: error },
        'a thread is taken for a conversation of its own, because the store did not say what it answers',
      )
      return false
    })
    return isAbove ? { threadKey, threadTs: undefined } : undefined
  }

  /** Whether a question of ours waits in the thread for this person: then they need not mention us again. */
  async function answersUs(threadKey: string, account: Account): Promise<boolean> {
    return (await questionsIn(threadKey, account)).length > 0
  }

  async function questionsIn(threadKey: string, account: Account) {
    const { store, people, clock } = deps
    const person = people.byAccount(account)
    const thread = person && (await threadByKey(store.db, 'slack', threadKey))
    return thread ? openQuestions(thread.context, clock()).filter((one) => one.personId === person.id) : []
  }

  /** Slack's own "is thinking…" until the card comes; a workspace without the agent surface has none. */
  function showReading(workspace: Workspace, channel: string, threadTs: string): void {
    const { threads } = workspace.web.assistant
    threads
      .setStatus({ channel_id: channel, thread_ts: threadTs, status: 'reads that…' })
      .catch((error: unknown) => deps.log.debug({ err: error }, 'the status of a conversation could not be shown'))
  }
}
