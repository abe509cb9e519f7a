import { accounts } from './accounts.ts'
import { approvals } from './approvals.ts'
import { audiences } from './audiences.ts'
import { audit } from './audit.ts'
import { auditSeals } from './audit-seals.ts'
import { codes } from './codes.ts'
import { delegations } from './delegations.ts'
import { deliveries } from './deliveries.ts'
import { grants } from './grants.ts'
import { incoming } from './incoming.ts'
import { learnedServices } from './learned-services.ts'
import { locks } from './locks.ts'
import { meta } from './meta.ts'
import { modelCalls } from './model-calls.ts'
import { operations } from './operations.ts'
import { outbox } from './outbox.ts'
import { people } from './people.ts'
import { requests } from './requests.ts'
import { senderLeases } from './sender-leases.ts'
import { severedAccounts } from './severed-accounts.ts'
import { slackInstallations } from './slack-installations.ts'
import { steps } from './steps.ts'
import { subscriptions } from './subscriptions.ts'
import { switches } from './switches.ts'
import { teamsConversations } from './teams-conversations.ts'
import { threads } from './threads.ts'

/** Every table, parents before children: the order in which a copy is written. */
export const TABLES = [
  meta,
  people,
  accounts,
  grants,
  codes,
  delegations,
  threads,
  incoming,
  requests,
  operations,
  approvals,
  steps,
  outbox,
  deliveries,
  locks,
  switches,
  audit,
  auditSeals,
  learnedServices,
  modelCalls,
  audiences,
  subscriptions,
  severedAccounts,
  senderLeases,
  slackInstallations,
  teamsConversations,
] as const
