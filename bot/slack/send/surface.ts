import { messageOf, UpstreamError } from '../../../core/errors.ts'
import type { PersonId, RequestId } from '../../../core/ids.ts'
import type { Health } from '../../../core/ports/health.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Posted, Surface } from '../../../core/ports/surface.ts'
import { MessageGoneError } from '../../deliver/message-gone.ts'
import { renderCard } from '../render/card.ts'
import { isDirectMessage, type Place, placeOf, speakerOfCommand, threadKeyOf } from '../thread-key.ts'
import { call, codeOf, isMessageGone, isNotTakenThere } from '../web-client.ts'
import type { Workspace, Workspaces } from '../workspaces.ts'
import { createDrawing } from './draw.ts'
import { createAttachments } from './files.ts'
import { findCard, METADATA_TYPE } from './find.ts'
import { type Method, Pacer } from './pacer.ts'
import { createProgressBeside, refOf, shownFrom } from './progress.ts'

/** Of a message that only one person was shown: Slack lets nobody edit it, so its next revision is shown anew. */
const PRIVATE_REF = 'private'
/** What is wrong with us, and not with one channel. */
const OURS = /^(?:invalid_auth|not_authed|account_inactive|token_revoked|token_expired|missing_scope)$/

/** Cards in Slack: posted once, edited in place, in their thread. */
export function createSlackSurface(options: {
  readonly workspaces: Workspaces
  /** Who made a request, to answer them where they are let in and we are not. */
  readonly requester: (request: RequestId) => Promise<PersonId | undefined>
  readonly pacer?: Pacer
  readonly log: Logger
}): Surface & { health(): Health; close(withinMs: number): Promise<void> } {
  const { workspaces, log, pacer = new Pacer() } = options
  const { draw, filesOf } = createDrawing({
    render: renderCard,
    userIn: (team, person) => workspaces.userIn(team, person),
  })
  const progress = createProgressBeside({ pacer, log })
  const attachments = createAttachments({
    log,
    pace: (team, channel) => pacer.wait({ team, channel, method: 'chat.postMessage', isLastWord: false }),
  })

  let health: Health = { ok: true, says: 'is configured; no card was sent yet' }

  async function workspaceOf(team: string): Promise<Workspace> {
    const workspace = await workspaces.of(team)
    if (workspace) return workspace
    throw refused(`Quarterdeck is not installed in the Slack workspace ${team} any more: install it again.`)
  }

  async function placeFor(message: OutgoingMessage): Promise<Place> {
    const place = message.begins === undefined ? placeOf(message.threadKey) : await workspaces.channel(message.begins)
    if (place) return place
    throw refused(`"${message.threadKey}" is no place in Slack.`)
  }

  /** The user who asked, in that workspace. What a channel subscribed to is no answer to anybody. */
  async function askerOf(message: OutgoingMessage, team: string): Promise<string | undefined> {
    const { begins, requestId, threadKey } = message
    const speaker = speakerOfCommand(threadKey)
    if (speaker || begins !== undefined || requestId === undefined) return speaker
    const person = await options.requester(requestId)
    return person && workspaces.userIn(team, person)
  }

  /** Calls Slack, and remembers when it says that this is too much. */
  async function send<T>(team: string, method: Method, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      health = { ok: true, says: 'takes cards' }
      return result
    } catch (error) {
      if (error instanceof UpstreamError && error.retryAfterMs) pacer.closedFor(team, method, error.retryAfterMs)
      const code = codeOf(error)
      if (code === undefined || OURS.test(code)) health = { ok: false, says: messageOf(error) }
      throw error
    }
  }

  /** A message of everybody in the place. */
  async function post(message: OutgoingMessage, workspace: Workspace, place: Place): Promise<Posted> {
    const { team, threadTs } = place
    const thread = threadTs ? { thread_ts: threadTs } : {}
    const { chat } = workspace.web
    const { result, files } = await draw(team, message, ({ text, blocks }) =>
      send(team, 'chat.postMessage', () =>
        call('chat.postMessage', () =>
          chat.postMessage({
            ...{ channel: place.channel, text, ...(blocks ? { blocks } : {}), ...thread },
            ...{ metadata: metadataOf(message), unfurl_links: false, unfurl_media: false, mrkdwn: false },
          }),
        ),
      ),
    ).finally(() => pacer.posted(team, place.channel))
    const { ts, channel = place.channel } = result
    if (!ts)
      throw new UpstreamError('Slack took a card and did not say where it is.', { service: 'slack', retryable: true })
    const { begins } = message
    attachments.attach({ ...message, workspace, channel, threadTs: threadTs ?? ts }, files)
    // A later one may be posted in the place of one that somebody deleted.
    if (message.revision === 1) progress.isNew(message)
    // The card is posted: whatever becomes of the rest, it must not be posted again.
    const shown = await progress.show(message, place, workspace, { channel, ts }).catch(() => ({ channel, ts }))
    const ref = refOf(shown)
    return begins === undefined ? { ref } : { ref, threadKey: threadKeyOf({ team, channel, threadTs: ts }) }
  }

  /** A message for one person: unseen by others in a channel, a message like any other where they are alone with us. */
  async function postPrivately(
    message: OutgoingMessage,
    workspace: Workspace,
    place: Place,
    to: PersonId,
  ): Promise<Posted> {
    const { team, channel, threadTs } = place
    // Who was linked a moment ago hears of it on this very card.
    const user = await workspaces.userNow(team, to)
    const thread = threadTs ? { thread_ts: threadTs } : {}
    try {
      // Of two people with each other it lets us not in either.
      if (isDirectMessage(channel)) return await post(message, workspace, place)
      if (!user)
        throw refused(`${to} has no account in the Slack workspace ${team}, so a card for them alone cannot be shown.`)
      await draw(team, message, ({ text, blocks }) =>
        send(team, 'chat.postEphemeral', () =>
          call('chat.postEphemeral', () =>
            workspace.web.chat.postEphemeral({ channel, user, text, ...(blocks ? { blocks } : {}), ...thread }),
          ),
        ),
      ).finally(() => pacer.posted(team, channel))
      return { ref: PRIVATE_REF }
    } catch (error) {
      if (!user || !isNotTakenThere(error)) throw error
      // They are not in that channel, or we are not: where we are alone together it is private as well.
      return post({ ...message, begins: undefined }, workspace, { team, channel: user })
    }
  }

  /** Where a message is that was posted. */
  async function shownAt(message: OutgoingMessage & { readonly ref: string }) {
    const at = shownFrom(message.ref)
    const place = await placeFor(message)
    const workspace = await workspaceOf(place.team)
    if (!at) throw refused(`"${message.ref}" is no message in Slack.`)
    // It went to somebody alone where we were not let in: that is no part of the thread.
    const inThread = place.channel === at.channel ? place.threadTs : undefined
    const { team } = place
    return { at, workspace, place: { team, channel: at.channel, ...(inThread ? { threadTs: inThread } : {}) } }
  }

  /** Attaches what whoever sent before may not have come to, and goes on with what they began beside the card. */
  async function goOn(message: OutgoingMessage & { readonly ref: string }): Promise<void> {
    const { at, workspace, place } = await shownAt(message)
    const threadTs = place.threadTs ?? at.ts
    attachments.attach({ ...message, workspace, channel: at.channel, threadTs }, filesOf(place.team, message))
    progress.goOn(message, place, workspace, at)
  }

  return {
    name: 'slack',
    alone: true,
    health: () => health,
    close(withinMs) {
      progress.leave()
      return attachments.close(withinMs)
    },
    takeOver(sentLately) {
      for (const message of sentLately)
        if (message.ref !== PRIVATE_REF)
          goOn(message).catch((error: unknown) =>
            log.warn({ err: error, deliveryId: message.deliveryId }, 'whether a card lacks its file is not known'),
          )
    },
    handOver: () => progress.leave(),
    pace(message) {
      // A channel of the home workspace is paced by its name.
      const [team = '', channel = ''] = (message.begins ?? message.threadKey).split(':')
      return pacer.wait({ team, channel, method: methodOf(message), isLastWord: message.final || asks(message) })
    },
    async post(message) {
      const place = await placeFor(message)
      const workspace = await workspaceOf(place.team)
      if (message.only !== undefined) return postPrivately(message, workspace, place, message.only)
      try {
        return await post(message, workspace, place)
      } catch (error) {
        const asker = isNotTakenThere(error) ? await askerOf(message, place.team) : undefined
        if (!asker) throw error
        // Commands and shortcuts work where we are not, and a thread may be locked: the answer goes to who asked.
        return post(message, workspace, { team: place.team, channel: asker })
      }
    },
    async update(message) {
      if (message.ref === PRIVATE_REF) return this.post(message)
      const { at, workspace, place } = await shownAt(message)
      const { channel, ts } = at
      try {
        const { files } = await draw(place.team, message, ({ text, blocks }) =>
          send(place.team, 'chat.update', () =>
            call('chat.update', () =>
              workspace.web.chat.update({ channel, ts, text, blocks: blocks ?? [], metadata: metadataOf(message) }),
            ),
          ),
        )
        attachments.attach({ ...message, workspace, channel, threadTs: place.threadTs ?? ts }, files)
        return { ref: refOf(await progress.show(message, place, workspace, at)) }
      } catch (error) {
        if (isMessageGone(error)) throw new MessageGoneError('the message was deleted', { cause: error })
        throw error
      }
    },
    async find(message) {
      const place = await placeFor(message)
      const workspace = await workspaceOf(place.team)
      if (message.only !== undefined && !isDirectMessage(place.channel)) return undefined
      const delivery = { id: message.deliveryId, createdAt: message.createdAt }
      // A channel known by its name alone cannot be read, and what does not let us in has nothing of ours; posting finds out.
      if (place.channel.startsWith('#')) return undefined
      const ts = await findCard(workspace, place, delivery).catch((error: unknown) => {
        if (isNotTakenThere(error)) return undefined
        throw error
      })
      if (!ts) return undefined
      const ref = `${place.channel}:${ts}`
      return message.begins === undefined ? { ref } : { ref, threadKey: threadKeyOf({ ...place, threadTs: ts }) }
    },
  }
}

const refused = (says: string) => new UpstreamError(says, { service: 'slack', retryable: false })

const metadataOf = ({ deliveryId, operationId }: OutgoingMessage) => ({
  event_type: METADATA_TYPE,
  event_payload: { delivery: deliveryId, ...(operationId ? { operation: operationId } : {}) },
})

const methodOf = ({ ref, only }: OutgoingMessage & { readonly ref?: string }): Method =>
  ref !== undefined && ref !== PRIVATE_REF
    ? 'chat.update'
    : only === undefined
      ? 'chat.postMessage'
      : 'chat.postEphemeral'

/** Somebody waits for it: it has buttons. */
const asks = ({ card }: OutgoingMessage): boolean => (card.actions?.length ?? 0) > 0 && card.tone !== 'busy'
