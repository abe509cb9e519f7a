import type { PersonId } from '../../core/ids.ts'
import type { Reader } from '../../core/interpretation.ts'
import type { Person } from '../../core/person.ts'
import { type Plan, planHash } from '../../core/plan.ts'
import type { ChangeSkill } from '../../core/skill.ts'
import { voidApprovals } from '../../db/approvals.ts'
import { tuneIn } from '../../db/audiences.ts'
import type { Transaction } from '../../db/database.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import type { House } from '../deps.ts'
import { askGate } from '../gate/ask.ts'
import type { Scene } from '../scene.ts'
import { planColumns, standing, wakeUps } from '../standing.ts'
import { transition } from '../transition.ts'
import { difference } from './difference.ts'

/**
 * Puts a new revision in the place of a plan that no longer holds, or that its requester corrected. Earlier approvals are kept but
 * voided. A plan that changed by itself always asks again, even where its kind needs no approval: nobody has seen this one.
 */
export async function replan(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  next: {
    readonly plan: Plan
    readonly skill: ChangeSkill
    readonly person: Person
    readonly actor: PersonId | 'system'
    /** The requester's own correction. */
    readonly edit?: { readonly said: string; readonly by: Reader }
  },
): Promise<StoredOperation | undefined> {
  const { plan, skill, person, actor, edit } = next
  const changed = difference(before.plan, plan, before.policyVersion !== house.policy.version)
  const because = `${edit ? 'The requester corrected the plan' : 'The plan changed'}: ${changed.join(' ')}`
  const voided = await voidApprovals(tx, before.id, because, scene.now)
  const { verdict } = await askGate(house, tx, scene, { plan, skill, person, plannedAt: scene.now })
  // A corrected count does not make the rest of what a language model read any surer: it still waits for the requester's click.
  const readBy = before.readBy === 'model' ? 'model' : (edit?.by ?? before.readBy)
  const stands = standing(verdict, {
    readBy,
    went: false,
    glassBroken: false,
    plannedAt: scene.now,
    policy: house.policy,
    changed,
  })
  // Approved without anybody's click is only what the requester typed just now.
  const unseen = !edit && stands.state === 'approved'
  const state = unseen ? 'planned' : stands.state
  const gate = unseen ? { ...stands.gate, go: 'needed' as const } : stands.gate
  const planRevision = before.planRevision + 1
  const hash = planHash(plan, house.policy.version)
  // What it touches now may be others' business, too; those who saw the plan before see what became of it.
  if (edit) await tuneIn(tx, before, plan.targets, scene.now)
  return transition(house, tx, scene, before, {
    patch: {
      ...planColumns(plan),
      planHash: hash,
      planRevision,
      policyVersion: house.policy.version,
      gate,
      state,
      progress: {},
      breakGlass: null,
      approvedAt: state === 'approved' ? scene.now : null,
      expiresAt: state === 'approved' ? null : stands.expiresAt,
      ...(edit ? { said: edit.said, readBy } : {}),
    },
    told: [
      {
        actor,
        kind: edit ? 'operation.edited' : 'operation.replanned',
        says: `${plan.summary}. ${because}`,
        data: { ...plan.input, planHash: hash, planRevision, voided: voided },
      },
    ],
    outbox: wakeUps(
      { state, gate, expiresAt: stands.expiresAt, revision: planRevision },
      house.policy,
      scene.now,
      skill.inline === true,
    ),
  })
}
