import type { ChatDeps } from '../chat-surface.ts'
import type { Reopening } from '../deliver/reopening.ts'
import type { Callers } from './callers.ts'
import type { Inbox } from './inbox.ts'
import type { Tell } from './tell.ts'
import type { Workspaces } from './workspaces.ts'

/** What those work with who listen to Slack. */
export interface SlackContext {
  readonly deps: ChatDeps
  readonly workspaces: Workspaces
  readonly callers: Callers
  readonly inbox: Inbox
  /** Says something to one person, where they are. */
  readonly tell: Tell
  readonly reopening: Reopening
  /** Where Slack's answers may go besides Slack itself. */
  readonly api: string
}
