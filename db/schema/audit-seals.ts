import { text } from 'drizzle-orm/pg-core'
import { counter, moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** The hash chain over the audit rows, gap-free and in the order they were sealed. Insert only. */
export const auditSeals = quarterdeck.table('audit_seals', {
  seq: counter('seq').primaryKey(),
  auditId: counter('audit_id').notNull().unique(),
  previousHash: text('previous_hash').notNull(),
  hash: text('hash').notNull(),
  sealedAt: moment('sealed_at').notNull().defaultNow(),
})
