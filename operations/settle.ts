import { UserError } from '../core/errors.ts'
import type { OperationId, PersonId } from '../core/ids.ts'
import type { SettleOutcome } from '../core/ports/desk.ts'
import { STATE_WORDS } from '../core/states.ts'
import type { Transaction } from '../db/database.ts'
import { operationForUpdate } from '../db/operations.ts'
import type { House } from './deps.ts'
import type { Scene } from './scene.ts'
import { transition } from './transition.ts'

/** A person says how an operation ended that nobody else can tell. First one wins; the second is told who. Throws UserError. */
export async function settleOperation(
  house: House,
  tx: Transaction,
  scene: Scene,
  id: OperationId,
  settled: {
    readonly by: PersonId
    readonly outcome: SettleOutcome
    readonly reason?: string
    readonly operation?: OperationId
  },
): Promise<void> {
  const { outcome, ...who } = settled
  const before = await operationForUpdate(tx, id)
  if (!before) throw new UserError(`There is no operation ${id}.`)
  const earlier = before.progress.settled
  if (earlier) {
    const says = `${id} was settled by ${scene.nameOf(earlier.by)} at ${earlier.at} as ${STATE_WORDS[before.state]}.`
    throw new UserError(says)
  }
  if (before.state !== 'needs_human')
    throw new UserError(`${id} is ${STATE_WORDS[before.state]}; there is nothing to settle.`)
  const name = scene.nameOf(settled.by)
  const reason = settled.reason ? ` (${settled.reason})` : ''
  const says = `${name} says how it ended: ${STATE_WORDS[outcome]}${reason}.`
  await transition(house, tx, scene, before, {
    patch: {
      state: outcome,
      finishedAt: scene.now,
      says: `${before.says ?? ''} ${says}`.trim(),
      progress: { ...before.progress, check: undefined, settled: { ...who, at: scene.now.toISOString() } },
    },
    told: [
      { actor: settled.by, kind: 'operation.settled', says: `${before.plan.summary}. ${says}`, data: { outcome } },
    ],
  })
}
