import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { OperationId, PersonId, PlanHash } from '../core/ids.ts'
import type { Queryable } from './database.ts'

const moment = z.coerce.date()
const person = z.string().transform((id) => id as PersonId) // ids come from our own columns
const state = z.object({
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
  yeses: z.array(z.object({ person, at: moment })),
})

export type GateState = z.output<typeof state>

/**
 * All that the gate asks of the store, in one round trip and one snapshot: locks, the kill switch and the modes, delegations still
 * running, and the yeses (approve) to one plan hash that are not voided.
 */
export async function readGateState(
  db: Queryable,
  ask: { readonly operationId?: OperationId; readonly planHash?: PlanHash; readonly now: Date },
): Promise<GateState> {
  const { rows } = await db.execute<{ state: unknown }>(sql`
    select json_build_object(
      'locks', (select coalesce(json_agg(json_build_object('service', service, 'environment', environment,
        'person', person_id, 'reason', reason, 'since', since, 'until', until)), '[]'::json) from quarterdeck.locks),
      'switches', (select coalesce(json_agg(json_build_object('name', name, 'value', value, 'person', person_id,
        'reason', reason, 'since', since)), '[]'::json) from quarterdeck.switches),
      'delegations', (select coalesce(json_agg(json_build_object('from', from_person, 'to', to_person, 'until', until)),
        '[]'::json) from quarterdeck.delegations where until > ${ask.now.toISOString()}::timestamptz),
      'yeses', (select coalesce(json_agg(json_build_object('person', person_id, 'at', at)), '[]'::json)
        from quarterdeck.approvals where operation_id = ${ask.operationId ?? ''} and plan_hash = ${ask.planHash ?? ''}
        and decision = 'approve' and voided_at is null)
    ) as state`)
  const [row] = rows
  return state.parse(typeof row?.state === 'string' ? JSON.parse(row.state) : row?.state)
}
