import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendAudit } from '../../db/audit.ts'
import { headOf, SEAL_BATCH } from '../../db/audit-chain/seal.ts'
import { housekeeping } from '../../jobs/housekeeping.ts'
import { describeOnStores } from '../_harness/store.ts'

describeOnStores('housekeeping', (store) => {
  test('one round seals all that waits, however much came at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-housekeeping-'))
    const rows = SEAL_BATCH + 500
    const entries = Array.from({ length: rows }, (_, index) => ({
      actor: 'system',
      kind: 'burst',
      says: `Row ${index}`,
      at: new Date(),
    }))
    await store().transaction((tx) => appendAudit(tx, entries))
    const { schedules } = housekeeping(store(), join(folder, 'heads.jsonl'))
    await schedules.find(({ name }) => name === 'seal the audit')?.run()
    expect((await headOf(store().db)).seq).toBe(rows)
    await rm(folder, { recursive: true })
  })
})
