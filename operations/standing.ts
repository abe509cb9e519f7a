import type { Reader } from '../core/interpretation.ts'
import type { Plan } from '../core/plan.ts'
import type { Policy } from '../core/policy.ts'
import type { GateRecord, OperationPatch } from '../db/operation-records.ts'
import type { Verdict } from './gate/question.ts'
import type { OutboxRow } from './transition.ts'

/** Inline skills run in the process that took the request; the queue is their second chance only, this much later. */
const INLINE_SECOND_CHANCE_MS = 30_000

/**
 * Where a plan stands after the gate was asked. What was not typed in command form waits for somebody's click (DESIGN §2.2): what
 * the language model read for the requester's own, before anything else; what the local reader read for the approvers', or the
 * requester's where no approval is asked for.
 */
export function standing(
  verdict: Verdict,
  stands: {
    readonly readBy: Reader
    readonly went: boolean
    readonly glassBroken: boolean
    readonly plannedAt: Date
    readonly policy: Policy
    readonly changed?: readonly string[]
  },
): {
  readonly state: 'planned' | 'awaiting_approval' | 'approved'
  readonly gate: GateRecord
  readonly expiresAt: Date
} {
  const { readBy, went, glassBroken, plannedAt, policy } = stands
  const asksNobody = verdict.verdict === 'allow' && verdict.met.length === 0 && !glassBroken
  const needsGo = !went && (readBy === 'model' || (readBy === 'local' && asksNobody))
  const requirements =
    verdict.verdict === 'needs' ? verdict.requirements : verdict.verdict === 'allow' ? verdict.met : []
  const gate: GateRecord = {
    go: went ? 'given' : needsGo ? 'needed' : 'unneeded',
    plannedAt: plannedAt.toISOString(),
    requirements,
    held: verdict.verdict === 'deny' ? { rule: verdict.rule, says: verdict.says, passes: verdict.passes } : undefined,
    changed: stands.changed,
  }
  const expiresAt =
    verdict.verdict === 'needs' ? verdict.expiresAt : new Date(plannedAt.getTime() + policy.planExpiresMs)
  const state = needsGo ? 'planned' : verdict.verdict === 'allow' ? 'approved' : 'awaiting_approval'
  return { state, gate, expiresAt }
}

interface Open {
  readonly state: string
  readonly expiresAt: Date
  readonly gate: GateRecord
  readonly revision: number
}

/** What has to wake somebody later: the run of an approved plan, or the expiry and the reminder of an open one. */
export function wakeUps(plan: Open, policy: Policy, now: Date, inline: boolean): readonly OutboxRow[] {
  if (plan.state === 'approved') {
    return [{ kind: 'advance', dueAt: inline ? new Date(now.getTime() + INLINE_SECOND_CHANCE_MS) : now }]
  }
  const payload = { revision: plan.revision }
  return [{ kind: 'expire', dueAt: plan.expiresAt, payload }, ...reminders(plan, policy, now)]
}

/** Those who may approve are reminded once, counted from when they were asked: not while the plan waits for its requester. */
export function reminders(plan: Open, policy: Policy, askedAt: Date): readonly OutboxRow[] {
  if (plan.state !== 'awaiting_approval') return []
  const asked = plan.gate.requirements.map((item) => item.rule)
  const remindMs = policy.approvals.flatMap((rule) =>
    asked.includes(rule.name) && rule.remindMs ? [rule.remindMs] : [],
  )
  const dueAt = new Date(askedAt.getTime() + Math.min(...remindMs))
  return remindMs.length > 0 && dueAt < plan.expiresAt
    ? [{ kind: 'remind', dueAt, payload: { revision: plan.revision } }]
    : []
}

/** The columns that follow from a plan. */
export function planColumns(plan: Plan): OperationPatch {
  const [first] = plan.targets
  const one = (values: readonly (string | undefined)[]) => (new Set(values).size === 1 ? (values[0] ?? null) : null)
  return {
    plan,
    skill: plan.skill,
    skillVersion: plan.skillVersion,
    service: first ? one(plan.targets.map((target) => target.service)) : null,
    environment: first ? one(plan.targets.map((target) => target.environment)) : null,
  }
}
