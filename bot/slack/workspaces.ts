import type { WebClient } from '@slack/web-api'
import type { PersonId } from '../../core/ids.ts'
import { type Account, strangersAccount } from '../../core/person.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import { call, createWebClient } from './web-client.ts'

/** A workspace that we are installed in. */
export interface Workspace {
  readonly teamId: string
  readonly botUserId: string
  /** The id that its messages carry beside the user's. */
  readonly botId: string | undefined
  readonly web: WebClient
}

/** What is kept of an installation. */
export interface Installed {
  readonly teamId: string
  readonly botUserId: string
  readonly botId?: string | undefined
  readonly botToken: string
}

export interface Workspaces {
  /** Undefined where we are not installed (any more). Throws UpstreamError while that cannot be known. */
  of(teamId: string): Promise<Workspace | undefined>
  /** Whose account it is on this surface: user ids of the home workspace stand alone, others are `T012/U034`. */
  account(teamId: string, userId: string): Promise<Account>
  /** The account as Slack names it: the user, and the workspace. */
  whereIs(account: Account): Promise<{ readonly teamId: string; readonly userId: string } | undefined>
  /** A person's user id in a workspace, from what is in memory: cards are drawn with it. */
  userIn(teamId: string, person: PersonId): string | undefined
  /** The same, for who may have been linked a moment ago. */
  userNow(teamId: string, person: PersonId): Promise<string | undefined>
  /** The channel of a card to begin: `C034` and `#checkout` are of the home workspace. */
  channel(name: string): Promise<{ readonly team: string; readonly channel: string } | undefined>
  forget(teamId: string): void
}

/** How long an installation from the store is believed: another process may have heard of its end. */
const KEEP_MS = 60_000

export function createWorkspaces(options: {
  readonly botToken: string | undefined
  readonly home: string | undefined
  readonly api: string
  readonly people: PeopleDirectory
  readonly installed: (teamId: string) => Promise<Installed | undefined>
  readonly log: Logger
}): Workspaces {
  const { botToken, api, log } = options
  const own = botToken === undefined ? undefined : once(() => identify(botToken))
  const kept = new Map<string, { readonly workspace: Workspace | undefined; readonly until: number }>()
  let home = options.home

  async function identify(token: string): Promise<Workspace> {
    const web = createWebClient(token, api, log)
    const known = await call('auth.test', () => web.auth.test())
    const { team_id: teamId, user_id: botUserId, bot_id: botId } = known
    if (known.is_enterprise_install)
      throw new Error(
        "slack.botToken is of a whole organisation. Install the app into one workspace, and use that one's.",
      )
    if (!teamId || !botUserId)
      throw new Error("auth.test of slack.botToken names neither workspace nor user: is it a bot's token?")
    home ??= teamId
    return { teamId, botUserId, botId, web }
  }

  async function homeTeam(): Promise<string | undefined> {
    if (home === undefined && own) await own()
    return home
  }

  async function of(teamId: string): Promise<Workspace | undefined> {
    const mine = await own?.()
    if (mine?.teamId === teamId) return mine
    const known = kept.get(teamId)
    if (known && known.until > performance.now()) return known.workspace
    const found = await options.installed(teamId)
    const web = known?.workspace?.web
    const workspace = found && {
      ...found,
      botId: found.botId,
      web: web?.token === found.botToken ? web : createWebClient(found.botToken, api, log),
    }
    kept.set(teamId, { workspace, until: performance.now() + KEEP_MS })
    return workspace
  }

  const userIn = (teamId: string, person: PersonId) => {
    const stranger = strangersAccount(person)
    const accounts = stranger ? [stranger] : (options.people.byId(person)?.accounts ?? [])
    const ids = accounts.flatMap(({ surface, id }) => (surface === 'slack' ? [id] : []))
    const abroad = ids.find((id) => id.startsWith(`${teamId}/`))
    if (abroad) return abroad.slice(teamId.length + 1)
    return teamId === home ? ids.find((id) => !id.includes('/')) : undefined
  }

  return {
    of,
    async account(teamId, userId) {
      return { surface: 'slack', id: teamId === (await homeTeam()) ? userId : `${teamId}/${userId}` }
    },
    async whereIs(account) {
      const [, team, user] = /^(?:([TE]\w+)\/)?([UW]\w+)$/.exec(account.id) ?? []
      const teamId = team ?? (await homeTeam())
      return user && teamId ? { teamId, userId: user } : undefined
    },
    userIn,
    async userNow(teamId, person) {
      const user = userIn(teamId, person)
      if (user) return user
      await options.people.refresh()
      return userIn(teamId, person)
    },
    async channel(name) {
      const [, team, channel] = /^(?:([TE]\w+):)?(#?[\w-]+)$/.exec(name) ?? []
      const inTeam = team ?? (await homeTeam())
      return channel && inTeam ? { team: inTeam, channel } : undefined
    },
    forget: (teamId) => void kept.delete(teamId),
  }
}

/** Asked until it is answered once; those who ask meanwhile wait together. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}
