import { newOperationId, type OperationId, type PersonId, type RequestId, type ThreadId } from '../core/ids.ts'
import type { Reader } from '../core/interpretation.ts'
import type { JsonObject } from '../core/json.ts'
import { planHash } from '../core/plan.ts'
import { type OperationState, STATE_WORDS } from '../core/states.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { newOperation } from '../db/operations.ts'
import type { House } from './deps.ts'
import type { Verdict } from './gate/question.ts'
import type { Preview } from './plan/preview.ts'
import type { Scene } from './scene.ts'
import { planColumns, standing, wakeUps } from './standing.ts'
import type { Transition } from './transition.ts'

export interface Proposal {
  readonly requestId: RequestId
  readonly threadId: ThreadId
  readonly personId: PersonId
  readonly said: string
  readonly skill: string
  readonly input: JsonObject
  readonly by: Reader
  readonly confidence: number
  readonly dryRun: boolean
  readonly undoes?: OperationId
}

/** The operation that a proposal becomes, and what is published with it. */
export function drawUp(
  house: Pick<House, 'policy'>,
  scene: Scene,
  proposal: Proposal,
  { plan, skill, undoes = proposal.undoes }: Preview,
  verdict: Verdict,
): {
  readonly operation: StoredOperation
  readonly change: Pick<Transition, 'told' | 'outbox'>
  readonly inline: boolean
} {
  const { requestId, threadId, personId, said, by: readBy, confidence } = proposal
  const stands = standing(verdict, {
    readBy,
    went: false,
    glassBroken: false,
    plannedAt: scene.now,
    policy: house.policy,
  })
  const ended = endsAtOnce(proposal, plan.alreadySo, verdict)
  const state = ended?.state ?? stands.state
  const operation = newOperation({
    id: newOperationId(),
    requestId,
    threadId,
    personId,
    said,
    readBy,
    confidence,
    dryRun: proposal.dryRun || (verdict.verdict === 'deny' && verdict.passes === 'plan-only'),
    ...planColumns(plan),
    plan,
    skill: plan.skill,
    skillVersion: plan.skillVersion,
    planHash: planHash(plan, house.policy.version),
    planRevision: 1,
    policyVersion: house.policy.version,
    gate: stands.gate,
    state,
    says: ended?.says ?? null,
    undoes: undoes ?? null,
    expiresAt: ended || state === 'approved' ? null : stands.expiresAt,
    approvedAt: state === 'approved' ? scene.now : null,
    finishedAt: ended ? scene.now : null,
    createdAt: scene.now,
    updatedAt: scene.now,
  })
  const says = told(plan.summary, operation.says, state)
  const data = { ...plan.input, planHash: operation.planHash, readBy, said }
  const wakes = { ...stands, state, revision: 1 }
  return {
    operation,
    change: {
      told: [{ actor: personId, kind: `operation.${state}`, says, data }],
      outbox: ended ? [] : wakeUps(wakes, house.policy, scene.now, skill.inline === true),
    },
    inline: skill.inline === true && state === 'approved',
  }
}

/** A plan that nothing will run: a dry run, suggest mode, or a target that already is as asked (which is a success without a step). */
function endsAtOnce(
  proposal: Proposal,
  alreadySo: string | undefined,
  verdict: Verdict,
): { readonly state: 'cancelled' | 'succeeded'; readonly says: string } | undefined {
  const held = verdict.verdict === 'deny' ? ` ${verdict.says}` : ''
  if (proposal.dryRun) return { state: 'cancelled', says: `Dry run: nothing was changed.${held}` }
  if (alreadySo) return { state: 'succeeded', says: `Nothing to do: ${alreadySo}` }
  if (held && verdict.verdict === 'deny' && verdict.passes === 'plan-only')
    return { state: 'cancelled', says: `Shown only, nothing was changed.${held}` }
  return undefined
}

const told = (summary: string, says: string | null | undefined, state: OperationState) =>
  says ? `${summary}. ${says}` : `${summary}: ${STATE_WORDS[state]}.`
