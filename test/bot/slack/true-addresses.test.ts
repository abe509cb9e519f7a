import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { HttpResponse } from 'msw/http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ChatSurface } from '../../../bot/chat-surface.ts'
import { BOT_SCOPES } from '../../../bot/slack/manifest.ts'
import { startSlack } from '../../../bot/slack/start.ts'
import { configFrom } from '../../../core/config.ts'
import { newDeliveryId, type ThreadId } from '../../../core/ids.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import { type AskedOutside, jsonOf, type Outside, useOutside } from '../../_harness/outside.ts'
import { useStore } from '../../_harness/store.ts'
import { quietDeps } from './quiet-deps.ts'
import { SIGNING_SECRET, signedForm, signedJson } from './signed.ts'

// Nothing here names an address of Slack's to the program: what the configuration's page shows, and no more.
const config = configFrom({
  environments: { staging: { namespace: 'shop' } },
  address: 'https://quarterdeck.example',
  slack: {
    ...{ signingSecret: 'env:TRUE_SLACK_SIGNING', botToken: 'env:TRUE_SLACK_TOKEN' },
    install: {
      clientId: '1.2',
      clientSecret: 'env:TRUE_SLACK_CLIENT',
      seal: 'env:TRUE_SLACK_SEAL',
      teams: ['T2OTHER'],
    },
  },
}).slack
const TOKEN = 'xoxb-1-2-of-these-tests'
const [TEAM, CHANNEL, MIRA, THREAD_TS] = ['T1HOME', 'C1PROD', 'U1MIRA', '1763700000.000100']

const store = useStore()
const outside: Outside = useOutside()
const receive = vi.fn()
let surface: ChatSurface
let server: Server
let program: string

beforeAll(async () => {
  process.env.TRUE_SLACK_SIGNING = SIGNING_SECRET
  process.env.TRUE_SLACK_TOKEN = TOKEN
  process.env.TRUE_SLACK_CLIENT = 'a client secret'
  process.env.TRUE_SLACK_SEAL = 'a seal of more than thirty-two characters'
  if (!config) throw new Error('the configuration has no Slack')
  const quiet = quietDeps(store())
  const address = 'https://quarterdeck.example'
  const deps = { ...quiet, address, intake: { receive, click: quiet.intake.click } }
  surface = await startSlack(config, deps)
  const app = express()
  for (const { path, router } of surface.mounts) app.use(path, router)
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  program = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // on TCP
})
afterAll(async () => {
  await surface.close()
  server.closeAllConnections()
  server.close()
})

/** What Slack's methods take: a form, with JSON in some of its fields. */
const argsOf = ({ text }: AskedOutside) => Object.fromEntries(new URLSearchParams(text))
const of = (method: string) => outside.asked.filter(({ what }) => what === `POST https://slack.com/api/${method}`)
const only = (method: string): AskedOutside => {
  const [call, ...more] = of(method)
  if (!call || more.length > 0) throw new Error(`${method} was called ${of(method).length} times, not once`)
  return call
}
const knowsItself = (token = TOKEN, team = TEAM) =>
  outside.answers('POST https://slack.com/api/auth.test', ({ headers }) =>
    headers.get('authorization') === `Bearer ${token}`
      ? jsonOf({ ok: true, url: 'https://shop.slack.com/', team_id: team, user_id: 'U1BOT', bot_id: 'B1BOT' })
      : jsonOf({ ok: false, error: 'invalid_auth' }),
  )
const send = ({ body, headers }: { body: string; headers: Record<string, string> }, path = 'events') =>
  fetch(`${program}/slack/${path}`, { method: 'POST', body, headers })

const card = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ deliveryId: newDeliveryId(), threadId: 'th-1' as ThreadId, threadKey: `${TEAM}:${CHANNEL}:${THREAD_TS}` },
  card: { kind: 'notice', tone: 'good', title: 'Done', blocks: [{ type: 'text', text: ['all of it'] }] },
  ...{ revision: 1, final: true, createdAt: new Date('2026-11-20T10:00:00Z'), updatedAt: new Date(), ...more },
})

test('who says something is asked for at Slack: the bot itself once, then the person', async () => {
  knowsItself()
  outside.answers('POST https://slack.com/api/users.info', () =>
    jsonOf({
      ok: true,
      user: { id: MIRA, team_id: TEAM, is_email_confirmed: true, profile: { email: 'm@shop.example' } },
    }),
  )
  const event = { type: 'app_mention', user: MIRA, channel: CHANNEL, ts: THREAD_TS, text: '<@U1BOT> how is cart?' }
  const taken = await send(signedJson({ type: 'event_callback', team_id: TEAM, event_id: 'Ev1', event }))
  expect(taken.status).toBe(200)
  await expect.poll(() => receive.mock.calls.map(([{ text }]) => text)).toEqual(['how is cart?'])
  const call = only('users.info')
  expect(argsOf(call)).toEqual({ user: MIRA })
  expect(call.headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
  expect(call.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
})

test('a card is posted with its delivery in the metadata, edited, and looked for with all metadata', async () => {
  outside.answers('POST https://slack.com/api/chat.postMessage', () =>
    jsonOf({ ok: true, channel: CHANNEL, ts: '1763700001.000200' }),
  )
  outside.answers('POST https://slack.com/api/chat.update', () => jsonOf({ ok: true }))
  outside.answers('POST https://slack.com/api/conversations.replies', () =>
    jsonOf({
      ok: true,
      messages: [
        {
          ...{ ts: '1763700001.000200', user: 'U1BOT', bot_id: 'B1BOT' },
          metadata: { event_type: 'quarterdeck_card', event_payload: { delivery: message.deliveryId } },
        },
      ],
    }),
  )
  const message = card()
  const { ref } = await surface.surface.post(message)
  expect(ref).toBe(`${CHANNEL}:1763700001.000200`)
  const { metadata, blocks, text, ...posted } = argsOf(only('chat.postMessage'))
  expect(posted).toEqual({
    ...{ channel: CHANNEL, thread_ts: THREAD_TS, unfurl_links: 'false', unfurl_media: 'false', mrkdwn: 'false' },
  })
  expect(JSON.parse(metadata ?? '')).toEqual({
    event_type: 'quarterdeck_card',
    event_payload: { delivery: message.deliveryId },
  })
  expect(JSON.parse(blocks ?? '')).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'rich_text' })]))
  expect(text).toMatch(/Done/)

  await surface.surface.update({ ...message, ref })
  expect(argsOf(only('chat.update'))).toMatchObject({ channel: CHANNEL, ts: '1763700001.000200', metadata })
  expect(await surface.surface.find?.(message)).toEqual({ ref })
  expect(argsOf(only('conversations.replies'))).toMatchObject({
    ...{ channel: CHANNEL, ts: THREAD_TS, include_all_metadata: 'true', limit: '100' },
  })
  for (const { headers } of outside.asked) expect(headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
})

test('a file goes to the address that Slack names for it', async () => {
  const elsewhere = 'https://files.slack.com/upload/v1/ABCdef123'
  outside.answers('POST https://slack.com/api/chat.postMessage', () =>
    jsonOf({ ok: true, channel: CHANNEL, ts: '2.2' }),
  )
  outside.answers('POST https://slack.com/api/conversations.replies', () => jsonOf({ ok: true, messages: [] }))
  outside.answers('POST https://slack.com/api/files.getUploadURLExternal', () =>
    jsonOf({ ok: true, upload_url: elsewhere, file_id: 'F1' }),
  )
  outside.answers('POST https://files.slack.com/upload/v1/ABCdef123', () => new HttpResponse('OK - 13'))
  outside.answers('POST https://slack.com/api/files.completeUploadExternal', () =>
    jsonOf({ ok: true, files: [{ id: 'F1', title: 'cart.log' }] }),
  )
  const file = { name: 'cart.log', mediaType: 'text/plain', content: 'one\ntwo\nthree' } as const
  const blocks = [{ type: 'code' as const, text: 'one', truncated: 2, file }]
  await surface.surface.post(card({ card: { kind: 'answer', tone: 'neutral', title: 'logs', blocks } }))
  await expect.poll(() => of('files.completeUploadExternal')).toHaveLength(1)
  expect(argsOf(only('files.getUploadURLExternal'))).toEqual({ filename: 'cart.log', length: '13' })
  const completed = argsOf(only('files.completeUploadExternal'))
  expect(completed).toMatchObject({ channel_id: CHANNEL, thread_ts: THREAD_TS })
  expect(JSON.parse(completed.files ?? '')).toEqual([{ id: 'F1', title: 'cart.log' }])
  const upload = outside.asked.find(({ what }) => what === `POST ${elsewhere}`)
  expect(upload?.text).toContain('one\ntwo\nthree')
})

test('Home is published for who opened it', async () => {
  outside.answers('POST https://slack.com/api/views.publish', () => jsonOf({ ok: true, view: { id: 'V1' } }))
  const event = { type: 'app_home_opened', user: MIRA, channel: 'D1MIRA', tab: 'home' }
  await send(signedJson({ type: 'event_callback', team_id: TEAM, event_id: 'Ev2', event }))
  await expect.poll(() => of('views.publish')).toHaveLength(1)
  const { user_id, view } = argsOf(only('views.publish'))
  expect(user_id).toBe(MIRA)
  expect(JSON.parse(view ?? '')).toMatchObject({ type: 'home', blocks: expect.any(Array) })
})

test('who may not act is told at the address that came with their command', async () => {
  outside.answers('POST https://slack.com/api/users.info', () =>
    jsonOf({ ok: true, user: { id: 'U1GUEST', team_id: TEAM, is_restricted: true } }),
  )
  const reply = 'https://hooks.slack.com/commands/T1HOME/123/abc'
  outside.answers('POST https://hooks.slack.com/commands/T1HOME/123/abc', () => new HttpResponse('ok'))
  const more = { trigger_id: '1.2.3', response_url: reply, channel_id: CHANNEL, user_id: 'U1GUEST', team_id: TEAM }
  await send(signedForm({ command: '/qd', text: 'scale cart to 4', ...more }), 'commands')
  await expect.poll(() => outside.whats()).toContain(`POST ${reply}`)
  const said = outside.asked.find(({ what }) => what === `POST ${reply}`)
  expect(JSON.parse(said?.text ?? '')).toMatchObject({
    response_type: 'ephemeral',
    text: expect.stringMatching(/guests/),
  })
  expect(said?.headers.get('authorization')).toBeNull()
})

/** Goes to Slack and comes back with a code, as a browser does. */
async function installs(): Promise<Response> {
  const begun = await fetch(`${program}/slack/install`, { redirect: 'manual' })
  const target = new URL(begun.headers.get('location') ?? '')
  expect(target.origin + target.pathname).toBe('https://slack.com/oauth/v2/authorize')
  expect(Object.fromEntries(target.searchParams)).toMatchObject({
    ...{ client_id: '1.2', redirect_uri: 'https://quarterdeck.example/slack/oauth_redirect' },
    scope: BOT_SCOPES.join(','),
  })
  const cookie = begun.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  const back = new URLSearchParams({ code: 'the code', state: target.searchParams.get('state') ?? '' })
  return fetch(`${program}/slack/oauth_redirect?${back}`, { headers: { cookie } })
}
const grants = (team: string) =>
  outside.answers('POST https://slack.com/api/oauth.v2.access', () =>
    jsonOf({ ok: true, access_token: 'xoxb-other', bot_user_id: 'U2BOT', team: { id: team, name: 'Other' } }),
  )

test('an installation is exchanged for a token at Slack, which then says whose it is', async () => {
  grants('T2OTHER')
  knowsItself('xoxb-other', 'T2OTHER')
  const done = await installs()
  expect(await done.text()).toMatch(/^Quarterdeck is installed in Other/)
  const call = only('oauth.v2.access')
  expect(call.headers.get('authorization')).toBeNull()
  expect(argsOf(call)).toEqual({
    ...{ client_id: '1.2', client_secret: 'a client secret', code: 'the code' },
    redirect_uri: 'https://quarterdeck.example/slack/oauth_redirect',
  })
})

test('from a workspace that is not on the list the app is taken back', async () => {
  grants('T3STRANGER')
  outside.answers('POST https://slack.com/api/apps.uninstall', () => jsonOf({ ok: true }))
  expect((await installs()).status).toBe(403)
  const call = only('apps.uninstall')
  expect(call.headers.get('authorization')).toBe('Bearer xoxb-other')
  expect(argsOf(call)).toEqual({ client_id: '1.2', client_secret: 'a client secret' })
})
