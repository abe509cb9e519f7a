import type { Action, Card } from '../../../core/card.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { type Activity, botId, channelOf } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { speakerOf } from '../members.ts'

/** An administrator may install an app for thousands at once; their chats' welcomes must not stand before what others wait for. */
const MOST_A_MINUTE = 20
const MINUTE_MS = 60_000

/** Says once in every place that the bot was added to what it does. */
export function createWelcome(deps: TeamsDeps): (activity: Activity, place: Place) => Promise<void> {
  const { store, clock, log, members } = deps
  let said: number[] = []

  async function isForThem(activity: Activity, place: Place): Promise<boolean> {
    if (!isPersonal(activity)) return true
    const speaker = speakerOf(activity, place.tenantId)
    if ('why' in speaker) return false
    return (await members.standing(place, speaker.accountId)).kind === 'member'
  }

  return async (activity, place) => {
    if (!addsUs(activity, deps.appId)) return
    const key = `welcome:${activity.channelData?.team?.id ?? channelOf(place.conversationId)}`
    if (await deliveryByKey(store.db, key)) return
    if (!(await isForThem(activity, place))) return
    const now = clock()
    said = said.filter((at) => now.getTime() - at < MINUTE_MS)
    if (said.length >= MOST_A_MINUTE) {
      log.info(
        { conversation: place.conversationId },
        'the bot is added to many places at once; this one is not welcomed',
      )
      return
    }
    said.push(now.getTime())
    await store.transaction(async (tx) => {
      const thread = await openThread(tx, { surface: 'teams', surfaceKey: threadKeyOf(activity), now })
      const card = welcomeCard(isPersonal(activity))
      await putDelivery(tx, { key, surface: 'teams', threadId: thread.id, card, final: true, now })
    })
  }
}

/** Teams says it in two ways, together or alone: that there is a new member, and that the app was installed. */
export function addsUs(activity: Activity, appId: string): boolean {
  const { type, action, membersAdded = [] } = activity
  if (type === 'installationUpdate') return action === 'add'
  if (type !== 'conversationUpdate') return false
  // In a personal chat nobody else can be meant, and some clients name the person.
  return isPersonal(activity) ? membersAdded.length > 0 : membersAdded.some(({ id }) => id === botId(appId))
}

const isPersonal = ({ conversation }: Activity): boolean => conversation.conversationType === 'personal'

/** In a team, a new thread of the channel that was chosen when the app was added, so that what is said by its buttons stays there. */
function threadKeyOf({ conversation, channelData }: Activity): string {
  const chosen = channelData?.settings?.selectedChannel?.id
  if (channelData?.team || conversation.conversationType === 'channel')
    return `${chosen ?? channelOf(conversation.id)} op-welcome`
  return conversation.id
}

const THINGS_TO_SAY = ['help', 'status', 'approvals']

function welcomeCard(isPersonalChat: boolean): Card {
  const how = isPersonalChat ? 'Say it here in your own words.' : 'Mention me with every message, in your own words.'
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'This is Quarterdeck',
    blocks: [
      {
        type: 'text',
        text: `Say what should happen in production: I show the plan, ask whoever must approve it, do it once, and tell how it goes in one message. ${how}`,
      },
      { type: 'text', text: 'Three things to begin with, which change nothing:' },
    ],
    actions: THINGS_TO_SAY.map((text): Action => ({ verb: 'say', label: text, style: 'plain', payload: { text } })),
  }
}
