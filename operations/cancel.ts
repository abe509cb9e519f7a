import { UserError } from '../core/errors.ts'
import type { OperationId, PersonId } from '../core/ids.ts'
import { isTerminal, type OperationState, STATE_WORDS } from '../core/states.ts'
import type { Transaction } from '../db/database.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { operationForUpdate } from '../db/operations.ts'
import { notify } from '../db/store.ts'
import type { House } from './deps.ts'
import type { Scene } from './scene.ts'
import { transition } from './transition.ts'

/** What has begun is put back by its run; whatever has not is over at once. */
const BEGUN: readonly OperationState[] = ['running', 'waiting', 'cancelling']

/**
 * Cancels an operation, or asks its run to: once it is written, no step forward begins. Cancelling again changes nothing. Throws
 * UserError when it is over, when it needs a person, or when it is being put back already.
 */
export async function cancelOperation(
  house: House,
  tx: Transaction,
  scene: Scene,
  id: OperationId,
  by: PersonId,
): Promise<StoredOperation> {
  const operation = await operationForUpdate(tx, id)
  if (!operation) throw new UserError(`There is no operation ${id}.`)
  const { state } = operation
  if (state === 'cancelling' || state === 'cancelled') return operation
  if (isTerminal(state)) throw new UserError(`${id} is over already: ${STATE_WORDS[state]}.`)
  if (state === 'needs_human') {
    throw new UserError(`${id} does nothing any more. Look at what its card names, then settle it.`)
  }
  if (operation.progress.compensating) throw new UserError(`${id} did not work and is being put back already.`)
  const begun = BEGUN.includes(state)
  const name = scene.nameOf(by)
  const after = await transition(house, tx, scene, operation, {
    patch: {
      cancelBy: by,
      cancelAt: scene.now,
      ...(begun
        ? { state: 'cancelling', wakeAt: null }
        : { state: 'cancelled', says: `Cancelled by ${name} before it began.`, finishedAt: scene.now }),
    },
    told: [
      {
        actor: by,
        kind: `operation.${begun ? 'cancelling' : 'cancelled'}`,
        says: `${name} cancelled ${operation.plan.summary}.`,
      },
    ],
    // The run's own worker hears of it; should it be dead, this wakes another.
    outbox: begun ? [{ kind: 'advance', dueAt: scene.now }] : [],
  })
  if (!after) throw new Error(`the operation ${id} vanished while it was cancelled`)
  if (begun) await notify(tx, 'cancel', id)
  return after
}

/** Stops the run at once where it runs in this process; elsewhere the hint and the heartbeat do. Where nobody runs it, somebody must. */
export function hurry(house: House, id: OperationId): void {
  const run = house.running.get(id)
  if (run) run.cancel()
  else house.takeUp(id)
}
