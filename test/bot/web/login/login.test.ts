import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { switcherFor } from '../../../../bot/web/deps.ts'
import { createLoginProvider, type LoginProvider, vouchedEmail } from '../../../../bot/web/login/provider.ts'
import { type Desk, startDesk } from '../../../web/desk.ts'
import { Caller } from '../caller.ts'
import { Browser } from './browser.ts'
import { CLIENT_SECRET, type OpenIdProvider, startOpenIdProvider } from './open-id-provider.ts'

let desk: Desk
let provider: OpenIdProvider
const clockMs = 0
/** The address of the desk is known only once it listens. */
let login: LoginProvider

beforeAll(async () => {
  desk = await startDesk({
    switcher: switcherFor({ host: '127.0.0.1', drivesSandbox: true, login: true }),
    login: {
      secure: false,
      provider: { begin: () => login.begin(), finish: (query, begun) => login.finish(query, begun) },
    },
  })
  provider = await startOpenIdProvider(() => [`${desk.address}/api/login/callback`])
  provider.claims.set('sub-mira', { email: 'Mira@shop.example', email_verified: true })
  provider.claims.set('sub-liar', { email: 'mira@shop.example', email_verified: false })
  provider.claims.set('sub-writer', { email: 'mira@shop.example', email_verified: 'false' })
  provider.claims.set('sub-eve', { email: 'eve@elsewhere.example', email_verified: true })
  login = loginAt(provider.issuer)
})
afterAll(async () => {
  await provider.close()
  await desk.close()
})

const loginAt = (issuer: string) =>
  createLoginProvider(
    { issuer, clientId: 'quarterdeck', clientSecret: CLIENT_SECRET, address: desk.address },
    () => new Date(Date.now() + clockMs),
  )

async function sessionOf(browser: Browser) {
  const caller = new Caller(desk.address)
  caller.cookie = [...browser.cookies(desk.address)].map(([name, value]) => `${name}=${value}`).join('; ')
  return caller
}

describe('signing in', () => {
  test('makes the browser the person with that address, and nobody before', async () => {
    const browser = new Browser()
    const before = await sessionOf(browser)
    expect((await before.get('/session')).body).toMatchObject({ person: null, login: {}, switcher: { allowed: false } })
    expect(await before.get('/threads')).toMatchObject({ status: 401, body: { error: 'Sign in first.' } })

    await browser.signIn(desk.address, 'sub-mira')
    expect(browser.visited.at(-1)).toBe(`${desk.address}/`)
    const mira = await sessionOf(browser)
    expect((await mira.get('/session')).body.person).toMatchObject({ id: 'mira', roles: ['operator everywhere'] })
    expect((await mira.get('/threads')).status).toBe(200)

    await mira.post('/logout', {})
    expect((await mira.get('/session')).body.person).toBeNull()
  })

  test.each([
    ['sub-eve', 'You are signed in as eve@elsewhere.example, but nobody here is known by that.'],
    // An address the provider does not vouch for is anybody's.
    ['sub-liar', 'You are signed in as sub-liar, but nobody here is known by that.'],
    // Some providers write the claim as a text.
    ['sub-writer', 'You are signed in as sub-writer, but nobody here is known by that.'],
  ])('lets nobody in as %s, and says so on the page', async (name, says) => {
    const browser = new Browser()
    await browser.signIn(desk.address, name)
    const { body } = await (await sessionOf(browser)).get('/session')
    expect(body).toMatchObject({ person: null, login: { says: expect.stringContaining(says) } })
  })

  test('takes no answer that this browser did not ask for, and none twice', async () => {
    const honest = new Browser()
    await honest.signIn(desk.address, 'sub-mira', (url) => url.pathname === '/api/login/callback')
    const callback = honest.visited.at(-1) ?? ''
    expect(callback).toContain('code=')

    const thief = new Browser()
    await thief.open(callback)
    expect((await (await sessionOf(thief)).get('/session')).body).toMatchObject({
      person: null,
      login: { says: 'That login was begun too long ago, or in another browser. Sign in again.' },
    })

    // One who began a login of their own brings the wrong state.
    await thief.open(`${desk.address}/api/login`)
    await thief.open(callback)
    expect((await (await sessionOf(thief)).get('/session')).body).toMatchObject({
      person: null,
      login: { says: expect.stringContaining('did not confirm this login') },
    })

    await honest.open(callback)
    expect((await (await sessionOf(honest)).get('/session')).body.person).toMatchObject({ id: 'mira' })
    const again = new Browser()
    await again.open(callback)
    expect((await (await sessionOf(again)).get('/session')).body.person).toBeNull()
  })

  test('keeps nobody who was only chosen in the list of the sandbox', async () => {
    const open = await startDesk()
    try {
      const chosen = await Caller.as(open.address, 'mira')
      const caller = new Caller(desk.address)
      // Both desks sign with the same secret here, as one data folder would.
      caller.cookie = chosen.cookie
      expect((await caller.get('/threads')).status).toBe(401)
      expect((await caller.post('/session', { person: 'mira' })).status).toBe(403)
    } finally {
      await open.close()
    }
  })
})

test('says calmly that the provider is down, and works again when it is back', async () => {
  const nobody = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => nobody.once('listening', resolve))
  const { port } = nobody.address() as AddressInfo // a TCP server's address is never a string
  await new Promise((resolve) => nobody.close(resolve))
  login = loginAt(`http://127.0.0.1:${port}`)
  const browser = new Browser()
  await browser.open(`${desk.address}/api/login`)
  const { body } = await (await sessionOf(browser)).get('/session')
  expect(body.login.says).toContain(`The login provider 127.0.0.1:${port} cannot be asked`)

  login = loginAt(provider.issuer)
  await browser.signIn(desk.address, 'sub-mira')
  expect((await (await sessionOf(browser)).get('/session')).body.person).toMatchObject({ id: 'mira' })
})

test('an address counts where somebody vouches for it; where strangers may write it, only expressly', () => {
  const email = 'mira@shop.example'
  const own = 'https://login.microsoftonline.com/8c3a0b5e-1111-2222-3333-444455556666/v2.0'
  expect(vouchedEmail(own, { email })).toBe(email)
  expect(vouchedEmail(own, { email, email_verified: false })).toBeUndefined()
  for (const where of ['common', 'organizations', 'consumers']) {
    const anybody = `https://login.microsoftonline.com/${where}/v2.0`
    expect(vouchedEmail(anybody, { email })).toBeUndefined()
    expect(vouchedEmail(anybody, { email, xms_edov: false })).toBeUndefined()
    expect(vouchedEmail(anybody, { email, xms_edov: true })).toBe(email)
    expect(vouchedEmail(anybody, { email, email_verified: true })).toBe(email)
  }
  expect(vouchedEmail(own, { email: ['mira@shop.example'], email_verified: true })).toBeUndefined()
})
