import { createHmac } from 'node:crypto'
import type { Config } from '../../core/config.ts'
import type { Account, Person } from '../../core/person.ts'
import { resolveSecret } from '../../core/secrets.ts'
import type { ChatDeps, ChatSurface } from '../chat-surface.ts'
import { createReopening } from '../deliver/reopening.ts'
import { createTeamsAdapter } from './connector/adapter.ts'
import type { TeamsDeps } from './deps.ts'
import { createMembers } from './members.ts'
import { createPlaces } from './places.ts'
import { createReception } from './receive/router.ts'
import { createTeamsSurface } from './send/surface.ts'
import { isLoopback, servicesNamedBy } from './verify/service-hosts.ts'
import { createSigningKeys } from './verify/signing-keys.ts'

export type TeamsConfig = NonNullable<Config['teams']>

/** Teams: what the Bot Framework sends is heard at `/teams/messages`, cards go out through its connector. */
export function startTeams(config: TeamsConfig, chat: ChatDeps): ChatSurface {
  const { clock, log } = chat
  const { appId, tenants, metadata, login } = config
  const [homeTenant = ''] = tenants
  const loopback = isLoopback(metadata)
  const services = servicesNamedBy(metadata)
  const appPassword = resolveSecret(config.appPassword)
  const adapter = createTeamsAdapter({ appId, appPassword, login, homeTenant, services, loopback, clock })
  const places = createPlaces({ store: chat.store, clock, log })
  const members = createMembers(adapter, clock)
  const seal = (text: string) => createHmac('sha256', appPassword).update(`quarterdeck ${text}`).digest('hex')
  const reopening = createReopening({ store: chat.store, surface: 'teams', clock, log })
  const deps: TeamsDeps = { ...chat, appId, adapter, places, members, reopening, seal, loopback }
  const keys = createSigningKeys({ metadata, clock, log })
  const reception = createReception(deps, { appId, tenants, keys, services, loopback, clock })
  return {
    surface: createTeamsSurface(deps),
    mounts: [{ path: '/teams', router: reception.router }],
    async open() {
      // It is spoken to; it connects to nothing by itself.
    },
    async close() {
      await reception.close()
      await places.close()
      await reopening.close()
    },
    async health() {
      const trouble = keys.trouble()
      return trouble === undefined ? adapter.health() : { ok: false, says: trouble }
    },
    vouchedEmail: (account) => vouchedEmail(deps, account),
    admits: (channel, person) => admits(deps, channel, person),
  }
}

/** The address that the tenant itself gave a member. Of a guest, or of somebody never heard of, nothing is vouched for. */
async function vouchedEmail({ places, members }: TeamsDeps, account: Account): Promise<string | undefined> {
  const place = account.surface === 'teams' ? await places.heardFrom(account.id) : undefined
  const standing = place && (await members.standing(place, account.id))
  return standing?.kind === 'member' ? standing.email : undefined
}

/** Teams is asked whether somebody is a member of the team or chat. Where it was never heard from, nobody is. */
async function admits({ places, members }: TeamsDeps, channel: string, { accounts }: Person): Promise<boolean> {
  const place = await places.of(channel)
  if (!place) return false
  for (const { surface, id } of accounts)
    if (surface === 'teams' && (await members.standing(place, id)).kind === 'member') return true
  return false
}
