import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { Deployments, markOf } from './deployments.ts'
import type { Moment } from './points.ts'

/** The outside: a cluster's API and bells, which count every effect that they let happen. */
export interface Outside {
  readonly url: string
  readonly deployments: Deployments
  /** How often each bell rang. */
  readonly bells: ReadonlyMap<string, number>
  /** Everything that was let happen, in its order: writes by the operation and step that they name, `bells/` and the bell. */
  readonly effects: readonly Effect[]
  /** Asked at every call, before its effect and after it; when it says so, the caller is not answered; it may take its time. `agent`: `/by-NAME` in its address. `mark`: of a write. */
  watch: (passing: string, moment: Moment, agent: string, mark?: string) => boolean | Promise<boolean>
  close(): Promise<void>
}

export interface Effect {
  readonly mark: string
  /** By this process's clock. */
  readonly atMs: number
}

/** A caller that is to be told apart has a name in front of its paths. */
const AGENT = /^\/by-([^/]+)(?=\/)/
const BELL = /^\/bells\/(.+)$/
const DEPLOYMENT = /^\/apis\/apps\/v1\/namespaces\/[^/]+\/deployments\/([^/?]+)/
const LIST = /\/(deployments|replicasets|pods|events|horizontalpodautoscalers)$/

export async function openOutside(): Promise<Outside> {
  const bells = new Map<string, number>()
  const effects: Effect[] = []
  const deployments = new Deployments((mark) => effects.push({ mark, atMs: Date.now() }))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://outside')
    const agent = AGENT.exec(url.pathname)?.[1] ?? ''
    const pathname = url.pathname.replace(AGENT, '')
    const { searchParams } = url
    const body = await readBody(request)
    const method = request.method ?? 'GET'
    const bell = BELL.exec(pathname)?.[1]
    const name = DEPLOYMENT.exec(pathname)?.[1]
    const applied = name && method === 'PATCH' ? Applied.parse(JSON.parse(body)) : undefined
    const mark = applied && markOf(applied)
    const passing = `outside: ${method} ${bell ? 'bell' : name ? 'deployment' : (LIST.exec(pathname)?.[1] ?? 'other')}`
    if (await outside.watch(passing, 'before', agent, mark)) return void response.destroy()
    const { status, content, open } = ((): { status: number; content: unknown; open?: boolean } => {
      if (bell) {
        if (method === 'POST') {
          bells.set(bell, (bells.get(bell) ?? 0) + 1)
          effects.push({ mark: `bells/${bell}`, atMs: Date.now() })
        }
        return { status: 200, content: { times: bells.get(bell) ?? 0 } }
      }
      if (name) return applied ? deployments.apply(name, applied) : deployments.read(name)
      if (searchParams.has('watch')) return { status: 200, content: undefined, open: true }
      const only = /^metadata\.name=(.+)$/.exec(searchParams.get('fieldSelector') ?? '')?.[1]
      const items = pathname.endsWith('/deployments') && only ? [deployments.read(only).content] : []
      return { status: 200, content: { metadata: { resourceVersion: '1' }, items } }
    })()
    if (await outside.watch(passing, 'after', agent, mark)) return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/json' })
    // A watch in which nothing happens.
    if (open) response.flushHeaders()
    else response.end(JSON.stringify(content))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  // A caller that stood still for a while must not find its idle connection closed under a call: that would be a fault of ours.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has one
  const outside: Outside = {
    url: `http://127.0.0.1:${port}`,
    deployments,
    bells,
    effects,
    watch: () => false,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return outside
}

const Applied = z.object({
  metadata: z.object({ resourceVersion: z.string().optional(), annotations: z.record(z.string(), z.string()) }),
  spec: z.object({
    replicas: z.number().optional(),
    template: z
      .object({ spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }).optional() })
      .optional(),
  }),
})
export type Applied = z.infer<typeof Applied>

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
