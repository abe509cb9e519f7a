import type { Deed, Telemetry } from '../core/ports/telemetry.ts'
import { noTelemetry } from '../core/ports/telemetry.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import type { Store, Transaction } from '../db/store.ts'
import type { House } from './deps.ts'

const untilCommit = new WeakMap<Transaction, Deed[]>()

/** A store whose transactions tell, once they have committed, what was left with them. */
export function tellingStore(store: Store, telemetry: Telemetry): Store {
  if (telemetry === noTelemetry) return store
  return {
    ...store,
    async transaction(work) {
      let deeds: Deed[] = []
      const result = await store.transaction((tx) => {
        // A second try begins anew: what the first one did was rolled back.
        deeds = []
        untilCommit.set(tx, deeds)
        return work(tx)
      })
      for (const deed of deeds) telemetry.tell(deed)
      return result
    },
  }
}

/** The deed of an operation that came into another state. */
export function moved(after: StoredOperation, before: StoredOperation | undefined, at: Date): Deed {
  const { id: operationId, requestId, skill, state, createdAt } = after
  const wasOpen = before?.state === 'planned' || before?.state === 'awaiting_approval'
  // People decide on a plan from the moment it was made; the row may have been written since, by each of their clicks.
  const since = wasOpen ? new Date(before.gate.plannedAt) : (before?.updatedAt ?? createdAt)
  return { what: 'moved', requestId, operationId, skill, state, before: before?.state, since, createdAt, at }
}

export function tellMoveOnCommit(tx: Transaction, after: StoredOperation, before: StoredOperation | undefined): void {
  if (after.state !== before?.state) untilCommit.get(tx)?.push(moved(after, before, after.updatedAt))
}

/** Does the work and tells of it, also when it throws; what `deed` leaves undefined is not told. */
export async function timed<Result>(
  { clock, telemetry }: Pick<House, 'clock' | 'telemetry'>,
  work: () => Promise<Result>,
  deed: (took: { from: Date; until: Date }, end: { result: Result } | { error: unknown }) => Deed | undefined,
): Promise<Result> {
  if (telemetry === noTelemetry) return work()
  const from = clock()
  const tell = (end: { result: Result } | { error: unknown }) => {
    const done = deed({ from, until: clock() }, end)
    if (done) telemetry.tell(done)
  }
  try {
    const result = await work()
    tell({ result })
    return result
  } catch (error) {
    tell({ error })
    throw error
  }
}

/** What every log line about an operation carries. */
export const idsOf = ({ id, requestId }: Pick<StoredOperation, 'id' | 'requestId'>) => ({ operationId: id, requestId })
