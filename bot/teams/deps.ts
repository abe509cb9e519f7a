import type { ChatDeps } from '../chat-surface.ts'
import type { Reopening } from '../deliver/reopening.ts'
import type { TeamsAdapter } from './connector/adapter.ts'
import type { Members } from './members.ts'
import type { Places } from './places.ts'

/** What the parts of the Teams surface work with. */
export interface TeamsDeps extends ChatDeps {
  readonly appId: string
  readonly adapter: TeamsAdapter
  readonly places: Places
  readonly members: Members
  readonly reopening: Reopening
  /** A mark that only this installation can make: what goes through somebody's client and comes back is ours, and unchanged. */
  readonly seal: (text: string) => string
  /** Whether addresses on this machine count as Microsoft's: where the signing keys come from here too. */
  readonly loopback: boolean
}
