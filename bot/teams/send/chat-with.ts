import { UpstreamError } from '../../../core/errors.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'

type Needed = Pick<TeamsDeps, 'places' | 'adapter' | 'members'>

/** The personal chat with an account; it is opened where there is none yet. */
export async function chatWith(deps: Needed, accountId: string, near?: Place): Promise<Place> {
  return (await deps.places.chatWith(accountId)) ?? openChat(deps, accountId, near)
}

/** Opens the personal chat with an account. `near`: a conversation that they are in. */
export async function openChat(deps: Needed, accountId: string, near?: Place): Promise<Place> {
  const { places, adapter } = deps
  const from = near ?? (await places.any())
  if (!from)
    throw new UpstreamError(
      'Nobody has spoken to the bot in Teams yet, so it does not know where Teams is. Say something to it there.',
      { service: 'teams', retryable: false },
    )
  const { serviceUrl, tenantId } = from
  const id = (await teamsIdOf(deps, accountId, from)) ?? accountId
  const chat = { serviceUrl, tenantId, conversationId: await adapter.openChat({ serviceUrl, tenantId }, id) }
  places.noteChat(chat, accountId)
  return chat
}

/**
 * What Teams calls them, where a team or chat that the app is in knows them. An Entra id opens a chat only with who has the app for themselves
 * (Teams, "Proactive messages").
 */
async function teamsIdOf({ members }: Needed, accountId: string, near: Place): Promise<string | undefined> {
  if (!near.conversationId.startsWith('19:')) return undefined
  const standing = await members.standing(near, accountId).catch(() => undefined)
  return standing?.teamsId
}
