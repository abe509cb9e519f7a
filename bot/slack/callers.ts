import { call, codeOf } from './web-client.ts'
import type { Workspace } from './workspaces.ts'

/** Whether somebody may act at all; the sentence is for them. */
export type Standing = { readonly ok: true; readonly email?: string } | { readonly ok: false; readonly says?: string }

export interface Callers {
  /** Answered from memory for five minutes. Throws UpstreamError when Slack cannot say. */
  standing(workspace: Workspace, userId: string): Promise<Standing>
}

const KEEP_MS = 5 * 60_000
const MOST_KEPT = 10_000

/** Slackbot, and whoever says in a direct conversation what somebody did: Slack itself, which says of both that they are no bots. */
const SLACK_ITSELF = ['USLACKBOT', 'USLACK']

const OUTSIDERS =
  'I take no requests from guests or from people of other organisations. Ask somebody of this workspace to say it.'

export function createCallers(): Callers {
  const kept = new Map<string, { readonly standing: Promise<Standing>; readonly until: number }>()

  function standing(workspace: Workspace, userId: string): Promise<Standing> {
    if (SLACK_ITSELF.includes(userId)) return Promise.resolve({ ok: false })
    const key = `${workspace.teamId}/${userId}`
    const known = kept.get(key)
    if (known && known.until > performance.now()) return known.standing
    const asked = ask(workspace, userId)
    kept.delete(key)
    kept.set(key, { standing: asked, until: performance.now() + KEEP_MS })
    asked.catch(() => kept.delete(key))
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
    return asked
  }

  return { standing }
}

async function ask(workspace: Workspace, userId: string): Promise<Standing> {
  try {
    const { user } = await call('users.info', () => workspace.web.users.info({ user: userId }))
    if (!user || user.deleted || user.is_bot || user.is_workflow_bot || userId === workspace.botUserId)
      return { ok: false }
    const isGuest = user.is_restricted || user.is_ultra_restricted || user.is_stranger || user.is_invited_user
    // In an organisation of several workspaces the user names those they belong to.
    const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])]
    if (isGuest || !teams.includes(workspace.teamId)) return { ok: false, says: OUTSIDERS }
    const email = user.is_email_confirmed ? user.profile?.email : undefined
    return email ? { ok: true, email } : { ok: true }
  } catch (error) {
    if (codeOf(error) === 'user_not_found' || codeOf(error) === 'user_not_visible')
      return { ok: false, says: OUTSIDERS }
    throw error
  }
}
