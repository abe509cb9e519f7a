import { randomCode } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import type { ClickReply, IncomingClick, IncomingMessage } from '../../core/ports/surface.ts'
import { redact } from '../../core/secrets.ts'
import { deliveryById, putDelivery } from '../../db/deliveries.ts'
import { setThreadContext, threadById, threadContextForUpdate } from '../../db/threads.ts'
import { meet } from '../people/meet.ts'
import type { Draft } from '../understand/draft.ts'
import { readField } from '../understand/fragment.ts'
import { parametersOf } from '../understand/parameters.ts'
import { knownOf } from '../understand/understand.ts'
import { requestCardKey } from './finish.ts'
import { fillIn } from './interpret.ts'
import { understandingFor } from './listen.ts'
import { isAnswer } from './notice-cards.ts'
import { isOpen, type OpenQuestion, openQuestions, withQuestion } from './open-question.ts'
import { closedQuestionCard } from './question-card.ts'
import { continueRequest, type RespondDeps } from './respond.ts'
import type { Spoken } from './spoken.ts'

/** Handles one click. Never throws: what went wrong is what the reply says. */
export async function handleClick(
  deps: RespondDeps,
  click: IncomingClick,
  receive: (message: IncomingMessage) => void,
): Promise<ClickReply> {
  const { surface, verb } = click
  const told = (result: 'counted' | 'refused' | 'failed', reply: ClickReply): ClickReply => {
    deps.telemetry?.tell({ what: 'clicked', surface, verb, result })
    return reply
  }
  try {
    const reply = await act(deps, click, receive)
    return told(reply.ok ? 'counted' : 'refused', reply)
  } catch (error) {
    if (isAnswer(error)) return told('refused', no(error.message))
    const id = `bug-${randomCode(8)}`
    deps.log.error({ error, bug: id, deliveryId: click.deliveryId, verb }, 'a click could not be handled')
    return told('failed', no(`Something went wrong here; it is in the log under ${id}.`))
  }
}

const CLOSED = 'This question is no longer open. Ask again.'
const no = (says: string): ClickReply => ({ ok: false, says })

async function act(
  deps: RespondDeps,
  click: IncomingClick,
  receive: (message: IncomingMessage) => void,
): Promise<ClickReply> {
  // Who somebody is, is asked at the click: a link made or a right lost a moment ago counts.
  await deps.people.refresh()
  const { account: from } = click
  const person = await meet(deps, from, async (tx) => (await deliveryById(tx, click.deliveryId))?.threadId)
  if (!person)
    return no(
      `I do not know ${click.account.surface}:${click.account.id} yet, so I cannot take your click. Say "help" to learn how to link it.`,
    )
  if (!person.active) return no(`${person.name} is no longer active here.`)
  if (click.verb === 'say') return sayIt(deps, click, receive)
  if (click.verb === 'answer') return answer(deps, click, person)
  const { surface: _surface, account, at: _at, ...plain } = click
  // A pasted secret is kept nowhere, as in a message.
  const reason = plain.reason === undefined ? undefined : redact(plain.reason)
  return deps.door.click({ personId: person.id, account, click: { ...plain, reason } })
}

async function threadOf(deps: RespondDeps, click: IncomingClick) {
  const delivery = await deliveryById(deps.store.db, click.deliveryId)
  return delivery && threadById(deps.store.db, delivery.threadId)
}

async function sayIt(
  deps: RespondDeps,
  click: IncomingClick,
  receive: (message: IncomingMessage) => void,
): Promise<ClickReply> {
  const { text } = click.payload
  const thread = await threadOf(deps, click)
  if (typeof text !== 'string' || !text || !thread) return no('This button says nothing any more.')
  const { surface, surfaceKey: threadKey } = thread
  receive({ surface, threadKey, account: click.account, text, key: `say:${click.key}`, at: click.at })
  return { ok: true, says: `You said: ${text}` }
}

async function answer(deps: RespondDeps, click: IncomingClick, person: Person): Promise<ClickReply> {
  const thread = await threadOf(deps, click)
  const question =
    thread && openQuestions(thread.context, deps.clock()).find((one) => one.id === click.payload.question)
  if (!thread || !question) return no(CLOSED)
  if (question.personId !== person.id)
    return no(`Only ${deps.people.byId(question.personId)?.name ?? 'who asked'} can answer this.`)
  if (click.payload.drop === true) {
    return (await drop(deps, thread, question, person)) ? { ok: true, says: 'Dropped.' } : no(CLOSED)
  }
  const values = valuesIn(click.payload)
  const options = understandingFor(deps, person)
  const skill = deps.skills.find((one) => one.name === question.skill)
  if (!skill) return no(`There is no skill "${question.skill}" any more.`)
  const known = knownOf(options)
  const wanted = parametersOf(skill).filter((parameter) => question.asks.includes(parameter.name))
  const filled: Draft = Object.assign(
    {},
    ...wanted.flatMap(({ name }) => (values[name]?.trim() ? [readField(values[name], skill, name, known)] : [])),
  )
  const picked = Object.values(filled).map((said) => String(said.value))
  const text = redact(picked.join(', '))
  const interpretation = fillIn(question, question.said, filled, options, 'picked')
  if (!interpretation) return no(CLOSED)
  const spoken: Spoken = {
    requestId: question.requestId,
    thread,
    account: click.account,
    person,
    said: text,
    length: text.length,
    meaning: { kind: 'request', interpretation, answers: question },
  }
  const ending = await continueRequest(deps, spoken, person)
  if (ending.late) return no(ending.late)
  if (ending.outcome === 'asked')
    return { ok: true, says: interpretation.questions?.[0]?.says ?? 'Something is still missing.' }
  if (ending.outcome === 'refused' || ending.outcome === 'failed') return no('That was refused; the card says why.')
  return { ok: true, says: text ? `Answered: ${text}` : 'Answered.' }
}

async function drop(
  deps: RespondDeps,
  thread: Spoken['thread'],
  question: OpenQuestion,
  person: Person,
): Promise<boolean> {
  const { requestId } = question
  const card = closedQuestionCard(question.skill, `Dropped by ${person.name}.`)
  return deps.store.transaction(async (tx) => {
    const context = await threadContextForUpdate(tx, thread.id)
    if (!isOpen(context, question, deps.clock())) return false
    await setThreadContext(tx, thread.id, withQuestion(context, person.id, undefined, deps.clock()))
    await putDelivery(tx, {
      key: requestCardKey(requestId),
      surface: thread.surface,
      threadId: thread.id,
      card,
      final: true,
      requestId,
      now: deps.clock(),
    })
    return true
  })
}

function valuesIn(payload: JsonObject): Readonly<Record<string, string>> {
  const { values } = payload
  if (!values || typeof values !== 'object' || Array.isArray(values)) return {}
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value).slice(0, 1_000)]] : [],
    ),
  )
}
