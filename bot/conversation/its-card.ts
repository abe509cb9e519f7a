import type { Block } from '../../core/card.ts'
import { isShownIn } from '../../db/audiences.ts'
import type { ConversationDeps } from './deps.ts'
import type { Ending } from './finish.ts'
import { isAnswer } from './notice-cards.ts'
import type { Spoken } from './spoken.ts'

const FURTHER_UP: Block = {
  type: 'note',
  tone: 'info',
  text: 'Its card is further up in this conversation, as it stands now.',
}

/**
 * An answer that is about one operation which is not over: where the conversation shows its card already, it says so; elsewhere `show` brings
 * the card there, behind the answer, for those whom it asks for something. A process that dies between the two shows it at the next asking.
 */
export async function withItsCard(
  deps: Pick<ConversationDeps, 'store' | 'door' | 'log'>,
  { thread, person, requestId }: Spoken,
  ending: Ending,
): Promise<{ readonly ending: Ending; readonly show?: () => Promise<void> }> {
  const { card, outcome, only } = ending
  const operationId = card?.operationId
  if (!operationId || !person || only || outcome !== 'answered') return { ending }
  const showing = { operationId, threadId: thread.id, personId: person.id }
  if (await isShownIn(deps.store.db, showing))
    return { ending: { ...ending, card: { ...card, blocks: [...card.blocks, FURTHER_UP] } } }
  const show = async () => {
    try {
      await deps.door.show(showing)
    } catch (error) {
      // Who lost their rights a moment ago gets the answer alone.
      if (!isAnswer(error)) throw error
      deps.log.info({ error, requestId, operationId }, 'a card was not shown to who asked for it')
    }
  }
  return { ending, show }
}
