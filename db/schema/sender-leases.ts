import { text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Which process sends to a place that wants one sender (a Slack workspace, Teams), and until when unless it says so again. */
export const senderLeases = quarterdeck.table('sender_leases', {
  /** `slack`, `teams`. */
  place: text('place').primaryKey(),
  owner: text('owner').notNull(),
  until: moment('until').notNull(),
})
