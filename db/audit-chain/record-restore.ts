import { appendAudit } from '../audit.ts'
import type { Store } from '../store.ts'
import { noteRestore } from './heads.ts'

/** In the data folder, beside and not in the database. */
export const HEADS_FILE = 'audit-heads.jsonl'

/** Says in the audit and beside it that the database was put back to an earlier state, so that the proof can tell it from a cut. */
export async function recordRestore(store: Store, headsFile: string, from: string, at = new Date()): Promise<void> {
  await noteRestore(store, headsFile, from, at)
  await store.transaction((tx) =>
    appendAudit(tx, [
      {
        actor: 'system',
        kind: 'store.restored',
        says: `The database was restored from ${from}; what happened after it is lost.`,
        data: { from },
        at,
      },
    ]),
  )
}
