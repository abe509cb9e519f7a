import type { OperationId, PersonId, ThreadId } from '../core/ids.ts'
import { isTerminal } from '../core/states.ts'
import { addAudience } from '../db/audiences.ts'
import { operationForUpdate } from '../db/operations.ts'
import type { House } from './deps.ts'
import { mayDecide } from './gate/may-decide.ts'
import { activePerson, look } from './scene.ts'
import { publish } from './transition.ts'

export interface Showing {
  readonly operationId: OperationId
  /** Where it is looked at. */
  readonly threadId: ThreadId
  readonly personId: PersonId
}

/**
 * Shows the card of an operation that is not over in one more thread, live and with its buttons, for who asked for it or may decide on it: what
 * was asked on another surface can be decided where its approver is. Returns whether it is new there. Throws DeniedError for leavers.
 */
export async function show(house: House, { operationId, threadId, personId }: Showing): Promise<boolean> {
  const scene = await look(house)
  const person = activePerson(scene, personId)
  return house.store.transaction(async (tx) => {
    // Under its lock: a card of a moment ago must not be written over the one of now.
    const operation = await operationForUpdate(tx, operationId)
    if (!operation || isTerminal(operation.state) || operation.threadId === threadId) return false
    if (operation.personId !== personId && !mayDecide(operation, person)) return false
    if (!(await addAudience(tx, { operationId, threadId }))) return false
    await publish(house, tx, scene, operation, { told: [] })
    return true
  })
}
