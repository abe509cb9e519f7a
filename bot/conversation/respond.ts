import type { Card } from '../../core/card.ts'
import { type PersonId, type RequestId, randomCode } from '../../core/ids.ts'
import { isReady } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import { isChange } from '../../core/skill.ts'
import { deliveryByKey } from '../../db/deliveries.ts'
import { hasActiveAdmin } from '../../db/grants.ts'
import { operationById } from '../../db/operations.ts'
import { type RequestOutcome, requestById } from '../../db/requests.ts'
import { ask, type Skilled } from './ask.ts'
import type { TypedCode } from './codes.ts'
import type { ConversationDeps, Limits } from './deps.ts'
import { answerCode, answeredAlready, type Ending, finish, requestCardKey } from './finish.ts'
import type { Meaning, OpenPlan } from './interpret.ts'
import { understandingFor } from './listen.ts'
import {
  bugCard,
  emptyCard,
  hintCard,
  isAnswer,
  lateCard,
  noticeCard,
  notYetCard,
  refusalCard,
  stillOpenCard,
  strangerCard,
  tooLongCard,
} from './notice-cards.ts'
import { type OpenQuestion, openQuestions, withQuestion } from './open-question.ts'
import { putOffCard } from './put-off.ts'
import { sayReadAlone } from './reread.ts'
import { splitCard } from './split-request.ts'
import type { Spoken } from './spoken.ts'
import { consentCard, itsButtonsCard, nothingWaitsCard } from './typed-consent.ts'
import { unreadCard } from './unread-card.ts'
import { isStoreDown } from './until-stored.ts'

/** What of the limits does not concern the queue. */
export type RespondDeps = ConversationDeps & Pick<Limits, 'questionMs' | 'slowReadingMs'>

/**
 * Answers a stored message with exactly one card, in one transaction with its request's outcome. Idempotent: run again after a crash, it
 * ends in the same card or the same operation. Throws only when the store is down.
 */
export async function respond(deps: RespondDeps, spoken: Spoken, code?: TypedCode): Promise<RequestOutcome> {
  const { person } = spoken
  if (code) return answerCode(deps, spoken, code)
  const ending = person?.active ? await endingFor(deps, spoken, person) : await strangerEnding(deps, spoken)
  return (await finish(deps, spoken, sayReadAlone(ending, spoken))).outcome
}

/** Goes on with a request whose question was answered by a click. Returns what it ended in, for the click's reply. */
export async function continueRequest(deps: RespondDeps, spoken: Spoken, person: Person): Promise<Ending> {
  return finish(deps, spoken, await endingFor(deps, spoken, person))
}

async function strangerEnding(deps: ConversationDeps, spoken: Spoken): Promise<Ending> {
  const card = strangerCard(spoken.account, !(await hasActiveAdmin(deps.store.db)))
  return { outcome: 'refused', card, only: true }
}

async function endingFor(deps: RespondDeps, spoken: Spoken, person: Person): Promise<Ending> {
  try {
    return await endingOf(deps, spoken, person, spoken.meaning)
  } catch (error) {
    if (isStoreDown(error)) throw error
    if (isAnswer(error)) return { outcome: 'refused', card: refusalCard(error), only: true }
    const id = `bug-${randomCode(8)}`
    deps.log.error(
      { error, bug: id, requestId: spoken.requestId, person: person.id },
      'a message could not be answered',
    )
    return { outcome: 'failed', card: bugCard(id), only: true }
  }
}

async function endingOf(deps: RespondDeps, spoken: Spoken, person: Person, meaning: Meaning): Promise<Ending> {
  switch (meaning.kind) {
    case 'late':
      // A try whose answer was lost may have asked for it in time.
      return (
        (await proposedBefore(deps, spoken)) ?? { outcome: 'refused', card: lateCard(meaning.waitedMs), only: true }
      )
    case 'empty':
      return { outcome: 'ignored', card: emptyCard(), only: true }
    case 'too-long':
      return { outcome: 'refused', card: tooLongCard(spoken.length), only: true }
    case 'nothing':
      return {
        outcome: 'ignored',
        card: meaning.question
          ? stillOpenCard(labels(meaning.question))
          : unreadCard(meaning.interpretation.text, understandingFor(deps, person)),
        only: true,
      }
    case 'never-mind':
      return {
        outcome: 'ignored',
        card: noticeCard('Dropped', 'Never mind, then. Nothing was done.', 'neutral'),
        remember: forget(person, deps),
        closes: { question: meaning.question, says: `Dropped by ${person.name}.` },
      }
    case 'consent':
      return { outcome: 'ignored', card: consentCard(meaning.plan, meaning.says, nameIn(deps)), only: true }
    case 'decides': {
      const card = meaning.operation ? itsButtonsCard(meaning.operation) : nothingWaitsCard()
      return { outcome: 'ignored', card, only: true }
    }
    case 'put-off':
      return { outcome: 'refused', card: putOffCard(meaning.what), only: true }
    case 'why-refused':
      return { outcome: 'answered', card: (await refusalOf(deps, meaning.refused)) ?? hintCard(), only: true }
    case 'several':
      return { outcome: 'ignored', card: splitCard(meaning.parts), only: true }
    case 'correction':
      return correct(deps, person, meaning.interpretation, meaning.plan, spoken)
    case 'request':
      return request(deps, spoken, person, meaning.interpretation, meaning.answers)
  }
}

async function proposedBefore({ store }: ConversationDeps, { requestId }: Spoken): Promise<Ending | undefined> {
  const { outcome, operationId } = (await requestById(store.db, requestId)) ?? {}
  return outcome === 'proposed' && operationId ? { outcome, operationId } : undefined
}

const nameIn = (deps: ConversationDeps) => (id: PersonId) => deps.people.byId(id)?.name ?? id

/** The card that refused a request, wherever it was shown. */
async function refusalOf({ store }: ConversationDeps, id: RequestId): Promise<Card | undefined> {
  const own = await deliveryByKey(store.db, `${requestCardKey(id)}:private`)
  return (own ?? (await deliveryByKey(store.db, requestCardKey(id))))?.card
}

const forget = (person: Person, deps: ConversationDeps) => (context: JsonObject) =>
  withQuestion(context, person.id, undefined, deps.clock())

const labels = (question: OpenQuestion): readonly string[] => question.asks

async function request(
  deps: RespondDeps,
  spoken: Spoken,
  person: Person,
  understood: Skilled,
  answers: OpenQuestion | undefined,
): Promise<Ending> {
  const { requestId, thread } = spoken
  const closes = answers && { question: answers, says: `Answered by ${person.name}: ${spoken.said}` }
  const said = answers ? `${answers.said} → ${spoken.said}` : spoken.said
  const skill = deps.skills.find((one) => one.name === understood.skill)
  if (!skill) throw new Error(`the skill ${understood.skill} was understood but is not installed`)
  // Asking back for the parts of what cannot be done would waste their time.
  if ('notYet' in skill) return { outcome: 'refused', card: notYetCard(skill), closes, only: true }
  if (!isReady(understood)) return ask(deps, spoken, person, understood, said, closes)
  const { input, by, confidence } = understood
  const mine = openQuestions(thread.context, deps.clock()).find((one) => one.personId === person.id)
  // A new whole request replaces the speaker's open question.
  const closed = closes ?? (mine && { question: mine, says: `${person.name} asked for something else.` })
  const pair = answers && pairOf(answers)
  const done = closed && ((context: JsonObject) => ({ ...forget(person, deps)(context), ...(pair ? { pair } : {}) }))
  if (!isChange(skill)) {
    const card = await deps.door.answer({ requestId, personId: person.id, skill: skill.name, input })
    const spokenOf = { service: input.service, environment: input.environment, at: deps.clock().toISOString() }
    return {
      outcome: 'answered',
      card,
      closes: closed,
      remember: (context) => ({ ...(done?.(context) ?? context), spoken: spokenOf }),
    }
  }
  const dryRun = understood.dryRun === true
  const { operationId, already } = await deps.door.propose({
    // Of two answers to one question at once, said and clicked, the store ties one to the request that asked it.
    requestId: answers?.requestId ?? requestId,
    threadId: thread.id,
    personId: person.id,
    said,
    skill: skill.name,
    input,
    by,
    confidence,
    dryRun,
  })
  const made = answers && already ? await operationById(deps.store.db, operationId) : undefined
  if (answers && made && made.said !== said) return { ...answeredAlready(person, answers, operationId), remember: done }
  return { outcome: 'proposed', operationId, closes: closed, remember: done }
}

/** The two values that a question offered: "the other one" means the one of them that was not taken. */
function pairOf({ asks, offers = [] }: OpenQuestion): JsonObject | undefined {
  const [parameter] = asks
  return parameter !== undefined && offers.length === 2 ? { parameter, values: offers } : undefined
}

async function correct(
  deps: RespondDeps,
  person: Person,
  understood: Skilled,
  plan: OpenPlan,
  spoken: Spoken,
): Promise<Ending> {
  const wrong = understood.questions?.[0]
  if (!isReady(understood)) {
    const text = `${wrong?.says ?? 'That cannot be used.'} The plan stays as it was.`
    return { outcome: 'refused', card: noticeCard('The plan was not changed', text, 'warn'), only: true }
  }
  const { operationId } = plan
  await deps.door.edit({
    operationId,
    personId: person.id,
    skill: understood.skill,
    input: understood.input,
    said: spoken.said,
    by: understood.by,
  })
  const changed = Object.entries(understood.input).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(plan.input[name]),
  )
  const says = changed.map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : value}`).join(', ')
  return {
    outcome: 'answered',
    card: noticeCard(
      `${operationId}: ${says || 'as before'}`,
      'The plan above was made anew. Approvals it had are void.',
      'neutral',
    ),
  }
}
