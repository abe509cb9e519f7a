import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChatSurface } from '../../../bot/chat-surface.ts'
import { createSeal } from '../../../bot/slack/install/seal.ts'
import { SCOPES, slackManifest } from '../../../bot/slack/manifest.ts'
import { printManifest } from '../../../bot/slack/print-manifest.ts'
import { startSlack } from '../../../bot/slack/start.ts'
import { UserError } from '../../../core/errors.ts'
import { slackInstallation } from '../../../db/slack-installations.ts'
import { soon } from '../../_harness/soon.ts'
import { useStore } from '../../_harness/store.ts'
import { quietDeps } from './quiet-deps.ts'
import { SIGNING_SECRET } from './signed.ts'
import { Town } from './town.ts'

const store = useStore()
const SEAL = 'a seal of more than thirty-two characters'
let town: Town
let folder: string
let surface: ChatSurface
let server: Server
let address: string
const received = vi.fn()

beforeAll(async () => {
  town = await Town.open()
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-install-'))
  const secret = (name: string, value: string) => {
    writeFileSync(join(folder, name), value)
    return `file:${join(folder, name)}` as const
  }
  const app = express()
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // on TCP
  const config = {
    ...{ botToken: undefined, appToken: undefined, home: undefined, api: town.api },
    signingSecret: secret('signing', SIGNING_SECRET),
    install: {
      ...{ clientId: '1.2', clientSecret: secret('client', 'of-these-tests'), seal: secret('seal', SEAL) },
      teams: [town.team],
    },
  }
  surface = await startSlack(config, { ...quietDeps(store()), address, intake: { receive: received, click: vi.fn() } })
  for (const { path, router } of surface.mounts) app.use(path, router)
  town.program = address
})
afterAll(async () => {
  await surface.close()
  server.closeAllConnections()
  server.close()
  await town.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a browser does: keeps the cookie, is sent to Slack, says yes, is sent back. */
async function install(): Promise<{ back: URL; cookie: string }> {
  const begun = await fetch(`${address}/slack/install`, { redirect: 'manual' })
  const cookie = begun.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  const asked = new URL(begun.headers.get('location') ?? '')
  expect(asked.searchParams.get('scope')?.split(',')).toEqual(Object.keys(SCOPES))
  const yes = new URLSearchParams(asked.searchParams)
  yes.set('user_id', town.id('mira'))
  const granted = await fetch(`${town.emulator}/oauth/v2/authorize/callback`, {
    method: 'POST',
    body: yes,
    redirect: 'manual',
  })
  return { back: new URL(granted.headers.get('location') ?? ''), cookie }
}

describe('installing into a workspace', () => {
  test('goes to Slack and back, and keeps the token sealed; people there have accounts of that workspace', async () => {
    const { back, cookie } = await install()
    const done = await fetch(back, { headers: { cookie } })
    expect([done.status, await done.text()]).toEqual([200, expect.stringMatching(/is installed in/)])
    const row = await slackInstallation(store().db, town.team)
    expect(row?.sealed).toMatch(/^v1\./)
    expect(row?.sealed).not.toContain('xoxb')
    await town.mentions('mira', 'help')
    await soon(() => expect(received).toHaveBeenCalledOnce())
    expect(received.mock.lastCall?.[0].account).toEqual({ surface: 'slack', id: `${town.team}/${town.id('mira')}` })
  })

  test('makes nobody there vouch for an address: whoever installs the app names the people of their own workspace', async () => {
    expect(await surface.vouchedEmail?.({ surface: 'slack', id: `${town.team}/${town.id('mira')}` })).toBeUndefined()
  })

  test('is refused to a browser that did not begin it', async () => {
    const { back, cookie } = await install()
    // The last one is of a browser that began another one: somebody else's code is not for it.
    const other = await install()
    for (const headers of [{ cookie: '' }, { cookie: `${cookie}x` }, { cookie: other.cookie }]) {
      const done = await fetch(back, { headers })
      expect([done.status, await done.text()]).toEqual([400, expect.stringMatching(/Begin again/)])
    }
    const declined = await fetch(`${address}/slack/oauth_redirect?error=access_denied`)
    expect(declined.status).toBe(400)
  })

  test('is refused where the token would end tonight: with token rotation nobody renews it', async () => {
    const before = await slackInstallation(store().db, town.team)
    const rotates = town.front.also.push(({ method }, answer) =>
      method === 'oauth.v2.access' ? { ...answer, expires_in: 43_200, refresh_token: 'xoxe-1-of-these-tests' } : answer,
    )
    town.front.calls.length = 0
    const { back, cookie } = await install()
    const done = await fetch(back, { headers: { cookie } })
    expect([done.status, await done.text()]).toEqual([400, expect.stringMatching(/token rotation.*slack:manifest/s)])
    expect(town.front.of('apps.uninstall')).toHaveLength(1)
    expect((await slackInstallation(store().db, town.team))?.sealed).toBe(before?.sealed)
    town.front.also.splice(rotates - 1, 1)
  })

  test('outlives the late word of an earlier removal', async () => {
    const earlier = Math.floor(Date.now() / 1_000) - 3_600
    await town.sendEvent({ type: 'app_uninstalled' }, { at: earlier })
    await town.sendEvent({ type: 'tokens_revoked', tokens: { bot: ['U1'] } }, { at: earlier })
    // The same thread's turn comes after both were handled.
    const before = received.mock.calls.length
    await town.mentions('mira', 'help')
    await soon(() => expect(received.mock.calls.length).toBe(before + 1))
    expect(await slackInstallation(store().db, town.team)).toBeDefined()
  })

  test('ends when the workspace removes the app', async () => {
    await town.sendEvent({ type: 'app_uninstalled' })
    await soon(async () => expect(await slackInstallation(store().db, town.team)).toBeUndefined())
    const before = received.mock.calls.length
    await town.mentions('mira', 'help').catch(() => undefined)
    expect(received.mock.calls.length).toBe(before)
  })
})

describe('the seal', () => {
  test('opens what it closed, in its own place, unchanged, with its own secret', () => {
    const seal = createSeal(SEAL)
    const closed = seal.close('xoxb-1', 'T1')
    expect(seal.open(closed, 'T1')).toBe('xoxb-1')
    expect(seal.close('xoxb-1', 'T1')).not.toBe(closed)
    expect(() => seal.open(closed, 'T2')).toThrow(/another slack.install.seal/)
    expect(() => createSeal(`${SEAL}!`).open(closed, 'T1')).toThrow(/another slack.install.seal/)
    expect(() => seal.open(closed.slice(0, -2), 'T1')).toThrow(/another slack.install.seal/)
    expect(() => createSeal('short')).toThrow(/too short/)
  })
})

describe('the manifest', () => {
  const printed = (...argv: string[]) => {
    let text = ''
    printManifest(argv, (line) => {
      text += line
    })
    return JSON.parse(text)
  }

  test('has every right explained in the docs, and no other', () => {
    const docs = readFileSync(new URL('../../../docs/slack.md', import.meta.url), 'utf8')
    const explained = [...docs.matchAll(/^\| `([a-z_:.]+)` \| (.+) \|$/gm)].map(([, scope, why]) => [scope, why])
    expect(explained).toEqual(Object.entries(SCOPES))
    expect(printed().oauth_config.scopes.bot).toEqual(Object.keys(SCOPES))
  })

  test('for Socket Mode stands in deploy/ as well', () => {
    const kept = readFileSync(new URL('../../../deploy/slack-manifest.json', import.meta.url), 'utf8')
    expect(JSON.parse(kept)).toEqual(printed())
  })

  test('keeps to the lengths that Slack takes', () => {
    const { display_information: about, features } = printed()
    const [shortcut] = features.shortcuts
    const [command] = features.slash_commands
    const said: readonly (readonly [string, number])[] = [
      [about.name, 35],
      [about.description, 139],
      [features.agent_view.agent_description, 300],
      [features.bot_user.display_name, 80],
      [shortcut.name, 24],
      [shortcut.callback_id, 255],
      [shortcut.description, 150],
      [command.command, 32],
      [command.description, 2_000],
      [command.usage_hint, 1_000],
    ]
    expect(said.filter(([text, most]) => text.length === 0 || text.length > most)).toEqual([])
  })

  test('is for HTTP at an address, or for Socket Mode', () => {
    expect(printed('--url', 'https://qd.example.com', '--install')).toEqual(
      JSON.parse(JSON.stringify(slackManifest({ url: 'https://qd.example.com', redirect: true }))),
    )
    expect(JSON.stringify(printed('--url', 'https://qd.example.com'))).not.toContain('oauth_redirect')
    expect(printed().settings).toMatchObject({ socket_mode_enabled: true })
    expect(JSON.stringify(printed())).not.toContain('http')
    for (const argv of [
      ['--url', 'http://qd.example.com'],
      ['--url', 'https://qd.example.com/x'],
      ['--nope'],
      ['--install'],
    ])
      expect(() => printed(...argv)).toThrow(UserError)
  })
})
