import type { Person } from '../../core/person.ts'
import { call, codeOf } from './web-client.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** Who reads a channel, as Slack says: anybody of the workspace, or its members. */
interface Audience {
  readonly isOpen: boolean
  readonly members: ReadonlySet<string>
}

/** Who leaves a channel reads its cards no longer than that. */
const KEEP_MS = 60_000
const MOST_KEPT = 1_000
const PAGE = 1_000
const MOST_PAGES = 20
const NOT_LET_IN = /^(?:channel_not_found|not_in_channel|missing_scope)$/

/** Whether a channel's cards are for somebody's eyes. Throws UpstreamError when Slack cannot say. */
export function createAudience(workspaces: Workspaces): (channel: string, person: Person) => Promise<boolean> {
  const kept = new Map<string, { readonly audience: Promise<Audience>; readonly until: number }>()

  function audienceOf(workspace: Workspace, channel: string): Promise<Audience> {
    const key = `${workspace.teamId} ${channel}`
    const known = kept.get(key)
    if (known && known.until > performance.now()) return known.audience
    const audience = ask(workspace, channel)
    kept.delete(key)
    kept.set(key, { audience, until: performance.now() + KEEP_MS })
    audience.catch(() => kept.delete(key))
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
    return audience
  }

  return async (name, person) => {
    const place = await workspaces.channel(name)
    // A channel known by its name alone was never shown anything.
    if (!place || place.channel.startsWith('#')) return false
    const workspace = await workspaces.of(place.team)
    if (!workspace) return false
    const { isOpen, members } = await audienceOf(workspace, place.channel)
    if (isOpen) return true
    const user = await workspaces.userNow(place.team, person.id)
    return user !== undefined && members.has(user)
  }
}

async function ask({ web: { conversations } }: Workspace, channel: string): Promise<Audience> {
  try {
    const { channel: found } = await call('conversations.info', () => conversations.info({ channel }))
    const isOpen = found !== undefined && !found.is_private && !found.is_im && !found.is_mpim
    const members = new Set<string>()
    let cursor: string | undefined
    for (let page = 0; page < MOST_PAGES && !isOpen; page++) {
      const part = { channel, limit: PAGE, ...(cursor ? { cursor } : {}) }
      const answer = await call('conversations.members', () => conversations.members(part))
      for (const user of answer.members ?? []) members.add(user)
      cursor = answer.response_metadata?.next_cursor
      if (!cursor) break
    }
    return { isOpen, members }
  } catch (error) {
    // Who is in a channel that we are not let into (any more) is not known: nobody is, then.
    if (NOT_LET_IN.test(codeOf(error) ?? '')) return { isOpen: false, members: new Set() }
    throw error
  }
}
