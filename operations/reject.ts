import { DeniedError } from '../core/errors.ts'
import type { Role } from '../core/person.ts'
import { ROLES } from '../core/person.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { recordApproval } from '../db/approvals.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { type CardClick, requirePlan, requireRole, underLock } from './access.ts'
import { deadButton } from './dead-button.ts'
import type { House } from './deps.ts'
import { transition } from './transition.ts'

/**
 * One no ends a plan. It takes the right of a yes (or having said one), so that nobody outside can block others; requesters cancel
 * instead. Freezes and halts keep nobody from saying no, so the gate is not asked.
 */
export async function reject(house: House, at: CardClick): Promise<ClickReply> {
  const { person, account, scene, click } = at
  return underLock(house, at, async (tx, operation) => {
    if (operation.state !== 'planned' && operation.state !== 'awaiting_approval')
      return deadButton(tx, scene, operation)
    requirePlan(at, operation)
    if (person.id === operation.personId) {
      throw new DeniedError('This is your own request: cancel it instead.', { rule: 'no self-approval' })
    }
    const mayVote = operation.gate.requirements.some((item) => item.eligible.includes(person.id))
    if (!mayVote) requireRole(at, operation, votingRoles(operation), 'Rejecting')
    const reason = click.reason?.trim() || undefined
    const { id: operationId, planHash } = operation
    const said = {
      operationId,
      planHash,
      personId: person.id,
      account,
      decision: 'reject',
      reason,
      at: scene.now,
    } as const
    await recordApproval(tx, said)
    const says = `${person.name} rejected it${reason ? `: ${reason}` : '.'}`
    const data = { planHash, click: click.key }
    await transition(house, tx, scene, operation, {
      patch: { state: 'rejected', says, finishedAt: scene.now },
      told: [{ actor: person.id, kind: 'operation.rejected', says: `${operation.plan.summary}. ${says}`, data }],
    })
    return { ok: true, says: 'Rejected.' }
  })
}

function votingRoles({ gate }: StoredOperation): readonly Role[] {
  const asked = ROLES.filter((role) => gate.requirements.some((item) => item.role === role))
  return asked.length > 0 ? asked : ['approver']
}
