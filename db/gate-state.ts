import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { OperationId, PersonId, PlanHash } from '../core/ids.ts'
import type { Queryable } from './database.ts'
import { PEOPLE_VERSION } from './people.ts'

const moment = z.coerce.date()
const person = z.string().transform((id) => id as PersonId) // ids come from our own columns
const common = z.object({
  locks: z.array(
    z.object({
      service: z.string(),
      environment: z.string(),
      person,
      reason: z.string().nullable(),
      since: moment,
      until: moment.nullable(),
    }),
  ),
  switches: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      person: person.nullable(),
      reason: z.string().nullable(),
      since: moment,
    }),
  ),
  delegations: z.array(z.object({ from: person, to: person, until: moment })),
  /** Of who is active and holds which role (`peopleVersion`). */
  people: z.string(),
})
const yeses = z.array(z.object({ person, at: moment }))

/** What the gate asks of the store about everybody: the same for every operation. */
export type CommonGateState = z.output<typeof common>
export type GateState = CommonGateState & { readonly yeses: z.output<typeof yeses> }

/** The common state with the text it was read as: as long as the store still has that text, what was decided by it stands. */
export interface ReadGateState {
  readonly text: string
  readonly state: CommonGateState
}

/** The common state as text: locks, the kill switch and the modes, the delegations that still run at `now`, the version of the people. */
export function commonGateText(now: Date): SQL {
  return sql`json_build_object(
      'locks', (select coalesce(json_agg(json_build_object('service', service, 'environment', environment,
        'person', person_id, 'reason', reason, 'since', since, 'until', until)
        order by service, environment), '[]'::json) from quarterdeck.locks),
      'switches', (select coalesce(json_agg(json_build_object('name', name, 'value', value, 'person', person_id,
        'reason', reason, 'since', since) order by name), '[]'::json) from quarterdeck.switches),
      'delegations', (select coalesce(json_agg(json_build_object('from', from_person, 'to', to_person, 'until', until)
        order by id), '[]'::json) from quarterdeck.delegations where until > ${now.toISOString()}::timestamptz),
      'people', ${PEOPLE_VERSION}
    )::text`
}

export async function readCommonGateState(db: Queryable, now: Date): Promise<ReadGateState> {
  const { rows } = await db.execute<{ text: string }>(sql`select ${commonGateText(now)} as text`)
  return parsed(rows[0]?.text)
}

/** All that the gate asks of the store about one plan, in one round trip and one snapshot; `yeses` are approvals that are not voided. */
export async function readGateState(
  db: Queryable,
  ask: { readonly operationId?: OperationId; readonly planHash?: PlanHash; readonly now: Date },
): Promise<ReadGateState & Pick<GateState, 'yeses'>> {
  const { rows } = await db.execute<{ text: string; yeses: string }>(sql`
    select ${commonGateText(ask.now)} as text,
      (select coalesce(json_agg(json_build_object('person', person_id, 'at', at)), '[]'::json)
        from quarterdeck.approvals where operation_id = ${ask.operationId ?? ''} and plan_hash = ${ask.planHash ?? ''}
        and decision = 'approve' and voided_at is null)::text as yeses`)
  return { ...parsed(rows[0]?.text), yeses: yeses.parse(JSON.parse(rows[0]?.yeses ?? '')) }
}

function parsed(text = ''): ReadGateState {
  return { text, state: common.parse(JSON.parse(text)) }
}
