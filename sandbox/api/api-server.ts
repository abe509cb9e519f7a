import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReadLogs } from '../mounts.ts'
import { StatusError } from '../store/errors.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { acceptedFormat } from './accept.ts'
import { discovery, VERSION_INFO } from './discovery.ts'
import { evict } from './eviction.ts'
import type { ApiFaults } from './faults.ts'
import { openApiIndex, openApiV2, openApiV3 } from './openapi.ts'
import { podLog } from './pod-log.ts'
import { readList, readOne } from './read.ts'
import { remove, removeCollection } from './remove.ts'
import { type ApiRequest, methodNotAllowed, parseRequest } from './request.ts'
import { type Answer, send, sendError } from './respond.ts'
import { review } from './reviews.ts'
import { scale } from './scale.ts'
import { watch } from './watch.ts'
import { create, patch, update } from './write.ts'

export interface ApiOptions {
  store: ObjectStore
  faults: ApiFaults
  readLogs: ReadLogs
  /** The one bearer token that is accepted; without it any caller is. */
  token?: string
}

/** The Kubernetes API as a request handler. It answers every request; what it cannot do it refuses with a Status. */
export function createApi(options: ApiOptions): (message: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (message, response) => {
    try {
      await handle(options, message, response)
    } catch (error) {
      sendError(response, error)
    }
  }
}

async function handle(options: ApiOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://sandbox')
  if (['/healthz', '/readyz', '/livez'].includes(url.pathname)) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8').end('ok')
    return
  }
  authenticate(message, options.token)
  const request = parseRequest(message, url)
  const { verb = (message.method ?? '').toLowerCase(), type, namespace, name } = request ?? {}
  const struck = await options.faults.strike({ verb, resource: type?.resource, namespace, name })
  if (struck === 'blackhole') return
  if (request) return serve(options, request, response)
  const answer = (await review(message, url, options.store.now())) ?? about(message, url)
  if (!answer) throw new StatusError(404, 'NotFound', 'the server could not find the requested resource')
  send(response, answer)
}

/** What the server says of itself. */
function about(message: IncomingMessage, url: URL): Answer | undefined {
  const path = url.pathname.replace(/\/+$/, '') || '/'
  if (path === '/version') return { body: VERSION_INFO }
  if (path === '/')
    return {
      body: {
        paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
      },
    }
  if (path === '/openapi/v3') return { body: openApiIndex() }
  const document = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path)
  if (document?.[2]) {
    const body = openApiV3(document[1] ?? '', document[2])
    return body && { body }
  }
  const format = acceptedFormat(message)
  return path === '/openapi/v2' ? { body: openApiV2() } : discovery(path, format)
}

async function serve(options: ApiOptions, request: ApiRequest, response: ServerResponse): Promise<void> {
  const { store } = options
  if (request.subresource === 'log') return podLog(store, request, response, options.readLogs)
  if (request.verb === 'watch') return watch(store, request, response)
  const answer = await answerOf(store, request)
  const { yaml } = acceptedFormat(request.message)
  send(response, answer, yaml)
}

function answerOf(store: ObjectStore, request: ApiRequest): Answer | Promise<Answer> {
  if (request.subresource === 'eviction') return evict(store, request)
  if (request.subresource && !['get', 'update', 'patch'].includes(request.verb)) throw methodNotAllowed()
  if (request.subresource === 'scale') return scale(store, request)
  if (request.verb === 'create' && request.name) throw methodNotAllowed()
  if ((request.verb === 'update' || request.verb === 'patch') && !request.name) throw methodNotAllowed()
  switch (request.verb) {
    case 'get':
      return readOne(store, request)
    case 'list':
      return readList(store, request)
    case 'create':
      return create(store, request)
    case 'update':
      return update(store, request)
    case 'patch':
      return patch(store, request)
    case 'delete':
      return remove(store, request)
    case 'deletecollection':
      return removeCollection(store, request)
    default:
      throw methodNotAllowed()
  }
}

function authenticate(message: IncomingMessage, token: string | undefined): void {
  if (token === undefined) return
  const given = /^Bearer (.+)$/.exec(message.headers.authorization ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(given), digest(token))) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
}
