import type { ServerResponse } from 'node:http'
import type { LogOptions, ReadLogs } from '../mounts.ts'
import { badRequest, notFound } from '../store/errors.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type ApiRequest, isTrue, methodNotAllowed, wholeNumber } from './request.ts'

/** GET …/pods/<name>/log: plain text, streamed with `follow`. @throws 400 for an unknown or unnamed container, 404 */
export async function podLog(
  store: ObjectStore,
  request: ApiRequest,
  response: ServerResponse,
  readLogs: ReadLogs,
): Promise<void> {
  if (request.verb !== 'get') throw methodNotAllowed()
  const { namespace = '', name = '', query } = request
  const pod = store.get('pods', namespace, name)
  if (!pod) throw notFound('pods', name)
  const names = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((container) => container.name)
  const asked = query.get('container')
  if (!asked && pod.spec.containers.length > 1) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`)
  }
  const container = asked || names[0] || ''
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`)

  const aborter = new AbortController()
  response.once('close', () => aborter.abort())
  const lines = readLogs({ namespace, name }, container, logOptions(query, store.now(), aborter.signal))
  let left = wholeNumber(query, 'limitBytes') ?? Number.POSITIVE_INFINITY
  const start = (): void => {
    if (!response.headersSent)
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  }
  // A refusal by the kubelet comes before its first line: headers wait for that.
  for await (const text of typeof lines === 'string' ? [lines] : lines) {
    start()
    const piece = Buffer.byteLength(text) > left ? Buffer.from(text).subarray(0, left) : text
    left -= Buffer.byteLength(piece)
    response.write(piece)
    if (left <= 0 || aborter.signal.aborted) break
  }
  start()
  response.end()
}

function logOptions(query: URLSearchParams, now: Date, signal: AbortSignal): LogOptions {
  const tailLines = wholeNumber(query, 'tailLines')
  const sinceSeconds = wholeNumber(query, 'sinceSeconds')
  const sinceTime = query.get('sinceTime')
  if (tailLines !== undefined && tailLines < 0)
    throw badRequest('tailLines: Invalid value: must be greater than or equal to 0')
  if (sinceTime && Number.isNaN(Date.parse(sinceTime)))
    throw badRequest('sinceTime: Invalid value: must be an RFC 3339 time')
  const since = sinceTime
    ? new Date(sinceTime)
    : sinceSeconds === undefined
      ? undefined
      : new Date(now.getTime() - sinceSeconds * 1000)
  return {
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(since ? { since } : {}),
    signal,
  }
}
