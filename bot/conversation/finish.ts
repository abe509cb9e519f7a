import type { Card } from '../../core/card.ts'
import type { OperationId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { putDelivery } from '../../db/deliveries.ts'
import { answerRequest, type RequestOutcome } from '../../db/requests.ts'
import { setThreadContext, threadById } from '../../db/threads.ts'
import { type TypedCode, useCode } from './codes.ts'
import type { ConversationDeps } from './deps.ts'
import { noticeCard } from './notice-cards.ts'
import type { OpenQuestion } from './open-question.ts'
import { closedQuestionCard } from './question-card.ts'
import type { Spoken } from './spoken.ts'

/** What a message ends in: a card in its thread, and what is remembered. */
export interface Ending {
  readonly outcome: RequestOutcome
  readonly card?: Card
  /** Shown to nobody but the speaker. */
  readonly only?: boolean
  /** What the thread remembers from now on. */
  readonly remember?: (context: JsonObject) => JsonObject
  readonly operationId?: OperationId
  /** A question's card that this message closes. */
  readonly closes?: { readonly question: OpenQuestion; readonly says: string }
}

/** Commits an ending: its card, its request's outcome and what the thread remembers, together. */
export async function finish(deps: ConversationDeps, spoken: Spoken, ending: Ending): Promise<void> {
  const { outcome, card, remember, closes, operationId } = ending
  // The door wrote the request, the operation and its card in one transaction; there is nothing to add.
  if (outcome === 'proposed' && !remember && !closes) return
  const { requestId, thread } = spoken
  const { surface, id: threadId } = thread
  const now = deps.clock()
  await deps.store.transaction(async (tx) => {
    // Read again: a click may have changed it since the message was stored.
    if (remember) await setThreadContext(tx, threadId, remember((await threadById(tx, threadId))?.context ?? {}))
    if (closes)
      await putDelivery(tx, {
        key: `request:${closes.question.requestId}`,
        surface,
        threadId,
        card: closedQuestionCard(closes.question.skill, closes.says),
        final: true,
        requestId: closes.question.requestId,
        now,
      })
    if (card)
      await putDelivery(tx, {
        // The question's card stands there for everybody and may be answered otherwise; a private word needs a card of its own.
        key: ending.only && asksOn(spoken) ? `request:${requestId}:private` : `request:${requestId}`,
        surface,
        threadId,
        card,
        only: ending.only ? spoken.person?.id : undefined,
        final: outcome !== 'asked',
        requestId,
        now,
      })
    if (outcome !== 'proposed') await answerRequest(tx, requestId, { outcome, operationId, answeredAt: now })
  })
}

/** Whether this is an answer on the card of the question that this very request ended in before. */
const asksOn = ({ requestId, meaning }: Spoken) =>
  meaning.kind === 'request' && meaning.answers?.requestId === requestId

/** Redeems a code and answers its message in one transaction. */
export async function answerCode(deps: ConversationDeps, spoken: Spoken, code: TypedCode): Promise<void> {
  const { requestId, thread, account, person } = spoken
  const now = deps.clock()
  await deps.store.transaction(async (tx) => {
    const reply = await useCode(tx, code, account, person, now)
    const card = noticeCard(reply.title, reply.says, reply.ok ? 'good' : 'warn')
    const only = person?.id ?? reply.personId
    await putDelivery(tx, {
      key: `request:${requestId}`,
      surface: thread.surface,
      threadId: thread.id,
      card,
      only,
      final: true,
      requestId,
      now,
    })
    await answerRequest(tx, requestId, { outcome: reply.ok ? 'answered' : 'refused', answeredAt: now })
  })
  await deps.people.refresh()
}
