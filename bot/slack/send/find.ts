import type { ConversationsHistoryResponse } from '@slack/web-api'
import type { DeliveryId, OperationId } from '../../../core/ids.ts'
import { call } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'

/** What our messages carry unseen, so that one whose answer was lost is known again. */
export const METADATA_TYPE = 'quarterdeck_card'

type Message = NonNullable<ConversationsHistoryResponse['messages']>[number]

/** Our clocks and Slack's may be apart. */
const EARLIER_S = 120
const PAGE = 100
const MOST_PAGES = 5

/** Our own messages of a conversation since a time, newest last within a page. Throws UpstreamError. */
async function* ourMessages(
  workspace: Workspace,
  place: { readonly channel: string; readonly threadTs?: string | undefined },
  since: Date,
): AsyncGenerator<Message> {
  const { channel, threadTs } = place
  const { conversations } = workspace.web
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const part = {
      channel,
      oldest: String(since.getTime() / 1_000 - EARLIER_S),
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor ? { cursor } : {}),
    }
    const found = threadTs
      ? await call('conversations.replies', () => conversations.replies({ ...part, ts: threadTs }))
      : await call('conversations.history', () => conversations.history(part))
    // Anybody's app may use our metadata's name; only what we said ourselves counts.
    for (const message of found.messages ?? []) if (isOurs(message, workspace)) yield message
    cursor = found.response_metadata?.next_cursor
    if (!cursor) return
  }
}

const isOurs = (message: Message, { botUserId, botId }: Workspace): boolean =>
  message.user === botUserId || (botId !== undefined && message.bot_id === botId)

/** The `ts` of the message that shows this delivery. */
export async function findCard(
  workspace: Workspace,
  place: { readonly channel: string; readonly threadTs?: string | undefined },
  delivery: { readonly id: DeliveryId; readonly createdAt: Date },
): Promise<string | undefined> {
  for await (const { ts, metadata } of ourMessages(workspace, place, delivery.createdAt)) {
    if (metadata?.event_type !== METADATA_TYPE || !ts) continue
    const payload: { readonly delivery?: unknown } = metadata.event_payload ?? {}
    if (payload.delivery === delivery.id) return ts
  }
  return undefined
}

/** The `ts` of the message in a thread that streams the steps of this operation, whose ids begin with its id. */
export async function findStream(
  workspace: Workspace,
  place: { readonly channel: string; readonly threadTs?: string | undefined },
  operation: { readonly operationId: OperationId | undefined; readonly createdAt: Date },
): Promise<string | undefined> {
  const { operationId, createdAt } = operation
  for await (const { ts, metadata, blocks } of ourMessages(workspace, place, createdAt))
    if (ts && metadata?.event_type !== METADATA_TYPE && JSON.stringify(blocks ?? []).includes(`"${operationId}:`))
      return ts
  return undefined
}

/** Whether a file of this name was attached there since. */
export async function hasFile(
  workspace: Workspace,
  place: { readonly channel: string; readonly threadTs?: string | undefined },
  name: string,
  since: Date,
): Promise<boolean> {
  for await (const { files } of ourMessages(workspace, place, since))
    if (files?.some((file) => file.name === name)) return true
  return false
}
