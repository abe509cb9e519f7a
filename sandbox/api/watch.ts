import type { ServerResponse } from 'node:http'
import { StatusError, tooLargeVersion } from '../store/errors.ts'
import { type ListFilter, matchesFilter } from '../store/list-filter.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { apiVersionOf } from '../store/resources.ts'
import type { ChangeEvent, ChangeType, KubeObject } from '../store/types.ts'
import { acceptedFormat, type Format } from './accept.ts'
import { filterOf } from './read.ts'
import { type ApiRequest, isTrue, wholeNumber } from './request.ts'
import { shapeObject } from './shape.ts'

const BOOKMARK_INTERVAL_MS = 60_000
const SLOW_READER_BYTES = 16 * 1024 * 1024
const DEFAULT_TIMEOUT_SECONDS = 1800

/**
 * Streams changes as JSON lines until the client hangs up or `timeoutSeconds` (real time) are over. Without a
 * resourceVersion, and with `sendInitialEvents`, the present state comes first. A version that is forgotten is answered by
 * one ERROR event with status 410, as the watch cache does it.
 */
export function watch(store: ObjectStore, request: ApiRequest, response: ServerResponse): void {
  const filter = filterOf(request)
  const format = acceptedFormat(request.message)
  const { query, type } = request
  const asked = wholeNumber(query, 'resourceVersion') ?? 0
  const initial = isTrue(query.get('sendInitialEvents'))
  const timeoutSeconds = wholeNumber(query, 'timeoutSeconds') || DEFAULT_TIMEOUT_SECONDS
  if (asked > store.version) throw tooLargeVersion(asked, store.version)

  const stream = new EventStream(store, request, format, response)
  try {
    if (asked > 0 && !initial) {
      for (const event of store.history.since(asked, type.resource)) stream.change(event, filter)
    } else {
      for (const object of store.list(type.resource, filter)) stream.send('ADDED', object)
    }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    stream.fail(error)
    return
  }
  const bookmarks = isTrue(query.get('allowWatchBookmarks'))
  if (initial && bookmarks) stream.bookmark({ 'k8s.io/initial-events-end': 'true' })

  const unsubscribe = store.onChange((event) => {
    if (event.resource === type.resource) stream.change(event, filter)
  })
  const bookmarkTimer = setInterval(() => bookmarks && stream.bookmark(), BOOKMARK_INTERVAL_MS)
  const endTimer = setTimeout(() => response.end(), timeoutSeconds * 1000)
  response.once('close', () => {
    unsubscribe()
    clearInterval(bookmarkTimer)
    clearTimeout(endTimer)
  })
}

class EventStream {
  readonly #store: ObjectStore
  readonly #request: ApiRequest
  readonly #format: Format
  readonly #response: ServerResponse
  #columnsSent = false

  constructor(store: ObjectStore, request: ApiRequest, format: Format, response: ServerResponse) {
    this.#store = store
    this.#request = request
    this.#format = format
    this.#response = response
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
    response.flushHeaders()
  }

  /** A change seen through the selectors: an object that leaves them is DELETED, one that enters is ADDED. */
  change(event: ChangeEvent, filter: ListFilter): void {
    const before = event.previous !== undefined && matchesFilter(event.previous, filter)
    const after = event.type !== 'DELETED' && matchesFilter(event.object, filter)
    if (after) this.send(before ? 'MODIFIED' : 'ADDED', event.object)
    else if (before) this.send('DELETED', event.object)
  }

  send(type: ChangeType, object: KubeObject): void {
    const { type: served, query } = this.#request
    const shaped = shapeObject(object, { type: served, format: this.#format, query, now: this.#store.now() })
    this.#write(type, this.#format.shape === 'table' ? this.#withoutRepeatedColumns(shaped) : shaped)
  }

  bookmark(annotations?: Record<string, string>): void {
    const { kind } = this.#request.type
    const metadata = {
      resourceVersion: String(this.#store.version),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    }
    const marked = { kind, apiVersion: apiVersionOf(this.#request.type), metadata }
    if (this.#format.shape !== 'table') this.#write('BOOKMARK', marked)
    else
      this.#write('BOOKMARK', {
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        columnDefinitions: null,
        rows: [{ cells: [], object: marked }],
      })
  }

  fail(error: StatusError): void {
    this.#write('ERROR', error.status)
    this.#response.end()
  }

  /** Only the first table of a watch says its columns. */
  #withoutRepeatedColumns(table: unknown): unknown {
    if (!this.#columnsSent) {
      this.#columnsSent = true
      return table
    }
    return { ...(table as object), columnDefinitions: null } // shapeObject makes tables as objects
  }

  #write(type: string, object: unknown): void {
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#response.write(`${JSON.stringify({ type, object })}\n`)
    // A reader that stopped reading is cut off, as the real server does it; it can go on from its last version.
    if (this.#response.writableLength > SLOW_READER_BYTES) this.#response.destroy()
  }
}
