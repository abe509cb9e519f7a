import { text } from 'drizzle-orm/pg-core'
import type { Json } from '../../core/json.ts'
import { json } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Small facts about this installation: who sealed last, what was said once. */
export const meta = quarterdeck.table('meta', {
  key: text('key').primaryKey(),
  value: json<Json>('value').notNull(),
})
