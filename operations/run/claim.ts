import type { OperationId } from '../../core/ids.ts'
import { claimOperation } from '../../db/operation-claims.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { operationForUpdate } from '../../db/operations.ts'
import { addOutbox } from '../../db/outbox.ts'
import { stepsOf } from '../../db/steps.ts'
import type { House } from '../deps.ts'
import { look } from '../scene.ts'
import { publish } from '../transition.ts'
import { hasCome } from './due.ts'
import { Ledger } from './ledger.ts'
import { Session } from './session.ts'

/** Takes an operation that has begun and that nobody holds. Undefined when there is nothing to do for us. */
export async function claimBegun(house: House, id: OperationId, workerId: string): Promise<Session | undefined> {
  const scene = await look(house)
  const claimed = await house.store.transaction(async (tx) => {
    const before = await operationForUpdate(tx, id)
    if (!before || !hasBegun(before) || isAtWorkHere(house, before)) return undefined
    // Whether a time has come, the one clock that all processes share says.
    const now = before.wakeAt ? await house.storeClock(tx) : scene.now
    if (!isDue(before, now)) {
      // Woken too early: the row that woke us is spent, so the right time gets another one.
      if (before.wakeAt) await addOutbox(tx, [{ kind: 'advance', operationId: id, dueAt: before.wakeAt }])
      return undefined
    }
    const state = before.state === 'waiting' && !before.cancelAt ? 'running' : before.state
    const operation = await claimOperation(tx, id, {
      owner: workerId,
      leaseMs: house.timing.leaseMs,
      patch: { state, wakeAt: null },
      at: scene.now,
    })
    if (!operation) return undefined
    const steps = await stepsOf(tx, id)
    const says = before.leaseOwner
      ? `Taken over by ${workerId} from ${before.leaseOwner}, which stopped answering.`
      : before.state === 'waiting' && state === 'running' && 'Goes on.'
    if (says) {
      const told = [{ actor: 'system', kind: 'operation.resumed', says } as const]
      await publish(house, tx, scene, operation, { told, steps })
    }
    return { operation, steps }
  })
  if (!claimed) return undefined
  house.afterDurable?.('claim')
  const { operation, steps } = claimed
  return new Session(house, scene, operation, new Ledger(house.store, operation, steps, house.clock))
}

/**
 * Its run goes on in this process, though its lease ran out: on a busy machine, or one that slept, it is renewed too late. A second one beside
 * it would do again what the first has under way.
 */
const isAtWorkHere = ({ running }: House, { id, fence, leaseOwner }: StoredOperation) =>
  leaseOwner !== null && running.get(id)?.fence === fence

const hasBegun = ({ state }: StoredOperation) => state === 'running' || state === 'waiting' || state === 'cancelling'

/** A waiting operation is due at its time, when its question was answered (which sets the time), or when it is to be cancelled. */
function isDue({ state, wakeAt, cancelAt }: StoredOperation, now: Date): boolean {
  if (state === 'running') return true
  if (state === 'waiting' && !wakeAt) return cancelAt !== null
  return !wakeAt || hasCome(wakeAt, now)
}
