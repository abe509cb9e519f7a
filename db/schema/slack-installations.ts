import { text } from 'drizzle-orm/pg-core'
import { moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** A workspace (or an organisation) that installed the app. */
export const slackInstallations = quarterdeck.table('slack_installations', {
  /** `T…`, or `E…` where a whole organisation installed it. */
  teamId: text('team_id').primaryKey(),
  name: prose('name').notNull(),
  botUserId: text('bot_user_id').notNull(),
  /** The installation with its tokens, encrypted (AES-256-GCM) under `slack.install.seal`. */
  sealed: text('sealed').notNull(),
  installedAt: moment('installed_at').notNull(),
})
