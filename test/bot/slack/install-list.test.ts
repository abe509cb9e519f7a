import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startSlack } from '../../../bot/slack/start.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { slackInstallation } from '../../../db/slack-installations.ts'
import { useStore } from '../../_harness/store.ts'
import { quietDeps } from './quiet-deps.ts'
import { SIGNING_SECRET } from './signed.ts'
import { Town } from './town.ts'

const store = useStore()
let town: Town
let folder: string
const ends: (() => unknown)[] = []

beforeAll(async () => {
  town = await Town.open()
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-install-'))
})
afterAll(async () => {
  await town.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  town.front.calls.length = 0
  town.front.instead.length = 0
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The surface on HTTP, with this list of workspaces that may install it. */
async function open(listed: { readonly teams?: readonly string[]; readonly home?: string }) {
  const secret = (name: string, value: string) => {
    writeFileSync(join(folder, name), value)
    return `file:${join(folder, name)}` as const
  }
  const warn = vi.fn()
  const received = vi.fn()
  const log = { ...silentLogger, warn, child: () => log }
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // on TCP
  const config = {
    ...{ botToken: undefined, appToken: undefined, home: listed.home, api: town.api },
    signingSecret: secret('signing', SIGNING_SECRET),
    install: {
      ...{ clientId: '1.2', clientSecret: secret('client', 'of-these-tests'), seal: secret('seal', 'a'.repeat(40)) },
      teams: listed.teams ?? [],
    },
  }
  const deps = { ...quietDeps(store()), log, address, intake: { receive: received, click: vi.fn() } }
  const surface = await startSlack(config, deps)
  for (const { path, router } of surface.mounts) app.use(path, router)
  town.program = address
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  ends.push(() => surface.close())
  /** What a browser does: keeps the cookie, is sent to Slack, says yes there, is sent back. */
  const install = async () => {
    const begun = await fetch(`${address}/slack/install`, { redirect: 'manual' })
    if (begun.status !== 302) return begun
    const yes = new URLSearchParams(new URL(begun.headers.get('location') ?? '').searchParams)
    yes.set('user_id', town.id('mira'))
    const granted = await fetch(`${town.emulator}/oauth/v2/authorize/callback`, {
      ...{ method: 'POST', body: yes, redirect: 'manual' },
    })
    const cookie = begun.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    return fetch(granted.headers.get('location') ?? '', { headers: { cookie } })
  }
  return { surface, install, warn, received }
}

const stored = () => slackInstallation(store().db, town.team)

describe('a workspace that nobody listed', () => {
  test('is told so, and nothing of its installation stays: neither here nor there', async () => {
    town.front.instead.push(({ method }) => (method === 'apps.uninstall' ? { body: { ok: true } } : undefined))
    const { install, warn } = await open({ teams: ['T0ANOTHER'] })
    const answer = await install()
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringMatching(
        new RegExp(`not be installed in the workspace ${town.team}.*was taken from it again.*slack.install.teams`),
      ),
    ])
    expect(town.front.of('apps.uninstall').map(({ args }) => [args.client_id, args.client_secret])).toEqual([
      ['1.2', 'of-these-tests'],
    ])
    expect(await stored()).toBeUndefined()
    expect(warn.mock.calls.map(([fields]) => fields)).toContainEqual({ team: town.team, isGone: true })
  })

  test('is told to remove the app where Slack does not take it back', async () => {
    town.front.instead.push(({ method }) =>
      method === 'apps.uninstall' ? { body: { ok: false, error: 'fatal_error' } } : undefined,
    )
    const { install } = await open({ teams: ['T0ANOTHER'] })
    const answer = await install()
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringMatching(/remove it there/)])
    expect(await stored()).toBeUndefined()
  })

  test('is not even sent to Slack where no workspace may', async () => {
    const { install } = await open({})
    const answer = await install()
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringMatching(/no workspace may.*slack.install.teams/),
    ])
  })
})

describe('a workspace that is listed', () => {
  test('installs it; so does the home workspace without being listed', async () => {
    for (const listed of [{ teams: [town.team] }, { home: town.team }]) {
      const { install } = await open(listed)
      expect((await install()).status).toBe(200)
      expect(await stored()).toBeDefined()
    }
  })

  test('is served no longer once it is taken from the list, and the log names it', async () => {
    expect(await stored()).toBeDefined()
    const { surface, warn, received } = await open({ teams: ['T0ANOTHER'] })
    await surface.open()
    expect(warn.mock.calls.map(([fields]) => fields)).toEqual([{ team: town.team }])
    await town.mentions('mira', 'help')
    // What was taken before the surface closes has been handed on when it has closed.
    await surface.close()
    expect(received).not.toHaveBeenCalled()
  })
})
