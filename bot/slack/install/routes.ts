import { randomBytes } from 'node:crypto'
import { type Response, Router } from 'express'
import type { Logger } from '../../../core/ports/logger.ts'
import type { Reopening } from '../../deliver/reopening.ts'
import { createSealedCookie } from '../../web/signed-cookie.ts'
import { BOT_SCOPES } from '../manifest.ts'
import { call, createWebClient } from '../web-client.ts'
import type { Workspaces } from '../workspaces.ts'
import type { Installations } from './installations.ts'

const WITHIN_MS = 10 * 60_000
export const REDIRECT_PATH = '/slack/oauth_redirect'

/**
 * Installing into one more workspace: `/slack/install` sends the browser to Slack, which sends it back with a code
 * (https://docs.slack.dev/authentication/installing-with-oauth). The state ties the way back to the browser that went.
 */
export function installRoutes(options: {
  readonly clientId: string
  readonly clientSecret: string
  readonly cookieSecret: string
  readonly address: string
  readonly api: string
  readonly installations: Installations
  readonly workspaces: Workspaces
  readonly reopening: Reopening
  readonly clock: () => Date
  readonly log: Logger
}): Router {
  const { clientId, clientSecret, address, api, installations, workspaces, reopening, clock, log } = options
  const redirectUri = address + REDIRECT_PATH
  const cookie = createSealedCookie({
    ...{ name: 'quarterdeck_slack_install', secret: options.cookieSecret, lastsMs: WITHIN_MS, clock },
    // Slack's page is another site: the cookie comes back with the link that leads here.
    ...{ sameSite: 'lax', secure: address.startsWith('https:') },
  })
  const web = createWebClient(undefined, api, log)
  const router = Router()

  /** Slack gave a token before anybody could say no: the app goes from that workspace again. */
  async function takeBack(token: string): Promise<boolean> {
    const { apps } = createWebClient(token, api, log)
    const parts = { client_id: clientId, client_secret: clientSecret }
    try {
      await call('apps.uninstall', () => apps.uninstall(parts))
      return true
    } catch (error) {
      log.warn({ err: error }, 'an installation that was refused could not be taken back')
      return false
    }
  }

  router.get('/install', (_request, response) => {
    if (installations.isClosed) return say(response, 403, CLOSED)
    const state = randomBytes(24).toString('base64url')
    cookie.write(response, state)
    const target = new URL('/oauth/v2/authorize', api)
    const wanted = { client_id: clientId, scope: BOT_SCOPES.join(','), redirect_uri: redirectUri, state }
    for (const [name, value] of Object.entries(wanted)) target.searchParams.set(name, value)
    response.redirect(302, target.href)
  })

  router.get('/oauth_redirect', async (request, response) => {
    const { code, state, error } = request.query
    const expected = cookie.read(request)
    cookie.end(response)
    if (typeof error === 'string')
      return say(response, 400, 'Slack says that the installation was cancelled. Nothing was changed.')
    if (typeof expected !== 'string' || state !== expected || typeof code !== 'string')
      return say(
        response,
        400,
        'This installation was not begun in this browser, or more than ten minutes ago. Begin again at /slack/install.',
      )
    const granted = await call('oauth.v2.access', () =>
      web.oauth.v2.access({ client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUri }),
    )
    const { access_token: botToken, bot_user_id: botUserId, team } = granted
    if (!botToken || !botUserId || !team?.id)
      return say(
        response,
        400,
        'Quarterdeck is installed into one workspace at a time, not into a whole organisation. Choose a workspace.',
      )
    if (granted.refresh_token !== undefined) {
      await takeBack(botToken)
      return say(response, 400, ROTATES)
    }
    if (!installations.mayInstall(team.id)) {
      const isGone = await takeBack(botToken)
      log.warn({ team: team.id, isGone }, 'a Slack workspace that is not on the list tried to install Quarterdeck')
      return say(response, 403, notListed(team.id, isGone))
    }
    const { bot_id: botId } = await call('auth.test', () => createWebClient(botToken, api, log).auth.test())
    await installations.put({ teamId: team.id, name: team.name ?? team.id, botUserId, botToken, botId }, clock())
    workspaces.forget(team.id)
    reopening.letIn(team.id)
    log.info({ team: team.id }, 'a Slack workspace installed Quarterdeck')
    say(response, 200, `Quarterdeck is installed in ${team.name ?? team.id}. Say "help" to it in a direct message.`)
  })
  return router
}

const WHO_CAN =
  'Whoever runs this Quarterdeck can let a workspace in: by its id under slack.install.teams in quarterdeck.yaml.'
const CLOSED = `Quarterdeck cannot be installed from here: no workspace may. ${WHO_CAN}`

const ROTATES =
  'This Slack app has token rotation, with which its token ends after twelve hours, and which never ends once it is on: create the app anew from `npm run slack:manifest -- --install`.'

function notListed(team: string, isGone: boolean): string {
  const kept = isGone
    ? 'The app was taken from it again, and nothing of it is kept here.'
    : 'Nothing of it is kept here, but Slack did not take the app from it again: remove it there under "Manage apps".'
  return `Quarterdeck may not be installed in the workspace ${team}. ${kept} ${WHO_CAN}`
}

/** Plain text: a workspace's name is no page of ours. */
function say(response: Response, status: number, sentence: string): void {
  response.status(status).type('text/plain').send(sentence)
}
