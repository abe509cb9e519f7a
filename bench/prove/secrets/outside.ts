import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Canaries, Canary } from './canaries.ts'

/** How an outside system fails. Each way but the last tells the caller's own credentials back, and secrets of its own. */
export const AILMENTS = [
  '400',
  '401',
  '403',
  '404',
  '409',
  '422',
  '429',
  '500',
  'broken JSON',
  'other JSON',
  'plain text',
  'hang up',
] as const
export type Ailment = (typeof AILMENTS)[number]

export interface Outside {
  readonly url: string
  /** Undefined: it is well. */
  cluster: Ailment | undefined
  registry: Ailment | undefined
  model: Ailment | undefined
  login: Ailment | undefined
  /** Bodies of what the language model was asked. */
  readonly prompts: readonly string[]
  close(): Promise<void>
}

const POD_LOG = /\/pods\/[^/]+\/log/

/** Cluster, registry, language model and login provider in one place; the well cluster and registry are the sandbox's. */
export async function openOutside(sandbox: string, canaries: Canaries): Promise<Outside> {
  const prompts: string[] = []
  const ill: Pick<Outside, 'cluster' | 'registry' | 'model' | 'login'> = {
    cluster: undefined,
    registry: undefined,
    model: undefined,
    login: undefined,
  }
  const { hostname, port } = new URL(sandbox)

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const path = from.url ?? '/'
    if (path.startsWith('/model/')) return model(from, to)
    if (path.startsWith('/login/')) return suffer(ill.login ?? '500', from, to, canaries.model)
    if (path.startsWith('/v2')) {
      if (ill.registry) return suffer(ill.registry, from, to, canaries.registry)
      if (!from.headers.authorization)
        return void to.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end('{"errors":[]}')
    } else if (ill.cluster) return suffer(ill.cluster, from, to, canaries.cluster)
    if (POD_LOG.test(path)) {
      const at = new Date().toISOString()
      const lines = canaries.logs.flatMap(({ line }) => line.split('\n')).map((line) => `${at} ${line}\n`)
      return void to.writeHead(200, { 'content-type': 'text/plain' }).end(lines.join(''))
    }
    pass(from, to)
  }

  function pass(from: IncomingMessage, to: ServerResponse): void {
    const { method, url, headers } = from
    const { authorization: _, ...rest } = headers
    const onward = request({ hostname, port, method, path: url, headers: rest }, (reply) => {
      to.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(to)
    })
    onward.on('error', () => to.destroy())
    to.on('close', () => onward.destroy())
    from.pipe(onward)
  }

  async function model(from: IncomingMessage, to: ServerResponse): Promise<void> {
    let body = ''
    for await (const part of from) body += part
    if (body) prompts.push(body)
    if (ill.model) return suffer(ill.model, from, to, canaries.model)
    if (from.url?.endsWith('/models'))
      return void json(to, 200, { object: 'list', data: [{ id: 'm', object: 'model' }] })
    const message = { role: 'assistant', content: canaries.model.map(({ line }) => line).join(' '), tool_calls: [] }
    json(to, 200, {
      id: 'c',
      object: 'chat.completion',
      created: 0,
      model: 'm',
      choices: [{ index: 0, finish_reason: 'stop', message }],
    })
  }

  const server = createServer((from, to) => void answer(from, to).catch(() => to.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: own } = server.address() as AddressInfo // a TCP server's address is never a string
  return Object.assign(ill, {
    url: `http://127.0.0.1:${own}`,
    prompts,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

const json = (to: ServerResponse, status: number, body: object) =>
  to.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

function suffer(ailment: Ailment, from: IncomingMessage, to: ServerResponse, own: readonly Canary[]): void {
  if (ailment === 'hang up') return void to.destroy()
  const said = from.headers.authorization ?? 'nothing'
  // Bare, too: no shape gives it away then, only that it is known.
  const credentials = said.replace(/^\w+ /, '')
  const plain = said.startsWith('Basic ') ? Buffer.from(credentials, 'base64').toString() : credentials
  const says = `refused for ${said} ${plain}: ${own.map(({ line }) => line).join(' | ')}`
  // The first bytes of a body are what a parser's complaint shows.
  if (ailment === 'broken JSON')
    return void to.writeHead(200, { 'content-type': 'application/json' }).end(`${plain} {"a": ${says}`)
  if (ailment === 'other JSON')
    return void json(to, 200, {
      kind: says,
      items: says,
      choices: says,
      data: says,
      tags: says,
      metadata: says,
      error: says,
    })
  if (ailment === 'plain text') return void to.writeHead(500, { 'content-type': 'text/plain' }).end(says)
  const status = Number(ailment)
  json(to, status, {
    ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: says, reason: says, code: status },
    errors: [{ code: 'DENIED', message: says, detail: says }],
    error: { message: says, code: says, type: says },
    error_description: says,
  })
}
