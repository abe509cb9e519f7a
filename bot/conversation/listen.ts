import type { ThreadId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import type { Queryable } from '../../db/database.ts'
import { listOperations } from '../../db/operations.ts'
import type { UnderstandOptions } from '../understand/understand.ts'
import type { ConversationDeps } from './deps.ts'
import type { Listening } from './interpret.ts'
import { openQuestions } from './open-question.ts'
import { lastAsked, lastTrouble, pairIn, requestOf } from './recall.ts'

/** What this person and thread have going on, looked up only when a message points at it. A thread that is new has nothing. */
export function listeningIn(
  db: Queryable,
  thread: { id: ThreadId; context: JsonObject } | undefined,
  person: Person | undefined,
  now: Date,
): Listening {
  return {
    // Somebody else's words are no answer to a question that was not put to them.
    question: person && thread && openQuestions(thread.context, now).find((one) => one.personId === person.id),
    async openPlan() {
      if (!person || !thread) return undefined
      const [plan] = await listOperations(db, {
        threadId: thread.id,
        personId: person.id,
        states: ['planned', 'awaiting_approval'],
        limit: 1,
      })
      const asked = plan && requestOf({ skill: plan.skill, input: plan.plan.input })
      return asked && { operationId: plan.id, ...asked }
    },
    async waitingPlan() {
      if (!person || !thread) return undefined
      const plans = await listOperations(db, {
        threadId: thread.id,
        states: ['planned', 'awaiting_approval'],
        limit: 20,
      })
      const plan = plans.find((one) => one.personId === person.id) ?? plans[0]
      const state = plan?.state === 'planned' ? 'planned' : 'awaiting_approval'
      if (!plan) return undefined
      const { id: operationId, personId: by } = plan
      return { operationId, by, state, summary: plan.plan.summary, mine: by === person.id }
    },
    last: async (skills) => thread && lastAsked(db, thread.id, skills, now),
    pair: thread && pairIn(thread.context),
    trouble: async () => (person && thread ? lastTrouble(db, thread.id, person.id, now) : undefined),
    async before() {
      if (!thread) return undefined
      const [last] = await listOperations(db, { threadId: thread.id, limit: 1 })
      const spoken = spokenOf(thread.context)
      if (!last || (spoken.at && spoken.at > last.createdAt.toISOString())) return { ...spoken, operation: last?.id }
      return {
        service: last.service ?? spoken.service,
        environment: last.environment ?? spoken.environment,
        operation: last.id,
      }
    },
  }
}

function spokenOf(context: JsonObject): { service?: string; environment?: string; at?: string } {
  const { spoken } = context
  if (!spoken || typeof spoken !== 'object' || Array.isArray(spoken)) return {}
  const text = (key: string) => {
    const value = (spoken as JsonObject)[key] // an object that is no array, by the line above
    return typeof value === 'string' ? value : undefined
  }
  return { service: text('service'), environment: text('environment'), at: text('at') }
}

export function understandingFor(deps: ConversationDeps, person: Person | undefined): UnderstandOptions {
  return {
    skills: deps.skills,
    catalog: deps.catalog(),
    person,
    now: deps.clock(),
    peopleNamed: (text) => deps.people.named(text),
  }
}
