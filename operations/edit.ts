import { DeniedError, UserError } from '../core/errors.ts'
import type { OperationId, PersonId } from '../core/ids.ts'
import type { Reader } from '../core/interpretation.ts'
import type { JsonObject } from '../core/json.ts'
import { type OperationState, STATE_WORDS } from '../core/states.ts'
import { appendAudit } from '../db/audit.ts'
import { operationById, operationForUpdate } from '../db/operations.ts'
import type { House } from './deps.ts'
import { askGate } from './gate/ask.ts'
import { preview } from './plan/preview.ts'
import { replan } from './plan/replan.ts'
import { deniedAsStranger } from './propose.ts'
import { activePerson, requireCurrentPeople, type Scene, withPeople } from './scene.ts'

export interface Edit {
  readonly operationId: OperationId
  readonly personId: PersonId
  /** Of the request, where the plan has none of its own: one for several targets is corrected by what it was made from. */
  readonly skill?: string
  readonly input: JsonObject
  readonly said: string
  readonly by: Reader
}

const OPEN: readonly OperationState[] = ['planned', 'awaiting_approval', 'approved']

/**
 * Puts a corrected plan in the place of an open one; approvals are voided. Only the requester may, or somebody could approve what they
 * made of it themselves. Throws UserError, DeniedError (with an audit row), and what preview throws; the old plan then stands.
 */
export function edit(house: House, change: Edit): Promise<{ readonly runInline: boolean }> {
  return withPeople(house, async (scene) => {
    try {
      return await editBy(house, scene, change)
    } catch (error) {
      if (error instanceof DeniedError) await auditDenial(house, scene, change, error)
      throw error
    }
  })
}

async function auditDenial(house: House, scene: Scene, change: Edit, denied: DeniedError): Promise<void> {
  const { operationId, personId: actor, input } = change
  await house.store.transaction(async (tx) => {
    await requireCurrentPeople(tx, scene)
    const operation = await operationById(tx, operationId)
    const { requestId, skill = null } = operation ?? {}
    const data = { rule: denied.rule, missing: denied.missing ?? null, skill: change.skill ?? skill, input }
    const { message: says } = denied
    await appendAudit(tx, [{ actor, kind: 'edit.denied', operationId, requestId, says, data, at: scene.now }])
  })
}

async function editBy(
  house: House,
  scene: Scene,
  { operationId, personId, skill: asked, input, said, by }: Edit,
): Promise<{ readonly runInline: boolean }> {
  const person = activePerson(scene, personId)
  const shown = await operationById(house.store.db, operationId)
  if (!shown) throw new UserError(`There is no operation ${operationId}.`)
  if (shown.personId !== personId) {
    const who = scene.nameOf(shown.personId)
    throw new DeniedError(
      `Only ${who}, who asked for it, can correct ${operationId}. Ask for your own change instead.`,
      { rule: 'the requester corrects' },
    )
  }
  if (shown.undoes) {
    throw new UserError(
      `${operationId} takes ${shown.undoes} back; corrected it would be something else. Cancel it and ask for your change.`,
    )
  }
  const denial = deniedAsStranger(house, scene, { skill: asked ?? shown.skill, input }, person)
  if (denial) throw new DeniedError(denial.says, denial)
  const { plan, skill } = await preview(house, asked ?? shown.skill, input, { person, threadId: shown.threadId })
  if (plan.alreadySo) throw new UserError(`Nothing to do: ${plan.alreadySo} The plan stays as it was.`)
  return house.store.transaction(async (tx) => {
    const before = await operationForUpdate(tx, operationId)
    if (!before || !OPEN.includes(before.state)) {
      const state = before ? STATE_WORDS[before.state] : 'gone'
      throw new UserError(`${operationId} is ${state}; it can no longer be corrected. Ask for a new change.`)
    }
    const { verdict } = await askGate(house, tx, scene, { plan, skill, person, plannedAt: scene.now })
    if (verdict.verdict === 'deny' && verdict.passes !== 'break-glass') throw new DeniedError(verdict.says, verdict)
    const after = await replan(house, tx, scene, before, { plan, skill, person, actor: personId, edit: { said, by } })
    return { runInline: after?.state === 'approved' && skill.inline === true }
  })
}
