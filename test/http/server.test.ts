import { request as rawRequest } from 'node:http'
import { Router } from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { DeniedError, UpstreamError, UserError } from '../../core/errors.ts'
import { type Logger, silentLogger } from '../../core/ports/logger.ts'
import { createHttpServer, type HttpServer } from '../../http/server.ts'

let open: HttpServer[] = []
afterEach(async () => {
  await Promise.all(open.map((server) => server.close(100)))
  open = []
})

async function start(options: Partial<Parameters<typeof createHttpServer>[0]> = {}) {
  const router = Router()
  router.post('/echo', (request, response) => void response.json({ got: request.body }))
  router.get('/user', () => {
    throw new UserError('There is no service "chekout".', ['checkout'])
  })
  router.get('/denied', () => {
    throw new DeniedError('You may not.', { rule: 'roles', missing: 'operator', grantedBy: ['Jonas'] })
  })
  router.get('/upstream', async () => {
    throw new UpstreamError('The cluster does not answer.', {
      service: 'cluster',
      retryable: true,
      retryAfterMs: 4_200,
    })
  })
  router.get('/bug', () => {
    throw new TypeError('secret detail')
  })
  const server = createHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    routers: [{ path: '/api', router }],
    health: { needed: {} },
    log: silentLogger,
    ...options,
  })
  open.push(server)
  return { server, address: await server.listen() }
}

/** A request with headers that `fetch` would not let through. */
function rawAnswer(address: string, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    rawRequest(`${address}${path}`, { headers, method }, async (response) => {
      let body = ''
      for await (const part of response) body += part
      resolve({ status: response.statusCode ?? 0, body })
    })
      .on('error', reject)
      .end()
  })
}

const raw = async (...asked: Parameters<typeof rawAnswer>) => (await rawAnswer(...asked)).status

const json = { 'content-type': 'application/json' }

describe('the HTTP server', () => {
  test('says no to what browsers could be made to do, in every answer', async () => {
    const { address } = await start()
    const { headers } = await fetch(`${address}/nothing`)
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-request-id')).toMatch(/^\w{10}$/)
  })

  test('refuses a body above 1 MiB, and one that is no JSON, with one sentence', async () => {
    const { address } = await start()
    const large = await fetch(`${address}/api/echo`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify('x'.repeat(1_100_000)),
    })
    expect(large.status).toBe(413)
    expect(await large.json()).toEqual({ error: 'The message is too large: 1 MiB is the most.' })
    const broken = await fetch(`${address}/api/echo`, { method: 'POST', headers: json, body: '{"a":' })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toEqual({ error: expect.stringMatching(/^The body is not valid JSON/) })
    const fine = await fetch(`${address}/api/echo`, { method: 'POST', headers: json, body: '{"a":1}' })
    expect(await fine.json()).toEqual({ got: { a: 1 } })
  })

  test('keeps a silent connection for longer than a proxy does', async () => {
    const { address } = await start()
    const { headers } = await fetch(`${address}/healthz`)
    expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60)
  })

  test('answers 404 to people with a page and to programs with JSON', async () => {
    const { address } = await start()
    const page = await fetch(`${address}/nowhere`, { headers: { accept: 'text/html' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    const api = await fetch(`${address}/api/nowhere`, { headers: { accept: 'text/html' } })
    expect([api.status, await api.json()]).toEqual([404, { error: 'There is no GET /api/nowhere here.' }])
  })

  test('translates errors by who must act; a bug tells an id and nothing else', async () => {
    const logged: { fields: object; message: string }[] = []
    const log: Logger = { ...silentLogger, error: (fields, message) => logged.push({ fields, message }) }
    const { address } = await start({ log })
    const get = async (path: string) => {
      const response = await fetch(`${address}/api/${path}`)
      return { status: response.status, retry: response.headers.get('retry-after'), body: await response.json() }
    }
    expect(await get('user')).toMatchObject({
      status: 422,
      body: { error: 'There is no service "chekout".', suggestions: ['checkout'] },
    })
    expect(await get('denied')).toMatchObject({
      status: 403,
      body: { rule: 'roles', missing: 'operator', grantedBy: ['Jonas'] },
    })
    expect(await get('upstream')).toMatchObject({ status: 503, retry: '5', body: { service: 'cluster' } })
    const bug = await get('bug')
    expect(bug.status).toBe(500)
    expect(JSON.stringify(bug.body)).not.toContain('secret detail')
    expect(logged).toEqual([{ fields: expect.objectContaining({ errorId: bug.body.id }), message: expect.any(String) }])
  })

  test('answers only to names it has: a rebound DNS name gets nothing', async () => {
    const { address } = await start({ publicHosts: ['deck.example.com'] })
    const port = new URL(address).port
    expect(await raw(address, '/api/user', { host: `127.0.0.1:${port}` })).toBe(422)
    expect(await raw(address, '/api/user', { host: `localhost:${port}` })).toBe(422)
    expect(await raw(address, '/api/user', { host: '[::1]' })).toBe(422)
    expect(await raw(address, '/api/user', { host: 'Deck.Example.com' })).toBe(422)
    expect(await raw(address, '/api/user', { host: `evil.example:${port}` })).toBe(421)
    expect(await raw(address, '/api/user', { host: '127.0.0.1.evil.example' })).toBe(421)
    expect(await raw(address, '/api/user', { host: 'user@localhost' })).toBe(421)
  })

  test('tells who refuses a page behind a proxy that rewrites Host what the proxy must do', async () => {
    const { address } = await start()
    const headers = { host: '127.0.0.1:9', origin: 'https://deck.example.com', 'sec-fetch-site': 'same-origin' }
    const { status, body } = await rawAnswer(address, '/api/echo', headers, 'POST')
    expect(status).toBe(403)
    expect(JSON.parse(body).error).toMatch(
      /"https:\/\/deck\.example\.com".*"127\.0\.0\.1:9".*proxy.*pass Host on unchanged/,
    )
    const renamed = await rawAnswer(address, '/api/user', { host: 'backend:8321' })
    expect([renamed.status, JSON.parse(renamed.body).error]).toEqual([421, expect.stringMatching(/proxy pass Host on/)])
  })

  test('refuses changes that another site sends', async () => {
    const { address } = await start()
    const post = (headers: Record<string, string>) => raw(address, '/api/echo', headers, 'POST')
    expect(await post({ origin: address })).toBe(200)
    expect(await post({})).toBe(200) // no browser
    expect(await post({ origin: 'http://evil.example' })).toBe(403)
    expect(await post({ origin: 'null' })).toBe(403)
    expect(await post({ origin: address, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await post({ origin: address, 'sec-fetch-site': 'same-origin' })).toBe(200)
  })

  test('names what is ready and what is not', async () => {
    const good = async () => ({ ok: true, says: 'answers' })
    let store = good
    const cluster = async () => {
      throw new Error('connection refused')
    }
    const { address } = await start({
      health: { needed: { store: () => store(), queue: good }, shown: { 'cluster:dev': cluster } },
    })
    expect((await fetch(`${address}/healthz`)).status).toBe(200)
    const ready = await fetch(`${address}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        ok: true,
        parts: {
          store: { ok: true, says: 'answers' },
          queue: { ok: true, says: 'answers' },
          'cluster:dev': { ok: false, says: 'connection refused' },
        },
      },
    ])
    store = async () => ({ ok: false, says: 'does not answer' })
    const down = await fetch(`${address}/readyz`)
    expect([down.status, down.headers.get('retry-after')]).toEqual([503, '2'])
    // Probes come by the pod's address and may carry any name.
    expect(await raw(address, '/healthz', { host: 'whatever' })).toBe(200)
  })

  test('says what to do when its port is taken', async () => {
    const { address } = await start()
    const port = Number(new URL(address).port)
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
      `Another program listens on 127.0.0.1:${port} already. Stop it, or set listen.port (QUARTERDECK_LISTEN) to a free one.`,
    )
  })

  test('closes though an answer without end is open', async () => {
    const router = Router()
    router.get('/forever', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': hello\n\n')
    })
    const { server, address } = await start({ routers: [{ path: '/api', router }] })
    const response = await fetch(`${address}/api/forever`)
    const ended = response.text().catch(() => 'cut')
    await server.close(50)
    expect(await ended).toBe('cut')
    await expect(fetch(`${address}/healthz`)).rejects.toThrow()
  })
})
