import { createHmac, randomBytes, randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HandOn } from '../../../bot/slack/receive/hand-on.ts'
import { createHandOn } from '../../../bot/slack/receive/hand-on.ts'
import { ReplayMemory } from '../../../bot/slack/receive/replay-memory.ts'
import { createSlackRouter } from '../../../bot/slack/receive/router.ts'
import { isSigned } from '../../../bot/slack/receive/signature.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { translateErrors } from '../../../http/error-translation.ts'
import { soon } from '../../_harness/soon.ts'
import { SIGNING_SECRET, type SignedRequest, signed, signedForm, signedJson, signedPayload } from './signed.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const taken: Readonly<Record<string, unknown>>[] = []
let now = NOW
let isOpen = true
let server: Server
let address: string

beforeAll(async () => {
  const handOn: HandOn = (body, acknowledge) => {
    acknowledge()
    taken.push(body)
  }
  const options = { signingSecret: SIGNING_SECRET, handOn, clock: () => new Date(now), isOpen: () => isOpen }
  const app = express().use('/slack', createSlackRouter(options)).use(translateErrors(silentLogger))
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve())
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack` // on TCP
})
afterAll(() => server.close())
beforeEach(() => {
  taken.length = 0
  now = NOW
  isOpen = true
})

const at = { at: NOW }
const send = ({ headers, body }: SignedRequest, path = '/events') =>
  fetch(`${address}${path}`, { method: 'POST', headers, body })

describe('what is sent to us over HTTP', () => {
  test('is taken when Slack signed it: events, buttons, commands', async () => {
    expect((await send(signedJson({ type: 'event_callback' }, at))).status).toBe(200)
    expect((await send(signedPayload({ type: 'block_actions' }, at), '/interactions')).status).toBe(200)
    expect((await send(signedForm({ command: '/qd', text: 'help' }, at), '/commands')).status).toBe(200)
    expect(taken).toEqual([{ type: 'event_callback' }, { type: 'block_actions' }, { command: '/qd', text: 'help' }])
  })

  test('answers Slack when it asks whether we are here', async () => {
    const response = await send(signedJson({ type: 'url_verification', challenge: 'abc' }, at))
    expect(await response.json()).toEqual({ challenge: 'abc' })
    expect((await send(signedForm({ ssl_check: '1' }, at))).status).toBe(200)
    expect(taken).toEqual([])
  })

  test('is refused when it is old, from the future, or signed by somebody else', async () => {
    for (const request of [
      signedJson({ a: 1 }, { at: NOW - 301_000 }),
      signedJson({ a: 2 }, { at: NOW + 302_000 }),
      signedJson({ a: 3 }, { at: NOW, secret: 'another' }),
    ])
      expect((await send(request)).status).toBe(401)
    expect(taken).toEqual([])
  })

  test('acts once however often the very same request comes', async () => {
    const request = signedJson({ type: 'event_callback', event_id: 'Ev1' }, at)
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(request)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49)
    expect(taken).toHaveLength(1)
    // Slack's own redelivery is signed anew; the event's key tells that one.
    expect((await send(signedJson({ type: 'event_callback', event_id: 'Ev1' }, { at: NOW + 1_000 }))).status).toBe(200)
  })

  test('is refused with a sentence when it is too large, compressed, or no body of Slack', async () => {
    const large = await send(signedJson({ text: 'x'.repeat(1024 * 1024) }, at))
    expect([large.status, await large.json()]).toEqual([413, { error: expect.stringMatching(/1 MiB/) }])
    const packed = signedJson({ a: 4 }, at)
    expect((await send({ ...packed, headers: { ...packed.headers, 'content-encoding': 'gzip' } })).status).toBe(415)
    for (const body of ['[]', 'null', '"text"', '{"a":', ''])
      expect((await send(signed(body, 'application/json', at))).status).toBe(400)
    expect((await send(signedForm({ payload: 'no json' }, at))).status).toBe(400)
    expect(taken).toEqual([])
  })

  test('is sent again later when we are stopping', async () => {
    isOpen = false
    expect((await send(signedJson({ type: 'event_callback', event_id: 'Ev9' }, at))).status).toBe(503)
  })
})

describe('signatures', () => {
  const body = Buffer.from(JSON.stringify({ type: 'event_callback', text: 'deploy checkout 1.4.2' }))
  const timestamp = String(NOW / 1_000)
  const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:`).update(body).digest('hex')
  const right = { timestamp, signature: `v0=${digest}`, body }

  test('ten thousand changed ones: none is taken', () => {
    expect(isSigned(right, SIGNING_SECRET, NOW)).toBe(true)
    const seen = new Set<string>()
    for (let at = 0; at < 10_000; at++) {
      const changed = mutated(right, at)
      seen.add(`${changed.timestamp} ${changed.signature} ${changed.body.toString('latin1')}`)
      if (isSigned(changed, SIGNING_SECRET, NOW)) throw new Error(`taken: ${JSON.stringify(changed)}`)
    }
    expect(seen.size).toBeGreaterThan(3_000)
  })
})

type Signature = Parameters<typeof isSigned>[0]
function mutated(right: Signature, at: number): Signature {
  const { timestamp = '', signature = '', body } = right
  const place = (length: number) => randomInt(length)
  switch (at % 6) {
    case 0: {
      const bytes = Buffer.from(body)
      const here = place(bytes.length)
      bytes[here] = (bytes[here] ?? 0) ^ randomInt(1, 256)
      return { ...right, body: bytes }
    }
    case 1:
      return { ...right, body: Buffer.concat([body, randomBytes(randomInt(1, 20))]) }
    case 2:
      return { ...right, body: body.subarray(0, place(body.length)) }
    case 3: {
      const here = 3 + place(64)
      const other = ((Number.parseInt(signature[here] ?? '0', 16) + randomInt(1, 16)) % 16).toString(16)
      return { ...right, signature: signature.slice(0, here) + other + signature.slice(here + 1) }
    }
    case 4:
      return { ...right, timestamp: String(Number(timestamp) + (randomInt(2) ? 1 : -1) * randomInt(1, 100_000)) }
    default: {
      const odd = [
        '',
        'v0=',
        signature.toUpperCase(),
        `${signature} `,
        signature.replace('v0', 'v1'),
        `v0=${randomBytes(32).toString('hex')}`,
      ]
      return { ...right, signature: odd[place(odd.length)] ?? '' }
    }
  }
}

test('the memory of signatures forgets what no clock lets in any more', () => {
  const memory = new ReplayMemory()
  expect(memory.isNew('a', 0)).toBe(true)
  expect(memory.isNew('a', 599_000)).toBe(false)
  for (let at = 0; at < 1_000; at++) memory.isNew(`b${at}`, 601_000)
  expect(memory.size).toBe(1_000)
})

describe('handing on', () => {
  const body = { type: 'event_callback' }

  test('acknowledges before anybody looks, and whatever becomes of it', async () => {
    const acknowledge = vi.fn()
    const error = vi.fn()
    const processEvent = vi.fn(() => Promise.reject(new Error('broken')))
    const log = { ...silentLogger, error }
    createHandOn({ app: { processEvent }, answerTo: () => ({ a: 1 }), log })(body, acknowledge)
    expect(acknowledge).toHaveBeenCalledExactlyOnceWith({ a: 1 })
    expect(processEvent).not.toHaveBeenCalled()
    await soon(() => expect(error).toHaveBeenCalledOnce())
  })

  test('waits for the options of a menu, and not for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const acknowledge = vi.fn()
    createHandOn({ app: { processEvent: async () => undefined }, answerTo: () => undefined, log: silentLogger })(
      { type: 'block_suggestion' },
      acknowledge,
    )
    expect(acknowledge).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2_000)
    expect(acknowledge).toHaveBeenCalledExactlyOnceWith({ options: [] })
    vi.useRealTimers()
  })
})
