import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One write to a workload as it came by, before the cluster answered. */
export interface SeenWrite {
  readonly at: Date
  /** `shop-dev/cart` */
  readonly place: string
  readonly operation: string
  readonly step: string
  status: number | undefined
}

/** What somebody wants to happen around the writes to one workload. */
export interface Watch {
  /** The write waits for it before it reaches the cluster. */
  before?(write: SeenWrite): Promise<void>
  /** The answer waits for it. */
  after?(write: SeenWrite): Promise<void>
  /** Refused as the cluster refuses who lacks a right. */
  refuses?(write: SeenWrite): boolean
}

/** An HTTP proxy before the cluster that counts every write and can hold or refuse it. */
export interface CountingProxy {
  readonly url: string
  readonly writes: readonly SeenWrite[]
  /** By place. */
  readonly watched: Map<string, Watch>
  close(): Promise<void>
}

const WORKLOAD = /^\/apis\/apps\/v1\/namespaces\/([^/]+)\/deployments\/([^/?]+)/
/** A mark that calls off what has not happened changes nothing: its `!` is at the last of the writes that are noted on the workload. */
const CALLS_OFF = /quarterdeck\.dev\/writes[^\]]*"![^"\\\]]*\\?"\]/
const DENIAL = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message: 'deployments.apps is forbidden: User "quarterdeck" cannot patch resource "deployments" in API group "apps"',
  reason: 'Forbidden',
  code: 403,
})

export async function openCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const writes: SeenWrite[] = []
  const watched = new Map<string, Watch>()

  async function pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const place = WORKLOAD.exec(from.url ?? '')
    const isWrite = place !== null && from.method !== 'GET'
    const body = isWrite ? await bytesOf(from) : undefined
    const text = body?.toString() ?? ''
    const write = body && !CALLS_OFF.test(text) ? writeOf(`${place?.[1]}/${place?.[2]}`, text) : undefined
    const watch = write && watched.get(write.place)
    if (write) {
      writes.push(write)
      if (watch?.refuses?.(write)) {
        write.status = 403
        return void to.writeHead(403, { 'content-type': 'application/json' }).end(DENIAL)
      }
      await watch?.before?.(write)
    }
    const { method, url: path, headers } = from
    const onward = request({ hostname, port, agent, method, path, headers }, async (answer) => {
      if (write) write.status = answer.statusCode
      if (write) await watch?.after?.(write)
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    onward.on('error', () => to.destroy())
    to.on('close', () => onward.destroy())
    if (body) onward.end(body)
    else from.pipe(onward)
  }

  const server = createServer((from, to) => void pass(from, to).catch(() => to.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address is never a string
    writes,
    watched,
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bytesOf(from: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of from) parts.push(part)
  return Buffer.concat(parts)
}

const annotation = (name: string, body: string) =>
  new RegExp(`quarterdeck\\.dev/${name}\\\\?"?:\\s*\\\\?"?([^",\\n\\\\]+)`).exec(body)?.[1]?.trim() ?? ''

function writeOf(place: string, body: string): SeenWrite {
  return {
    at: new Date(),
    place,
    operation: annotation('operation', body),
    step: annotation('step', body),
    status: undefined,
  }
}
