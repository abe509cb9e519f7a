import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { switcherFor } from '../../../bot/web/deps.ts'
import { sessionSecret } from '../../../bot/web/session.ts'
import { type Desk, startDesk } from '../../web/desk.ts'
import { Caller } from './caller.ts'

let desk: Desk
let mira: Caller
const key = () => `key-${crypto.randomUUID()}`

beforeAll(async () => {
  desk = await startDesk()
  mira = await Caller.as(desk.address, 'mira')
})
afterAll(() => desk.close())

describe('who speaks', () => {
  test('is nobody until somebody is chosen', async () => {
    const stranger = new Caller(desk.address)
    expect((await stranger.get('/session')).body).toMatchObject({ person: null, switcher: { allowed: true } })
    const refused = await stranger.get('/threads')
    expect([refused.status, refused.body.error]).toEqual([401, 'Say who you are first: choose a person.'])
  })

  test('is kept in a cookie that scripts and other sites cannot use', async () => {
    const stranger = new Caller(desk.address)
    await stranger.post('/session', { person: 'mira' })
    expect(stranger.setCookie).toMatch(/HttpOnly/)
    expect(stranger.setCookie).toMatch(/SameSite=Strict/)
    const { body } = await stranger.get('/session')
    expect(body.person).toEqual({
      id: 'mira',
      name: 'Mira Okafor',
      timezone: 'Europe/Berlin',
      roles: ['operator everywhere'],
    })
  })

  test('cannot be forged', async () => {
    const forger = new Caller(desk.address)
    const body = Buffer.from(
      JSON.stringify([{ personId: 'jonas', surface: 'web', by: 'switcher' }, Date.now() + 60_000]),
    ).toString('base64url')
    for (const cookie of [
      `${body}.x`,
      body,
      '.',
      `${mira.cookieValue}x`,
      `${body}.${mira.cookieValue.split('.')[1]}`,
    ]) {
      forger.cookie = `quarterdeck_session=${cookie}`
      expect((await forger.get('/threads')).status).toBe(401)
    }
  })

  test('must be somebody there is', async () => {
    const { status, body } = await new Caller(desk.address).post('/session', { person: 'nobody' })
    expect([status, body.error]).toEqual([422, 'Nobody here is called "nobody". There are: mira, jonas, priya.'])
  })

  test('cannot be a thing that breaks whoever measures it', async () => {
    const person = { length: { toString: 1, valueOf: 1 } }
    const { status, body } = await new Caller(desk.address).post('/session', { person })
    expect(status).toBe(400)
    expect(body.error).toMatch(/^person: .*expected string/)
  })

  test('is refused where others can reach the page, or a real cluster is driven', () => {
    expect(switcherFor({ host: '127.0.0.1', drivesSandbox: true }).allowed).toBe(true)
    expect(switcherFor({ host: '::1', drivesSandbox: true }).allowed).toBe(true)
    expect(switcherFor({ host: '0.0.0.0', drivesSandbox: true }).allowed).toBe(false)
    expect(switcherFor({ host: '127.0.0.1.example.com', drivesSandbox: true }).allowed).toBe(false)
    const real = switcherFor({ host: '127.0.0.1', drivesSandbox: false })
    expect(real).toEqual({ allowed: false, says: expect.stringContaining('because it drives a real cluster') })
  })
})

describe('the secret that signs sessions', () => {
  test('is the same in all bots of one login, and tells nothing of the client secret', async () => {
    const [one, other] = await Promise.all([sessionSecret(undefined, 'client'), sessionSecret(undefined, 'client')])
    expect(one).toBe(other)
    expect(one).not.toContain('client')
    expect(await sessionSecret(undefined, 'rotated')).not.toBe(one)
    expect(await sessionSecret(undefined)).not.toBe(await sessionSecret(undefined))
  })
})

describe('without the switcher', () => {
  test('nothing is shown and nothing is taken, and a sentence says why', async () => {
    const closed = await startDesk({ switcher: switcherFor({ host: '0.0.0.0', drivesSandbox: true }) })
    try {
      const caller = new Caller(closed.address)
      caller.cookie = mira.cookie // a good signature is not enough
      for (const path of ['/people', '/threads', '/overview', '/events', '/guide', '/threads/web-thread000001'])
        expect(await caller.get(path)).toMatchObject({ status: 403, body: { error: expect.stringContaining('OIDC') } })
      expect((await caller.post('/session', { person: 'mira' })).status).toBe(403)
      expect((await caller.post('/threads/web-thread000001/messages', { text: 'hi', key: key() })).status).toBe(403)
      expect(closed.received).toEqual([])
    } finally {
      await closed.close()
    }
  })
})
