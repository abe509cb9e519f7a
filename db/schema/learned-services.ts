import { primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Services the cluster runs that no file names. */
export const learnedServices = quarterdeck.table(
  'learned_services',
  {
    name: text('name').notNull(),
    environment: text('environment').notNull(),
    namespace: text('namespace').notNull(),
    workload: text('workload').notNull(),
    repository: text('repository'),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.name, table.environment] })],
)
