import type { Router } from 'express'
import type { SlackConfig } from '../../core/config/config.ts'
import { ConfigError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { resolveSecret } from '../../core/secrets.ts'
import { requestById } from '../../db/requests.ts'
import type { ChatDeps, ChatSurface } from '../chat-surface.ts'
import { createReopening, type Reopening } from '../deliver/reopening.ts'
import { createBoltApp } from './app.ts'
import { createAudience } from './audience.ts'
import { createCallers } from './callers.ts'
import { createChannelNames } from './channel-names.ts'
import type { SlackContext } from './context.ts'
import { createInbox } from './inbox.ts'
import { createInstallations, type Installations, listenToRemoval } from './install/installations.ts'
import { installRoutes } from './install/routes.ts'
import { createSeal } from './install/seal.ts'
import { listenToClicks } from './listen/clicks.ts'
import { answerToCommand, listenToCommands } from './listen/commands.ts'
import { listenToDialogs } from './listen/dialogs.ts'
import { listenToHome } from './listen/home.ts'
import { listenToInvitations } from './listen/let-in.ts'
import { listenToMessages } from './listen/messages.ts'
import { listenToOptions } from './listen/options.ts'
import { listenToShortcut } from './listen/shortcut.ts'
import { createHandOn } from './receive/hand-on.ts'
import { createSlackRouter } from './receive/router.ts'
import { createSockets } from './receive/sockets.ts'
import { createSlackSurface } from './send/surface.ts'
import { createTell } from './tell.ts'
import { createWorkspaces, type Workspaces } from './workspaces.ts'

const CLOSE_WITHIN_MS = 5_000

/** Slack: what it sends us over HTTP or a socket, and the cards we show there. */
export async function startSlack(config: SlackConfig, deps: ChatDeps): Promise<ChatSurface> {
  const { api } = config
  const { people } = deps
  const log = deps.log.child({ surface: 'slack' })
  const { install } = config
  const installations =
    install &&
    createInstallations(deps.store, createSeal(resolveSecret(install.seal)), [
      ...install.teams,
      ...(config.home ? [config.home] : []),
    ])
  const workspaces: Workspaces = createWorkspaces({
    ...{ api, people, log },
    botToken: config.botToken && resolveSecret(config.botToken),
    home: config.home,
    installed: async (teamId) => installations?.get(teamId),
  })
  const callers = createCallers()
  const tell = createTell({ workspaces, api, log })
  const inbox = createInbox({ deps: { ...deps, log }, workspaces, callers, tell })
  const reopening = createReopening({ store: deps.store, surface: 'slack', clock: deps.clock, log })
  const context: SlackContext = { deps: { ...deps, log }, workspaces, callers, inbox, tell, reopening, api }

  const app = createBoltApp(log)
  listenToMessages(app, context)
  listenToCommands(app, context)
  listenToClicks(app, context)
  listenToDialogs(app, context)
  listenToShortcut(app, context)
  listenToOptions(app, context)
  listenToInvitations(app, context)
  listenToRemoval(app, { installations, workspaces, log })
  const home = await listenToHome(app, context)

  const names = createChannelNames({ workspaces, log, store: deps.store, catalog: deps.catalog })
  const handOn = createHandOn({ app, answerTo: answerToCommand, log })
  let isOpen = true
  const { signingSecret, appToken } = config
  const routers = [
    ...(installations && install
      ? [installing(install, config.api, deps, { installations, workspaces, reopening, log })]
      : []),
    ...(signingSecret
      ? [
          createSlackRouter({
            ...{ handOn, clock: deps.clock, isOpen: () => isOpen },
            signingSecret: resolveSecret(signingSecret),
          }),
        ]
      : []),
  ]
  const sockets = appToken && createSockets({ appToken: resolveSecret(appToken), api, handOn, log })

  const surface = createSlackSurface({
    ...{ workspaces, log },
    requester: async (request) => (await requestById(deps.store.db, request))?.personId ?? undefined,
  })

  return {
    surface,
    mounts: routers.map((router) => ({ path: '/slack', router })),
    async open() {
      for (const team of (await installations?.unlisted()) ?? [])
        log.warn({ team }, 'a Slack workspace is installed that is not under slack.install.teams; it is not served')
      if (sockets) sockets.open()
      names.open()
    },
    async close() {
      isOpen = false
      if (sockets) await sockets.close()
      await home.close()
      await names.close()
      await inbox.close(CLOSE_WITHIN_MS)
      await surface.close(CLOSE_WITHIN_MS)
      await reopening.close()
    },
    async health() {
      if (sockets && sockets.connected === 0) return { ok: false, says: 'no connection to Slack (Socket Mode)' }
      return surface.health()
    },
    admits: createAudience(workspaces),
    async vouchedEmail(account) {
      // Who installs the app in a workspace of their own decides what its people's addresses are: only the home workspace is believed.
      if (account.surface !== 'slack' || account.id.includes('/')) return undefined
      const where = await workspaces.whereIs(account)
      const workspace = where && (await workspaces.of(where.teamId))
      if (!where || !workspace) return undefined
      const standing = await callers.standing(workspace, where.userId)
      return standing.ok ? standing.email : undefined
    },
  }
}

/** `/slack/install` and the way back from it. */
function installing(
  install: NonNullable<SlackConfig['install']>,
  api: string,
  { address, clock }: ChatDeps,
  parts: {
    readonly installations: Installations
    readonly workspaces: Workspaces
    readonly reopening: Reopening
    readonly log: Logger
  },
): Router {
  if (!address)
    throw new ConfigError(
      'slack.install needs to know where Slack sends browsers back to: set address, like https://quarterdeck.example.com.',
    )
  const { clientId } = install
  const secrets = { clientSecret: resolveSecret(install.clientSecret), cookieSecret: resolveSecret(install.seal) }
  return installRoutes({ ...parts, ...secrets, clientId, address, api, clock })
}
