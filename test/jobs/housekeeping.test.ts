import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { appendAudit } from '../../db/audit.ts'
import { headOf, SEAL_BATCH } from '../../db/audit-chain/seal.ts'
import { openThread, threadById } from '../../db/threads.ts'
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

  test('keeps conversations for as long as it is told', async () => {
    const day = 86_400_000
    const said = (daysAgo: number) => {
      const now = new Date(Date.now() - daysAgo * day)
      return openThread(store().db, { surface: 'web', surfaceKey: `kept-${daysAgo}`, now })
    }
    const [young, old] = [await said(9), await said(11)]
    const forget = (keepMs?: number) =>
      housekeeping(store(), 'unused', keepMs)
        .schedules.find(({ name }) => name === 'forget what is old')
        ?.run()
    await forget()
    expect(await threadById(store().db, old.id)).toBeDefined()
    await forget(10 * day)
    expect(await threadById(store().db, old.id)).toBeUndefined()
    expect(await threadById(store().db, young.id)).toBeDefined()
  })

  test('forgets by the clock of the database, not by that of a machine that is a year ahead', async ({ skip }) => {
    skip(store().backend === 'pglite', 'the embedded store has no other clock')
    const year = 365 * 86_400_000
    const young = await openThread(store().db, { surface: 'web', surfaceKey: 'kept-by-the-store', now: new Date() })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + year })
    try {
      const { schedules } = housekeeping(store(), 'unused')
      await schedules.find(({ name }) => name === 'forget what is old')?.run()
    } finally {
      vi.useRealTimers()
    }
    expect(await threadById(store().db, young.id)).toBeDefined()
  })
})
