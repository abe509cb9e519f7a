import { gte, sql } from 'drizzle-orm'
import type { ModelLedger } from '../core/ports/language-model.ts'
import { modelCalls } from './schema/model-calls.ts'
import type { Store } from './store.ts'

/** What language models were asked and what it cost, in the store, so that all processes count against one budget. */
export function modelLedger(store: Pick<Store, 'db'>): ModelLedger {
  return {
    async record(spending) {
      const tookMs = Math.round(spending.tookMs)
      await store.db.insert(modelCalls).values({ ...spending, tookMs })
    },
    async tokensSince(moment) {
      const tokens = sql<number>`coalesce(sum(${modelCalls.inputTokens} + ${modelCalls.outputTokens}), 0)::float8`
      const [row] = await store.db.select({ tokens }).from(modelCalls).where(gte(modelCalls.at, moment))
      return row?.tokens ?? 0
    },
  }
}
