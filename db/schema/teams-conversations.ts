import { index, text } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../../core/json.ts'
import { json, moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Where the bot may speak in Teams without being spoken to: conversation references, by conversation. */
export const teamsConversations = quarterdeck.table(
  'teams_conversations',
  {
    /** The Bot Framework's conversation id, with `;messageid=` for a thread of a channel. */
    id: text('id').primaryKey(),
    tenantId: text('tenant_id').notNull(),
    kind: text('kind', { enum: ['personal', 'groupChat', 'channel'] }).notNull(),
    /** Whose personal chat it is: the account id of `accounts` (Entra object id). */
    accountId: text('account_id'),
    reference: json<JsonObject>('reference').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [index().on(table.accountId)],
)
