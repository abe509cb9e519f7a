import { UpstreamError } from '../../../core/errors.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { MessageGoneError } from '../../deliver/message-gone.ts'
import type { Outgoing, Place } from '../connector/adapter.ts'
import { ServiceError } from '../connector/request.ts'
import type { TeamsDeps } from '../deps.ts'
import { cardMessage, renderCard } from '../render/card.ts'
import { chatWith, openChat } from './chat-with.ts'
import { createPace } from './pace.ts'
import { deciders, teamsIds } from './shown-to.ts'

/**
 * Cards as messages of Teams, edited in place by the ids of conversation and activity. Teams cannot be asked for a message by anything of
 * ours, so there is no `find`: a post whose answer was lost in a crash is posted again.
 */
export function createTeamsSurface(deps: TeamsDeps): Surface {
  const { adapter, places, clock } = deps
  const mention = (person: PersonId) =>
    deps.people.byId(person)?.accounts.find(({ surface }) => surface === 'teams')?.id
  // Not by the clock: one that is set back would hold every card until it is there again.
  const pace = createPace(() => performance.now())

  async function activityOf(message: OutgoingMessage, place: Place): Promise<Outgoing> {
    const asked = message.only ? undefined : await deciders(deps, message.operationId)
    const ids = asked && (await teamsIds(deps, asked, place))
    const { deliveryId } = message
    const rendering = {
      deliveryId,
      now: clock(),
      mention,
      pageAddress: deps.pageAddress,
      ...(ids && { deciders: ids }),
    }
    return cardMessage(renderCard(message.card, rendering))
  }

  /** Where it goes: its thread, or the personal chat of the one it is for. */
  async function placeOf({ threadKey, only, begins }: OutgoingMessage): Promise<Place> {
    const thread = await placeByKey(begins ?? threadKey)
    if (!only) return thread
    const accountsOf = () => deps.people.byId(only)?.accounts.filter(({ surface }) => surface === 'teams') ?? []
    // Who was linked a moment ago is not known here yet, and hears of it on this very card.
    if (accountsOf().length === 0) await deps.people.refresh()
    const accounts = accountsOf()
    for (const { id } of accounts) {
      const own = await places.chatWith(id)
      if (own?.conversationId === threadKey) return own
    }
    const [account] = accounts
    if (account) return chatWith(deps, account.id, thread)
    throw new UpstreamError(
      `This card is for ${only} alone, who has no account in Teams: it is not shown to the others in the conversation.`,
      { service: 'teams', retryable: false },
    )
  }

  /** Opens the chat of the one it is for anew: who removes theirs, with its history, takes the conversation away. */
  async function ownChatAnew({ only, begins, threadKey }: OutgoingMessage): Promise<Place | undefined> {
    const account = only && deps.people.byId(only)?.accounts.find(({ surface }) => surface === 'teams')
    return account && openChat(deps, account.id, await placeByKey(begins ?? threadKey))
  }

  async function placeByKey(conversationId: string): Promise<Place> {
    const known = await places.of(conversationId)
    if (known) return known
    const near = await places.any()
    if (near) return { ...near, conversationId }
    throw new UpstreamError(
      `Nothing was heard from Teams yet, so it is not known where the conversation ${conversationId.slice(0, 80)} is. Say something to the bot there.`,
      { service: 'teams', retryable: false },
    )
  }

  return {
    name: 'teams',
    alone: true,
    pace: ({ begins, threadKey }) => pace(begins ?? threadKey),
    async post(message) {
      const place = await placeOf(message)
      const activity = await activityOf(message, place)
      if (message.begins && !message.only && hasThreads(message.begins)) {
        const { threadId, activityId } = await adapter.beginThread(place, activity)
        return { ref: refOf({ ...place, conversationId: threadId }, activityId), threadKey: threadId }
      }
      const send = async (to: Place) => ({ ref: refOf(to, await adapter.send(to, activity)) })
      return send(place).catch(async (error: unknown) => {
        const anew = isGone(error) ? await ownChatAnew(message) : undefined
        if (!anew) throw error
        return send(anew)
      })
    },
    async update({ ref, ...message }) {
      const [activityId = '', conversationId = ''] = ref.split(' ')
      const place = await placeByKey(conversationId)
      try {
        await adapter.update(place, activityId, await activityOf(message, place))
      } catch (error) {
        if (isGone(error)) throw new MessageGoneError(error.message)
        throw error
      }
      return undefined
    },
  }
}

const isGone = (error: unknown): error is ServiceError => error instanceof ServiceError && error.status === 404

/** Channels have them; a group chat is one conversation, in which cards stand one below the other. */
const hasThreads = (conversationId: string): boolean =>
  conversationId.startsWith('19:') && !/@(?:thread\.v2|unq\.gbl\.spaces)$/.test(conversationId)

/** An activity's id counts in its conversation only, and a personal card is not in its thread's. */
const refOf = ({ conversationId }: Place, activityId: string): string => `${activityId} ${conversationId}`
