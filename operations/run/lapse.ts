import { sayDuration } from '../../core/parameters.ts'
import { planHash } from '../../core/plan.ts'
import { voidOldApprovals } from '../../db/approvals.ts'
import type { Transaction } from '../../db/database.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import type { House } from '../deps.ts'
import type { Consent, Verdict } from '../gate/question.ts'
import { sayList } from '../gate/scope.ts'
import type { Preview } from '../plan/preview.ts'
import type { Scene } from '../scene.ts'
import { standing, wakeUps } from '../standing.ts'
import { transition } from '../transition.ts'

/** Until when the approvals of a plan let it start; undefined where none was needed. */
export function approvedUntil(house: House, { gate }: StoredOperation, yeses: readonly Consent[]): Date | undefined {
  const expiresMs = rulesOf(house, gate.requirements).map((rule) => rule.expiresMs)
  if (expiresMs.length === 0 || yeses.length === 0) return undefined
  return new Date(Math.min(...yeses.map(({ at }) => at.getTime())) + Math.min(...expiresMs))
}

/**
 * The same plan, shown afresh and asked for again: a yes fell away because its giver lost the role, or because it is older than its
 * rule lets a yes be (the plan was held back meanwhile). The clock starts anew: people could not know before.
 */
export async function askForApprovalAgain(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  { plan: now, skill }: Preview,
  verdict: Extract<Verdict, { verdict: 'needs' }>,
): Promise<void> {
  const oldMs = Math.max(...rulesOf(house, verdict.requirements).map((rule) => rule.expiresMs))
  const old = await voidOldApprovals(tx, before.id, {
    givenBy: new Date(scene.now.getTime() - oldMs),
    because: `It is older than ${sayDuration(oldMs)}.`,
    at: scene.now,
  })
  const lapsed =
    old.length > 0
      ? `${sayList(old.map(scene.nameOf), 'and')} approved this more than ${sayDuration(oldMs)} ago, and it could not start until now. Nothing was changed; look at the plan as it is now.`
      : 'An approval no longer counts, so the plan waits for approval again.'
  const stands = standing(verdict, {
    readBy: before.readBy,
    went: before.gate.go === 'given',
    glassBroken: false,
    plannedAt: scene.now,
    policy: house.policy,
  })
  const { state } = stands
  const gate = { ...stands.gate, lapsed }
  const planRevision = before.planRevision + 1
  // With evidence of now, but never another plan under the hash that people said yes to, though it be the same spelt differently.
  const plan = planHash(now, house.policy.version) === before.planHash ? now : before.plan
  const expiresAt = new Date(scene.now.getTime() + (stands.expiresAt.getTime() - Date.parse(before.gate.plannedAt)))
  await transition(house, tx, scene, before, {
    patch: { plan, state, gate, expiresAt, planRevision, approvedAt: null },
    told: [{ actor: 'system', kind: 'operation.approval-lapsed', says: `${plan.summary}. ${lapsed}` }],
    outbox: wakeUps({ state, gate, expiresAt, revision: planRevision }, house.policy, scene.now, skill.inline === true),
  })
}

const rulesOf = (house: House, requirements: readonly { readonly rule: string }[]) =>
  house.policy.approvals.filter(({ name }) => requirements.some(({ rule }) => rule === name))
