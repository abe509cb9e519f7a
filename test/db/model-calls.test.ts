import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newRequestId } from '../../core/ids.ts'
import { forgetOld } from '../../db/forget.ts'
import { modelLedger } from '../../db/model-calls.ts'
import { modelCalls } from '../../db/schema/model-calls.ts'
import { describeOnStores } from '../_harness/store.ts'

const DAY = new Date('2026-11-20T00:00:00Z')
const before = (ms: number) => new Date(DAY.getTime() - ms)
const spending = {
  at: DAY,
  model: 'm',
  purpose: 'understand',
  requestId: undefined,
  operationId: undefined,
  inputTokens: 1_000,
  outputTokens: 50,
  costUsd: undefined,
  tookMs: 412.6,
  outcome: 'answered',
}

describeOnStores('what language models cost', (store) => {
  test('is kept by request, and counted from a moment on', async () => {
    const ledger = modelLedger(store())
    expect(await ledger.tokensSince(DAY)).toBe(0)
    const requestId = newRequestId()
    await ledger.record({ ...spending, requestId, costUsd: 0.00035 })
    await ledger.record({ ...spending, inputTokens: 0, outputTokens: 0, outcome: 'no answer in time' })
    await ledger.record({ ...spending, at: before(1) })
    expect(await ledger.tokensSince(DAY)).toBe(1_050)
    expect(await ledger.tokensSince(before(1))).toBe(2_100)
    const rows = await store().db.select().from(modelCalls).where(eq(modelCalls.requestId, requestId))
    expect(rows).toMatchObject([{ model: 'm', costUsd: 0.00035, tookMs: 413, outcome: 'answered', operationId: null }])
  })

  test('is forgotten after ninety days, and not a day before', async () => {
    const ledger = modelLedger(store())
    const day = 86_400_000
    const [old, young] = [newRequestId(), newRequestId()]
    await ledger.record({ ...spending, requestId: old, at: before(90 * day + 1) })
    await ledger.record({ ...spending, requestId: young, at: before(90 * day - 1) })
    await forgetOld(store(), DAY)
    const kept = await store().db.select({ requestId: modelCalls.requestId }).from(modelCalls)
    expect(kept.map(({ requestId }) => requestId)).toContain(young)
    expect(kept.map(({ requestId }) => requestId)).not.toContain(old)
  })
})
