import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import { keepGauges } from '../../http/metrics/gauges.ts'

/** A store that is asked and never answers, and counts how often it was asked. */
function hangingStore() {
  let asked = 0
  const hang = () => {
    asked += 1
    return new Promise<never>(() => {})
  }
  const select = () => ({ from: () => ({ where: hang }) })
  // Of the database only what these gauges ask it with.
  const db = { execute: hang, select } as unknown as Store['db']
  return { store: { db, backend: 'postgres', transaction: hang } as const, asked: () => asked }
}

const jobs = {
  counts: () => Promise.reject(new Error('connection refused')),
  health: () => ({ backend: 'redis', working: 3 }),
}

test('a scrape does not hang on a store that does; what cannot be asked is down, and absent rather than zero', async () => {
  const registry = new Registry()
  const { store, asked } = hangingStore()
  const refresh = keepGauges(registry, { store, jobs, version: '1', role: 'bot' })
  const before = performance.now()
  await Promise.all([refresh(), refresh(), refresh()])
  expect(performance.now() - before).toBeLessThan(30_000)
  const text = await registry.metrics()
  expect(text).toContain('\nquarterdeck_store_up 0\n')
  expect(text).toContain('\nquarterdeck_queue_up 0\n')
  expect(text).toContain('\nquarterdeck_jobs_in_hand 3\n')
  expect(text).not.toMatch(
    /^quarterdeck_(?:outbox_due|cards_due|audit_seal_lag_seconds|store_answer_seconds|queue_jobs)\b/m,
  )
  expect(asked()).toBe(1)
})
