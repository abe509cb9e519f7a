import { HttpResponse } from 'msw/http'
import { afterEach, describe, expect, test } from 'vitest'
import { createSockets, type Sockets } from '../../../bot/slack/receive/sockets.ts'
import { call, createWebClient } from '../../../bot/slack/web-client.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Store } from '../../../db/store.ts'
import {
  cutJson,
  gzipped,
  hungUp,
  jsonOf,
  pageForPeople,
  rateLimited,
  slowly,
  useOutside,
} from '../../_harness/outside.ts'
import { quietDeps } from './quiet-deps.ts'

const outside = useOutside()
const config = configFrom({
  environments: { staging: { namespace: 'shop' } },
  slack: { appToken: 'env:TRUE_SLACK_APP', botToken: 'env:TRUE_SLACK_TOKEN' },
}).slack
const api = config?.api ?? ''
const USERS_INFO = 'POST https://slack.com/api/users.info'
const MIRA = { ok: true, user: { id: 'U1MIRA', name: 'mira vogel' } }
const ELSE = 'Slack answers users.info with something else than it was asked. Is there a proxy in between?'
const ask = () => {
  const web = createWebClient('xoxb-1', api, silentLogger)
  return call('users.info', () => web.users.info({ user: 'U1MIRA' }))
}

test.each([
  ['packed', gzipped],
  ['piece by piece', slowly],
])('an answer that comes %s is read whole', async (_how, as) => {
  outside.answers(USERS_INFO, () => as(MIRA))
  expect(await ask()).toMatchObject(MIRA)
  expect(outside.asked[0]?.headers.get('accept-encoding')).toMatch(/gzip/)
})

test.each<[string, () => Response, string | RegExp, object?]>([
  [
    'says that it is too much',
    () => rateLimited(30, { ok: false, error: 'ratelimited' }),
    'Slack takes no more users.info for 30 s.',
    { retryAfterMs: 30_000 },
  ],
  ['is down behind its load balancer', () => pageForPeople(503), 'Slack answered users.info with 503.'],
  ['hides behind the page of a proxy', () => pageForPeople(200), ELSE],
  ['hangs up', hungUp, /^Slack does not answer users\.info: /],
  ['cannot be reached', () => HttpResponse.error(), /^Slack does not answer users\.info: /],
  ['stops in the middle', () => cutJson(MIRA), ELSE],
  [
    'is not well itself',
    () => jsonOf({ ok: false, error: 'internal_error' }),
    'Slack refused users.info: internal_error.',
  ],
])('Slack %s: said in a sentence, once, and worth another try', async (_what, answer, says, more = {}) => {
  outside.answers(USERS_INFO, answer)
  await expect(ask()).rejects.toMatchObject({
    ...{ name: 'UpstreamError', service: 'slack', retryable: true },
    ...{ message: typeof says === 'string' ? says : expect.stringMatching(says), ...more },
  })
  expect(outside.asked).toHaveLength(1)
})

test('the token of a whole organisation is not taken for one of a workspace, of which it names none', async () => {
  outside.answers('POST https://slack.com/api/auth.test', () =>
    jsonOf({ ok: true, team_id: 'E1ORG', enterprise_id: 'E1ORG', user_id: 'U1BOT', is_enterprise_install: true }),
  )
  const { people } = quietDeps({} as Store) // no store is asked
  const installed = async () => undefined
  const workspaces = createWorkspaces({
    ...{ botToken: 'xoxb-1', home: undefined, api, people, installed, log: silentLogger },
  })
  await expect(workspaces.of('T1HOME')).rejects.toThrow(/whole organisation.*Install.*workspace/)
})

describe('Socket Mode', () => {
  let sockets: Sockets
  afterEach(() => sockets.close())
  const open = () => {
    sockets = createSockets({ appToken: 'xapp-1-of-these-tests', api, handOn: () => undefined, log: silentLogger })
    sockets.open()
  }

  test('asks Slack where to connect with the token of the app, and connects there', async () => {
    const link = 'https://wss-primary.slack.com/link/?ticket=abc&app_id=1'
    outside.answers('POST https://slack.com/api/apps.connections.open', () =>
      jsonOf({ ok: true, url: link.replace('https', 'wss') }),
    )
    // Whether it hears there is the business of sockets.test.ts, where somebody speaks WebSocket.
    outside.answers('GET https://wss-primary.slack.com/link/', () => new HttpResponse(null, { status: 403 }))
    open()
    await expect.poll(() => outside.whats()).toContain(`GET ${link}`)
    const [asked] = outside.asked
    expect(asked?.what).toBe('POST https://slack.com/api/apps.connections.open')
    expect(asked?.headers.get('authorization')).toBe('Bearer xapp-1-of-these-tests')
    const shake = outside.asked.find(({ what }) => what === `GET ${link}`)
    expect(shake?.headers.get('upgrade')).toBe('websocket')
    expect(shake?.headers.get('authorization')).toBeNull()
  })
})
