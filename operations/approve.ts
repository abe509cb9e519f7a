import { DeniedError, UserError } from '../core/errors.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { recordApproval } from '../db/approvals.ts'
import type { Transaction } from '../db/database.ts'
import type { BreakGlassRecord, StoredOperation } from '../db/operation-records.ts'
import { operationById } from '../db/operations.ts'
import { type CardClick, requirePlan, requireRole, underLock } from './access.ts'
import { announceBreakGlass } from './break-glass.ts'
import { deadButton } from './dead-button.ts'
import type { House } from './deps.ts'
import { askGate } from './gate/ask.ts'
import type { GateQuestion, Verdict } from './gate/question.ts'
import { isFresh, requirementsOf } from './gate/requirements.ts'
import { rightHolders } from './gate/rights.ts'
import { type Preview, preview } from './plan/preview.ts'
import { replan } from './plan/replan.ts'
import { stillHolds } from './plan/still-holds.ts'
import { activePerson } from './scene.ts'
import { reminders, standing, wakeUps } from './standing.ts'
import { type Told, transition } from './transition.ts'

export type Yes = 'go' | 'approve' | 'break-glass'

export interface Decided extends ClickReply {
  /** Approved, and to be run in this process. */
  readonly runInline?: boolean
}

const OPEN = ['planned', 'awaiting_approval']
const DID = { go: 'confirmed', approve: 'approved', 'break-glass': 'broke the glass for' } as const

/**
 * A yes to a plan: the requester's go, an approver's approval, or break-glass. The plan is previewed again and the gate asked again;
 * when anything it relies on changed, the new plan is shown instead and the yes does not count.
 */
export async function sayYes(house: House, at: CardClick, yes: Yes): Promise<Decided> {
  const shown = await operationById(house.store.db, at.operationId)
  // Dead buttons are answered without bothering the cluster; the lock below decides.
  const again = shown && OPEN.includes(shown.state) ? await previewAgain(house, at, shown) : undefined
  let runInline = false
  const reply = await underLock(house, at, async (tx, operation) => {
    if (!OPEN.includes(operation.state)) return deadButton(tx, at.scene, operation)
    requirePlan(at, operation)
    if (operation.expiresAt && operation.expiresAt <= at.scene.now) {
      return {
        ok: false,
        says: 'This plan has expired, so nobody can approve it any more. Ask again if it is still needed.',
      }
    }
    if (!again || shown?.planHash !== operation.planHash)
      throw new UserError('The plan is changing just now; look at it again.')
    checkRole(house, at, operation, yes)
    const { plan, skill } = again
    if (!stillHolds(operation, plan, house.policy.version)) {
      const person = activePerson(at.scene, operation.personId)
      await replan(house, tx, at.scene, operation, { plan, skill, person, actor: 'system' })
      return {
        ok: false,
        says: 'The plan changed since this card was shown, so your click was not counted. Look at the new one.',
      }
    }
    const decided = await count(house, tx, at, operation, again, yes)
    runInline = decided.runInline === true
    return decided
  })
  return { ...reply, runInline }
}

async function previewAgain(house: House, { scene }: CardClick, operation: StoredOperation): Promise<Preview> {
  const requester = activePerson(scene, operation.personId)
  return preview(house, operation.skill, operation.plan.input, {
    person: requester,
    threadId: operation.threadId,
  })
}

/** Who may say this yes at all. Whether it is enough is the gate's matter. */
function checkRole(house: House, at: CardClick, operation: StoredOperation, yes: Yes): void {
  const { person } = at
  if (yes === 'break-glass') {
    if (!house.policy.breakGlass)
      throw new UserError('There is no break-glass rule here: quarterdeck.yaml has no "breakGlass".')
    requireRole(at, operation, ['breakglass'], 'Breaking the glass')
    if (!at.click.reason?.trim())
      throw new UserError('Breaking the glass needs a reason, which is announced and reviewed.')
    if (operation.gate.go === 'needed' && operation.readBy === 'model' && person.id !== operation.personId)
      throw new UserError('The requester has to confirm first that this is what was meant.')
    return
  }
  if (yes === 'go') {
    if (person.id === operation.personId) return
    const who = at.scene.nameOf(operation.personId)
    throw new DeniedError(`Only ${who}, who asked for it, can confirm that this is what was meant.`, {
      rule: 'the requester confirms',
    })
  }
  if (person.id === operation.personId) {
    throw new DeniedError('Nobody approves their own request. Somebody else has to.', { rule: 'no self-approval' })
  }
  if (operation.gate.go === 'needed')
    throw new UserError('The requester has to confirm first that this is what was meant.')
}

async function count(
  house: House,
  tx: Transaction,
  at: CardClick,
  operation: StoredOperation,
  { plan, skill }: Preview,
  yes: Yes,
): Promise<Decided> {
  const { scene, person, account } = at
  const requester = activePerson(scene, operation.personId)
  const breakGlass = yes === 'break-glass' ? glass(house, at) : operation.breakGlass
  const alsoYes = yes === 'approve' ? { personId: person.id, at: scene.now } : undefined
  const plannedAt = new Date(operation.gate.plannedAt)
  const about = {
    plan,
    skill,
    person: requester,
    plannedAt,
    operationId: operation.id,
    planHash: operation.planHash,
    breakGlass,
    alsoYes,
  }
  const { verdict, parts } = await askGate(house, tx, scene, about)
  if (verdict.verdict === 'deny') throw new DeniedError(verdict.says, verdict)
  const usedRight = yes === 'approve' ? rightUsed(parts, at, operation) : undefined
  const went = yes === 'go' || operation.gate.go === 'given' || (yes === 'break-glass' && person.id === requester.id)
  const stands = standing(verdict, {
    readBy: operation.readBy,
    went,
    glassBroken: yes === 'break-glass',
    plannedAt,
    policy: house.policy,
    changed: operation.gate.changed,
  })
  if (stands.state !== 'approved' && saidBefore(parts, at, operation, yes))
    return { ok: true, says: `You ${DID[yes]} this already.${sayOpen(verdict)}` }
  const reason = at.click.reason?.trim() || undefined
  const { id: operationId, planHash: hash } = operation
  await recordApproval(tx, {
    operationId,
    planHash: hash,
    personId: person.id,
    account,
    decision: yes,
    ...usedRight,
    reason,
    at: scene.now,
  })
  const approved = stands.state === 'approved'
  const open = { ...stands, revision: operation.planRevision }
  await transition(house, tx, scene, operation, {
    patch: {
      state: stands.state,
      gate: stands.gate,
      breakGlass,
      approvedAt: approved ? scene.now : null,
      expiresAt: approved ? null : operation.expiresAt,
    },
    told: [told(at, operation, yes, approved, reason)],
    outbox: approved
      ? wakeUps(open, house.policy, scene.now, skill.inline === true)
      : operation.state === 'planned'
        ? reminders(open, house.policy, scene.now)
        : [],
  })
  if (yes === 'break-glass' && breakGlass) await announceBreakGlass(house, tx, scene, operation, breakGlass)
  return { ok: true, says: sayReply(yes, approved, verdict), runInline: approved && skill.inline === true }
}

/** A second yes of the same person to the same plan, while the first counts: it changes nothing, so it leaves no trace. */
function saidBefore(
  parts: readonly GateQuestion[],
  { person, scene }: CardClick,
  { gate }: StoredOperation,
  yes: Yes,
): boolean {
  if (yes === 'go') return gate.go === 'given'
  return parts.every(({ approvals, policy }) => {
    const [earlier, now] = approvals.filter(({ personId }) => personId === person.id)
    return now && earlier && policy.approvals.every((rule) => isFresh(earlier, rule, scene.now))
  })
}

function glass(house: House, { person, click, scene }: CardClick): BreakGlassRecord {
  const validMs = house.policy.breakGlass?.validMs ?? 0
  const until = new Date(scene.now.getTime() + validMs).toISOString()
  return { by: person.id, reason: click.reason?.trim() ?? '', at: scene.now.toISOString(), until }
}

/** Whose right the approval rests on. Throws DeniedError when the person has none that any of the matching rules asks for. */
function rightUsed(parts: readonly GateQuestion[], at: CardClick, operation: StoredOperation) {
  const asked = parts.flatMap((question) =>
    requirementsOf(question).requirements.map(({ role }) => ({ question, role })),
  )
  for (const { question, role } of asked) {
    const { plan, delegations, now } = question
    const people = new Map(question.people.map((person) => [person.id, person]))
    const [holder] = rightHolders(at.person, role, { plan, requester: operation.personId, people, delegations, now })
    if (holder) return { role, onBehalfOf: holder === at.person.id ? undefined : holder }
  }
  const roles = asked.length > 0 ? [...new Set(asked.map(({ role }) => role))] : (['approver'] as const)
  requireRole(at, operation, roles, 'Approving')
  throw new DeniedError('Your approval does not count for this plan.', { rule: 'approvals' })
}

function told(
  { person, click }: CardClick,
  operation: StoredOperation,
  yes: Yes,
  approved: boolean,
  reason?: string,
): Told {
  const why = reason ? ` (${reason})` : ''
  const then = approved ? ' It may run now.' : ''
  const kind = yes === 'break-glass' ? 'operation.break-glass' : approved ? 'operation.approved' : `operation.${yes}`
  const says = `${person.name} ${DID[yes]} ${operation.plan.summary}${why}.${then}`
  return { actor: person.id, kind, says, data: { planHash: operation.planHash, click: click.key, verb: yes } }
}

function sayReply(yes: Yes, approved: boolean, verdict: Verdict): string {
  if (approved)
    return yes === 'break-glass' ? 'The glass is broken; it starts now, and everybody is told.' : 'It starts now.'
  return `Counted.${sayOpen(verdict)}`
}

function sayOpen(verdict: Verdict): string {
  if (verdict.verdict !== 'needs') return ''
  const open = verdict.requirements.reduce((sum, item) => sum + item.count - item.have, 0)
  return ` ${open} more ${open === 1 ? 'approval is' : 'approvals are'} needed.`
}
