import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { passthrough } from 'msw'
import { defineNetwork, InterceptorSource } from 'msw/experimental'
import { HttpResponse, http } from 'msw/http'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** What came to an address of the world outside. */
export interface AskedOutside {
  /** `GET https://host/path?query` */
  readonly what: string
  readonly headers: Headers
  readonly text: string
}

type Answer = (asked: AskedOutside) => Response | Promise<Response>
type Method = 'get' | 'head' | 'post' | 'put'

/**
 * The world outside at its true addresses, played by msw below every HTTP client, undici's own ones included. What asks elsewhere is not
 * answered and fails the test, and so does an answer that nobody asked for; this machine answers for itself.
 */
export function useOutside() {
  const asked: AskedOutside[] = []
  const strangers: string[] = []
  const unasked = new Set<string>()
  const elsewhere = http.all('*', ({ request }) => {
    if (new URL(request.url).hostname === '127.0.0.1') return passthrough()
    strangers.push(`${request.method} ${request.url}`)
    return HttpResponse.error()
  })
  const network = defineNetwork({
    // Not setupServer: it hears the global fetch and node:http only.
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    context: { quiet: true },
    onUnhandledFrame: 'error',
    handlers: [elsewhere],
  })
  beforeAll(() => network.enable())
  afterAll(() => network.disable())
  afterEach(() => {
    const told = { unexpected: [...strangers], unasked: [...unasked] }
    for (const list of [asked, strangers]) list.length = 0
    unasked.clear()
    network.resetHandlers()
    expect(told).toEqual({ unexpected: [], unasked: [] })
  })

  return {
    /** In order. */
    asked,
    /** Answers there from now on, whatever the query; the newest answer counts. */
    answers(what: `${Uppercase<Method>} https://${string}`, answer: Answer): void {
      const [method = '', address = ''] = what.split(' ')
      unasked.add(what)
      const handler = http[method.toLowerCase() as Method](address, async ({ request }) => {
        unasked.delete(what)
        const entry = {
          ...{ what: `${request.method} ${request.url}`, headers: request.headers, text: await request.text() },
        }
        asked.push(entry)
        return answer(entry)
      })
      network.use(handler)
    },
    whats: () => asked.map(({ what }) => what),
  }
}

export type Outside = ReturnType<typeof useOutside>

export const jsonOf = (body: unknown, init?: ResponseInit) => HttpResponse.json(JSON.parse(JSON.stringify(body)), init)

/** Troubles as they look where the services are. */
export const rateLimited = (seconds: number, body: object = {}) =>
  jsonOf(body, { status: 429, headers: { 'retry-after': String(seconds) } })
/** A page for people: of a load balancer, or of a proxy's login. */
export const pageForPeople = (status: number) =>
  new HttpResponse('<!DOCTYPE html><html><head><title>503</title></head><body>Try later.</body></html>', {
    ...{ status, headers: { 'content-type': 'text/html; charset=utf-8' } },
  })
/** What was sent is JSON in its first half. */
export const cutJson = (body: unknown) => {
  const text = JSON.stringify(body)
  return new HttpResponse(text.slice(0, text.length / 2), { headers: { 'content-type': 'application/json' } })
}
export const gzipped = (body: unknown) =>
  new HttpResponse(gzipSync(JSON.stringify(body)), {
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  })
/** Piece by piece, as from afar. */
export const slowly = (body: unknown) => {
  const pieces = JSON.stringify(body).match(/.{1,20}/gs) ?? []
  return streamed(async (controller) => {
    const piece = pieces.shift()
    if (piece === undefined) return controller.close()
    controller.enqueue(new TextEncoder().encode(piece))
    await delay(2)
  })
}
/** The connection ends before a word of the answer. */
export const hungUp = () => streamed((controller) => controller.error(new Error('hung up')))
/** It begins, and nothing more comes. */
export const neverDone = () => {
  let begun = false
  return streamed(
    (controller) => {
      if (begun) return new Promise(() => undefined)
      begun = true
      controller.enqueue(new TextEncoder().encode('{"ok":'))
    },
    // Without it, the end of the connection would be that of the answer.
    { 'content-length': '1000' },
  )
}

function streamed(
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = new ReadableStream<Uint8Array>({ pull })
  return new HttpResponse(body, { headers: { 'content-type': 'application/json', ...headers } })
}
