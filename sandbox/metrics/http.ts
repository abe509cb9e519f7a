import type { IncomingMessage, ServerResponse } from 'node:http'

const largestFormBytes = 1024 * 1024

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}

/** The whole body as text. @throws RangeError when it is longer than `mostBytes` */
export async function readBody(request: IncomingMessage, mostBytes = largestFormBytes): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new RangeError(`The request body is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** URL parameters, and those of a form body for POST, as the Prometheus API takes them. */
export async function readParameters(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(url.searchParams)
  const type = request.headers['content-type'] ?? ''
  if (request.method === 'POST' && type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(await readBody(request))) parameters.append(name, value)
  }
  return parameters
}
