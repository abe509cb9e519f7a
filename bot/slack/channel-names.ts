import { setTimeout as delay } from 'node:timers/promises'
import type { Catalog } from '../../core/catalog/catalog.ts'
import { configuredRoutes } from '../../core/channel-key.ts'
import { messageOf } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { type ChannelNames, nameChannels } from '../../db/channel-names.ts'
import type { Store } from '../../db/store.ts'
import { call } from './web-client.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** The app may be invited to a channel, or a channel renamed, while we run. */
const AGAIN_MS = 10 * 60_000
const PAGE = 999
const MOST_PAGES = 10

export interface ChannelNamesFollower {
  open(): void
  close(): Promise<void>
}

/**
 * Finds out which channels the configuration means by their names, so that a change asked for in `#prod` is known to be shown there: what
 * Slack sends us of a channel is its id.
 */
export function createChannelNames(options: {
  readonly workspaces: Workspaces
  readonly store: Store
  readonly catalog: () => Pick<Catalog, 'services' | 'environments'>
  readonly log: Logger
}): ChannelNamesFollower {
  const { workspaces, store, catalog, log } = options
  const stop = new AbortController()
  let following: Promise<void> | undefined

  async function find(): Promise<void> {
    const routes = configuredRoutes(catalog()).filter(
      ({ surface, channel }) => surface === 'slack' && channel.includes('#'),
    )
    const names = [...new Set(routes.map(({ channel }) => channel))]
    const channels = new Map<string, Map<string, string>>()
    const found: Record<string, string> = {}
    for (const name of names) {
      const place = await workspaces.channel(name)
      const workspace = place && (await workspaces.of(place.team))
      if (!workspace) continue
      const inTeam = channels.get(place.team) ?? (await channelsOf(workspace))
      channels.set(place.team, inTeam)
      const id = inTeam.get(place.channel.slice(1))
      if (id) found[name] = `${place.team}:${id}`
    }
    await keep(store, found)
  }

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      await find().catch((error: unknown) =>
        log.warn({ reason: messageOf(error) }, 'the channels that the configuration names could not be looked up'),
      )
      await delay(AGAIN_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    open() {
      following ??= follow()
    },
    async close() {
      stop.abort()
      await following
    },
  }
}

/** Channels that the app is in, by name: it can post in no other. */
async function channelsOf({ web }: Workspace): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const part = { types: 'public_channel,private_channel', exclude_archived: true, limit: PAGE }
    const answer = await call('users.conversations', () =>
      web.users.conversations({ ...part, ...(cursor ? { cursor } : {}) }),
    )
    for (const { name, id } of answer.channels ?? []) if (name && id) found.set(name, id)
    cursor = answer.response_metadata?.next_cursor
    if (!cursor) break
  }
  return found
}

async function keep(store: Store, found: ChannelNames): Promise<void> {
  if (Object.keys(found).length > 0) await store.transaction((tx) => nameChannels(tx, 'slack', found))
}
