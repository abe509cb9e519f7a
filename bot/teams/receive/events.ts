import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../core/errors.ts'
import { type Activity, botId, channelOf, objectIn } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { speakerOf } from '../members.ts'
import { chatWith } from '../send/chat-with.ts'
import { type ButtonAnswer, pressed } from './buttons.ts'
import { fileAnswered } from './files.ts'
import { createInbox, keyOf } from './inbox.ts'
import { saidIn } from './said.ts'
import { addsUs, createWelcome } from './welcome.ts'

export interface EventAnswer {
  readonly status: number
  readonly body?: object
}

export interface Events {
  /** Takes one verified activity. Rejects with UpstreamError when it cannot be taken now. */
  take(activity: Activity, tenantId: string): Promise<EventAnswer>
  close(): Promise<void>
}

const TAKEN: EventAnswer = { status: 202 }
/** Teams waits 10 s for the answer to a button. */
const ANSWER_WITHIN_MS = 8_000
const CLOSE_WITHIN_MS = 5_000
const SLOW = 'This takes longer than Teams waits. The card will say how it went.'

/** What is done about each kind of activity. Only the answer to a button waits for anything. */
export function createEvents(deps: TeamsDeps): Events {
  const { appId, places, people, reopening, clock, log } = deps
  const inbox = createInbox(deps)
  const welcome = createWelcome(deps)
  const underWay = new Set<Promise<unknown>>()
  let heardBefore = false

  /** Work that nobody waits for, but the end of the program. */
  const behind = (what: string, work: Promise<unknown>) => {
    const watched: Promise<unknown> = work
      .catch((error: unknown) => log.warn({ err: error }, what))
      .finally(() => underWay.delete(watched))
    underWay.add(watched)
  }

  async function take(activity: Activity, tenantId: string): Promise<EventAnswer> {
    const { type, serviceUrl, conversation, from } = activity
    if (from.id === botId(appId)) return TAKEN
    places.note(activity, tenantId)
    reopened(activity)
    const place = { serviceUrl, tenantId, conversationId: conversation.id }
    if (type !== 'message' && type !== 'invoke') {
      behind('whoever added the bot could not be told what it does', welcome(activity, place))
      return TAKEN
    }
    const speaker = speakerOf(activity, tenantId)
    if ('why' in speaker) {
      log.info({ key: keyOf(activity), why: speaker.why }, 'what nobody of the tenant said is left alone')
      return type === 'invoke' ? invoked({ ok: false, says: 'You cannot act here.' }) : TAKEN
    }
    if (type === 'invoke') return invoke(activity, place, speaker.accountId)
    message(activity, place, speaker.accountId)
    return TAKEN
  }

  /** Where Teams lets us hear, it may let us speak again; its first word, and an invitation, may be about any place. */
  function reopened(activity: Activity): void {
    const { conversation, from } = activity
    if (addsUs(activity, appId) || !heardBefore) reopening.letIn()
    heardBefore = true
    const account = from.aadObjectId && { surface: 'teams' as const, id: from.aadObjectId.toLowerCase() }
    const speaker = account ? people.byAccount(account) : undefined
    reopening.heard(channelOf(conversation.id), speaker?.id)
  }

  function message(activity: Activity, place: Place, accountId: string): void {
    const isButton = activity.value !== undefined && !activity.text
    if (isButton) {
      behind('a button’s answer could not be told', olderButton(activity, place, accountId))
      return
    }
    const text = saidIn(activity)
    if (text === undefined) return
    const account = { surface: 'teams' as const, id: accountId }
    const threadKey = activity.conversation.id
    inbox.take({ surface: 'teams', threadKey, account, text, key: keyOf(activity), at: clock() }, place)
  }

  async function invoke(activity: Activity, place: Place, accountId: string): Promise<EventAnswer> {
    if (activity.name === 'fileConsent/invoke') {
      behind('a file could not be put into OneDrive', fileAnswered(deps, activity, place, accountId))
      return { status: 200, body: {} }
    }
    if (activity.name !== 'adaptiveCard/action') return { status: 501 }
    const answer = pressed(deps, activity, place, accountId)
    behind('a button could not be handled', answer)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<ButtonAnswer>((resolve) => {
      timer = setTimeout(() => resolve({ ok: true, says: SLOW }), ANSWER_WITHIN_MS)
    })
    return invoked(await Promise.race([answer, late]).finally(() => clearTimeout(timer)))
  }

  /** The older kind of button has no answer of its own: it is told in the personal chat. */
  async function olderButton(activity: Activity, place: Place, accountId: string): Promise<void> {
    if (objectIn(activity, 'value')?.deliveryId === undefined) return
    const answer = await pressed(deps, activity, place, accountId)
    if ('card' in answer) return
    const chat = await chatWith(deps, accountId, place)
    await deps.adapter.send(chat, { type: 'message', text: answer.says, textFormat: 'plain' })
  }

  return {
    take: (activity, tenantId) =>
      take(activity, tenantId).catch((error: unknown) => {
        log.warn({ key: keyOf(activity), why: messageOf(error) }, 'an activity could not be taken')
        throw error
      }),
    async close() {
      await inbox.close()
      await Promise.race([Promise.all(underWay), delay(CLOSE_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

/** The answer to a button as Teams wants it (Universal Actions, "response format"). */
function invoked(answer: ButtonAnswer): EventAnswer {
  const body =
    'card' in answer
      ? { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: answer.card }
      : { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: answer.says }
  return { status: 200, body }
}
