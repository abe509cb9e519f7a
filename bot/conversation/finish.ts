import type { Card } from '../../core/card.ts'
import type { OperationId, PersonId, RequestId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { type Person, strangerId } from '../../core/person.ts'
import type { Transaction } from '../../db/database.ts'
import { deliveryByKey, putDelivery } from '../../db/deliveries.ts'
import { answerRequest, type RequestOutcome } from '../../db/requests.ts'
import { setThreadContext, threadContextForUpdate } from '../../db/threads.ts'
import { type TypedCode, useCode } from './codes.ts'
import type { ConversationDeps } from './deps.ts'
import { withItsCard } from './its-card.ts'
import { noticeCard, readCard } from './notice-cards.ts'
import { isOpen, type OpenQuestion } from './open-question.ts'
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
  /** It answers a question that was answered a moment before; says so. */
  readonly late?: string
}

/** The card that a request is answered on, for everybody in its thread. */
export const requestCardKey = (id: RequestId): string => `request:${id}`

/** For the second of two answers at once: the first one counts. */
export function answeredAlready(person: Person, question: OpenQuestion, operationId?: OperationId): Ending {
  const late = `${person.name} answered this already${operationId ? `: see ${operationId}` : ''}. Nothing was done twice.`
  const closes = { question, says: `Answered by ${person.name}.` }
  return { outcome: 'ignored', card: noticeCard('Answered already', late, 'neutral'), only: true, closes, late }
}

/**
 * Commits an ending: its card, its request's outcome and what the thread remembers, together. Returns the ending that stands, which is
 * another one when somebody answered the same question first.
 */
export async function finish(deps: ConversationDeps, spoken: Spoken, ending: Ending): Promise<Ending> {
  // The door wrote the request, the operation and its card in one transaction; there is nothing to add.
  if (ending.outcome === 'proposed' && !ending.remember && !ending.closes && !spoken.readSlowly) return ending
  const { ending: told, show } = await withItsCard(deps, spoken, ending)
  const stood = await commit(deps, spoken, told)
  if (stood === told) await show?.()
  return stood
}

function commit(deps: ConversationDeps, spoken: Spoken, ending: Ending): Promise<Ending> {
  return deps.store.transaction(async (tx) => {
    const now = deps.clock()
    // Read again: a click may have changed it since the message was stored.
    const context = await threadContextForUpdate(tx, spoken.thread.id)
    const { person } = spoken
    const answers = answersOf(spoken)
    const said = ending.outcome === 'answered' || ending.outcome === 'asked'
    const isLate = answers && person && said && !isOpen(context, answers, now)
    const stands = isLate ? answeredAlready(person, answers) : ending
    await write(tx, spoken, stands, context, now)
    return stands
  })
}

async function write(tx: Transaction, spoken: Spoken, ending: Ending, context: JsonObject, now: Date): Promise<void> {
  const { outcome, card, only, remember, closes, late, operationId } = ending
  const { requestId, thread } = spoken
  const { surface, id: threadId } = thread
  if (remember) await setThreadContext(tx, threadId, remember(context))
  // Whoever was first closes it with what they said; the second one only where the first died before that.
  if (closes && (!late || isOpen(context, closes.question, now)))
    await putDelivery(tx, {
      key: requestCardKey(closes.question.requestId),
      surface,
      threadId,
      card: closedQuestionCard(closes.question.skill, closes.says),
      final: true,
      requestId: closes.question.requestId,
      now,
    })
  const ownRequest = !asksOn(spoken)
  // A click is answered by its reply.
  if (late && !ownRequest) return
  const told = spoken.readSlowly ? await deliveryByKey(tx, requestCardKey(requestId)) : undefined
  const beingRead = told?.final === false
  if (beingRead && (only || !card))
    await putDelivery(tx, {
      key: told.key,
      surface,
      threadId,
      card: readCard(operationId ? `The plan is ${operationId}, on a card of its own.` : 'Answered to who asked.'),
      final: true,
      requestId,
      now,
    })
  if (card)
    await putDelivery(tx, {
      // What stands there for everybody, a question or that it is being read, is no place for a private word.
      key: only && (!ownRequest || beingRead) ? `${requestCardKey(requestId)}:private` : requestCardKey(requestId),
      surface,
      threadId,
      card,
      only: only ? aloneFor(spoken) : undefined,
      final: outcome !== 'asked',
      requestId,
      now,
    })
  // The door tied the operation to the request that asked the question; an answer that was said is a request of its own.
  if (outcome !== 'proposed' || (answersOf(spoken) && ownRequest))
    await answerRequest(tx, requestId, { outcome, operationId, answeredAt: now })
}

/** Whom a private word is for. Of the services, only Slack shows one to an account that is nobody's. */
function aloneFor({ person, account }: Pick<Spoken, 'person' | 'account'>): PersonId | undefined {
  return person?.id ?? (account.surface === 'slack' ? strangerId(account) : undefined)
}

const answersOf = ({ meaning }: Spoken) => (meaning.kind === 'request' ? meaning.answers : undefined)

/** Whether this is an answer on the card of the question that this very request ended in before. */
const asksOn = (spoken: Spoken) => answersOf(spoken)?.requestId === spoken.requestId

/** Redeems a code and answers its message in one transaction. */
export async function answerCode(deps: ConversationDeps, spoken: Spoken, code: TypedCode): Promise<RequestOutcome> {
  const { requestId, thread, account, person } = spoken
  const now = deps.clock()
  const outcome = await deps.store.transaction(async (tx) => {
    const reply = await useCode(tx, code, account, person, now)
    const card = noticeCard(reply.title, reply.says, reply.ok ? 'good' : 'warn')
    const only = person?.id ?? reply.personId ?? aloneFor(spoken)
    await putDelivery(tx, {
      key: requestCardKey(requestId),
      surface: thread.surface,
      threadId: thread.id,
      card,
      only,
      final: true,
      requestId,
      now,
    })
    const ended = reply.ok ? 'answered' : 'refused'
    await answerRequest(tx, requestId, { outcome: ended, answeredAt: now })
    return ended
  })
  await deps.people.refresh()
  return outcome
}
