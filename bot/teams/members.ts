import type { Activity } from './activity.ts'
import type { Place, TeamsAdapter } from './connector/adapter.ts'
import type { Member } from './connector/connector.ts'
import { ServiceError } from './connector/request.ts'

/** Who somebody is to the tenant, as Teams itself says. */
export type Standing =
  | { readonly kind: 'member'; readonly teamsId: string; readonly email: string | undefined }
  /** A guest, somebody of another organisation, or nobody that Teams knows there: never acts. */
  | { readonly kind: 'outsider'; readonly why: string; readonly teamsId?: string }

export interface Members {
  /** Asks Teams, where it was not asked lately. Throws UpstreamError when it cannot say. */
  standing(place: Place, accountId: string): Promise<Standing>
}

const KEPT_MS = 15 * 60_000
const MOST = 20_000

export function createMembers(adapter: TeamsAdapter, clock: () => Date): Members {
  const kept = new Map<string, { readonly standing: Promise<Standing>; readonly untilMs: number }>()

  const ask = async (place: Place, accountId: string): Promise<Standing> => {
    const { conversations } = adapter.connector(place.serviceUrl)
    try {
      return standingOf(await conversations.getConversationMember(place.conversationId, accountId), place, accountId)
    } catch (error) {
      if (error instanceof ServiceError && error.status === 404)
        return { kind: 'outsider', why: 'Teams knows no such member there' }
      throw error
    }
  }

  return {
    standing(place, accountId) {
      // Somebody may be a guest in one place and unknown in another; who is a member of the tenant is so everywhere.
      const key = `${place.conversationId}\n${accountId}`
      const now = clock().getTime()
      const before = kept.get(key)
      if (before && before.untilMs > now) return before.standing
      const standing = ask(place, accountId)
      kept.delete(key)
      kept.set(key, { standing, untilMs: now + KEPT_MS })
      for (const [first] of kept) {
        if (kept.size <= MOST) break
        kept.delete(first)
      }
      standing.catch(() => {
        if (kept.get(key)?.standing === standing) kept.delete(key)
      })
      return standing
    },
  }
}

function standingOf(member: Member, { tenantId }: Place, accountId: string): Standing {
  const known = (member.aadObjectId ?? member.objectId)?.toLowerCase()
  if (known !== accountId) return { kind: 'outsider', why: 'Teams answered about somebody else' }
  const why = outsideSigns(member, tenantId)
  if (why) return { kind: 'outsider', why, teamsId: member.id }
  return { kind: 'member', teamsId: member.id, email: member.email ?? member.userPrincipalName ?? undefined }
}

interface Signs {
  readonly userRole?: string | null | undefined
  readonly userPrincipalName?: string | null | undefined
  readonly tenantId?: string | null | undefined
}

/** What tells a guest, or somebody of another organisation. Guests have `#EXT#` in their principal name in the tenant they visit. */
function outsideSigns({ userRole, userPrincipalName, tenantId }: Signs, home: string): string | undefined {
  if (userRole && userRole.toLowerCase() !== 'user') return `Teams calls them ${userRole.slice(0, 40)}`
  if (userPrincipalName?.toUpperCase().includes('#EXT#')) return 'they are a guest'
  if (tenantId && tenantId.toLowerCase() !== home) return 'they are of another organisation'
  return undefined
}

/** Whose activity it is: the account id of a person, or why nobody acts for it. */
export function speakerOf({ from }: Activity, tenantId: string): { accountId: string } | { why: string } {
  if (from.id.startsWith('28:') || from.role === 'bot' || from.role === 'skill') return { why: 'bots do not act here' }
  if (!from.aadObjectId || !GUID.test(from.aadObjectId)) return { why: 'it names no account of the tenant' }
  const why = outsideSigns(from, tenantId)
  return why ? { why } : { accountId: from.aadObjectId.toLowerCase() }
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
