import type { Card } from '../../../core/card.ts'
import type { DeliveryRow } from '../../../db/deliveries.ts'
import type { Activity } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { cardMessage, renderCard } from '../render/card.ts'

/** Messages of channels and group chats are called by the millisecond they were sent in; of personal chats nothing can be told. */
const MOMENT = /^\d{13}$/

/**
 * The message that a button was pressed on, where the card lives in a later one of the conversation: Teams took the first post and its
 * answer was lost, so the card was posted again. Nobody can ask Teams for that message, but whoever presses there names it.
 */
export function strayOf(row: DeliveryRow, { replyToId = '', conversation }: Activity): string | undefined {
  const [lives = '', conversationId] = row.ref?.split(' ') ?? []
  if (conversationId !== conversation.id || !MOMENT.test(replyToId) || !MOMENT.test(lives)) return undefined
  return Number(replyToId) < Number(lives) ? replyToId : undefined
}

/** What stands in its place from then on. */
export const strayCard = ({ card: { title } }: DeliveryRow): Card => ({
  kind: 'notice',
  tone: 'neutral',
  title,
  blocks: [
    { type: 'text', text: 'This card was posted twice, because Teams did not answer. It goes on in the later one.' },
  ],
})

/** Takes the buttons from the stray one, for everybody. Never throws: it does no harm as it is. */
export async function closeStray(deps: TeamsDeps, row: DeliveryRow, place: Place, strayId: string): Promise<void> {
  try {
    const rendered = renderCard(strayCard(row), { deliveryId: row.id, now: deps.clock() })
    await deps.adapter.update(place, strayId, cardMessage(rendered))
  } catch (error) {
    deps.log.warn({ err: error, deliveryId: row.id }, 'a card that was posted twice could not be closed')
  }
}
