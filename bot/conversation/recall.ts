import type { PersonId, ThreadId } from '../../core/ids.ts'
import { isReady } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import type { Queryable } from '../../db/database.ts'
import { listOperations, operationById } from '../../db/operations.ts'
import { endedRequests, type RequestRow } from '../../db/requests.ts'
import { collapse, type Part, SEVERAL } from '../../operations/several/expand.ts'
import { parametersOf } from '../understand/parameters.ts'
import type { LastAsked, Pair, Trouble } from './follow-up.ts'

/** Words that point back mean what was said a moment ago, not this morning. */
const RECENT_MS = 60 * 60_000
const LOOKED_AT = 10

/** The last request of a thread that names a service or an environment: the one that "same for cart" is about. */
export async function lastAsked(
  db: Queryable,
  threadId: ThreadId,
  skills: SpokenSkillSet,
  now: Date,
): Promise<LastAsked | undefined> {
  const rows = await endedRequests(db, threadId, new Date(now.getTime() - RECENT_MS), LOOKED_AT)
  for (const row of rows) {
    if (row.outcome !== 'answered' && row.outcome !== 'proposed') continue
    const asked = await askedIn(db, row)
    const skill = asked && skills.find(({ name }) => name === asked.skill)
    if (skill && parametersOf(skill).some(({ kind }) => kind === 'service' || kind === 'environment')) return asked
  }
  return undefined
}

/** As it was said, where that was whole ("+3" stays "+3"); what was asked back for in between stands in its plan. */
async function askedIn(db: Queryable, { interpretation, operationId }: RequestRow): Promise<LastAsked | undefined> {
  if (interpretation && interpretation.skill !== null && isReady(interpretation)) {
    const { skill, input, dryRun } = interpretation
    return { skill, input, dryRun }
  }
  const operation = operationId ? await operationById(db, operationId) : undefined
  const asked = operation && requestOf({ skill: operation.skill, input: operation.plan.input })
  return asked && asked.differ.length === 0 ? { ...asked, dryRun: operation.dryRun } : undefined
}

/** What one would have to ask for to get this plan. `differ` names the values that are not the same in all of its parts. */
export function requestOf(plan: Part): (Part & { readonly differ: readonly string[] }) | undefined {
  if (plan.skill !== SEVERAL) return { ...plan, differ: [] }
  // A plan for several targets holds its parts as the engine wrote them.
  return collapse((plan.input as unknown as { readonly parts: readonly Part[] }).parts)
}

/** What "why?" is about: the speaker's last refusal, or the last operation of the thread, whichever came later. */
export async function lastTrouble(
  db: Queryable,
  threadId: ThreadId,
  personId: PersonId,
  now: Date,
): Promise<Trouble | undefined> {
  const [operation] = await listOperations(db, { threadId, limit: 1 })
  const rows = await endedRequests(db, threadId, new Date(now.getTime() - RECENT_MS), LOOKED_AT)
  const refused = rows.find((row) => row.personId === personId && row.outcome === 'refused')
  if (refused && (!operation || refused.receivedAt > operation.createdAt)) return { refused: refused.id }
  return operation && { operation: operation.id }
}

export function pairIn({ pair }: JsonObject): Pair | undefined {
  if (!pair || typeof pair !== 'object' || !('parameter' in pair) || !('values' in pair)) return undefined
  const { parameter, values } = pair
  if (typeof parameter !== 'string' || !Array.isArray(values)) return undefined
  const [one, other] = values.map(String)
  return one !== undefined && other !== undefined ? { parameter, values: [one, other] } : undefined
}
