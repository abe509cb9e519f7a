import { UpstreamError } from '../../../core/errors.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'

/** The personal chat with an account; it is opened where there is none yet. */
export async function chatWith(
  { places, adapter }: Pick<TeamsDeps, 'places' | 'adapter'>,
  accountId: string,
  near?: Place,
): Promise<Place> {
  const known = await places.chatWith(accountId)
  if (known) return known
  const from = near ?? (await places.any())
  if (!from)
    throw new UpstreamError(
      'Nobody has spoken to the bot in Teams yet, so it does not know where Teams is. Say something to it there.',
      { service: 'teams', retryable: false },
    )
  const { serviceUrl, tenantId } = from
  const chat = { serviceUrl, tenantId, conversationId: await adapter.openChat({ serviceUrl, tenantId }, accountId) }
  places.noteChat(chat, accountId)
  return chat
}
