import { exportHead } from '../db/audit-chain/heads.ts'
import { SEAL_BATCH, sealOnce } from '../db/audit-chain/seal.ts'
import { tidy } from '../db/embedded/tidy.ts'
import { forgetOld } from '../db/forget.ts'
import { type Store, storeClock } from '../db/store.ts'
import type { Schedule } from './schedules.ts'

const SEAL_EVERY_MS = 1_000
const THOROUGH_EVERY = 300
const EXPORT_EVERY_MS = 30_000
const SNAPSHOT_EVERY_MS = 3_600_000
const FORGET_EVERY_MS = 3_600_000
const TIDY_EVERY_MS = 600_000

export interface Housekeeping {
  readonly schedules: readonly Schedule[]
  /** Once more of each, when the program ends. */
  finish(): Promise<void>
}

/**
 * What the store needs by the clock: the audit sealed within a second, its head exported within a minute, snapshots where embedded, and
 * conversations forgotten when they are older than `keepMs`.
 */
export function housekeeping(store: Store, auditHeads: string, keepMs?: number): Housekeeping {
  let seals = 0
  // Now and then further back: a row may have committed long after rows that were begun after it.
  const seal = async () => {
    const thorough = seals++ % THOROUGH_EVERY === 0
    while ((await sealOnce(store, { thorough })) >= SEAL_BATCH);
  }
  const exportNow = async () => void (await exportHead(store, auditHeads))
  const snapshot = async () => void (await store.house?.snapshot())
  const { pglite } = store
  // What is old the database says: a machine whose clock is a year ahead must not forget everything.
  const forget = async () => forgetOld(store, await storeClock(store.db), keepMs)
  return {
    schedules: [
      { name: 'seal the audit', everyMs: SEAL_EVERY_MS, run: seal },
      { name: 'export the audit head', everyMs: EXPORT_EVERY_MS, run: exportNow },
      { name: 'forget what is old', everyMs: FORGET_EVERY_MS, run: forget },
      // On a server autovacuum does it.
      ...(pglite
        ? [{ name: 'tidy the store', everyMs: TIDY_EVERY_MS, run: async () => void (await tidy(pglite)) }]
        : []),
      ...(store.house ? [{ name: 'snapshot', everyMs: SNAPSHOT_EVERY_MS, run: snapshot }] : []),
    ],
    async finish() {
      await seal()
      await exportNow()
      await snapshot()
    },
  }
}
