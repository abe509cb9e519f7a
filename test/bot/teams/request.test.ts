import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConnector } from '../../../bot/teams/connector/connector.ts'
import { createServiceHealth } from '../../../bot/teams/connector/health.ts'

let answer: (response: ServerResponse) => void = (response) => response.end()
const server = createServer((_request, response) => answer(response))
let address = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // on TCP
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const OWN = { get: async () => 'a token', refused: () => false }

/** Whoever speaks is asked for again after this, and not given up. */
const PASSES = { name: 'UpstreamError', service: 'teams', retryable: true, message: expect.stringMatching(/^Teams /) }

test.each<[string, typeof answer]>([
  [
    'an answer that breaks off',
    (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"id":"29:1"', () => response.destroy())
    },
  ],
  ['a page of a proxy', (response) => response.end('<html>Sign in to this network</html>')],
  ['an answer about nobody', (response) => response.end('{}')],
])('%s is said in a sentence and may pass', async (_what, as) => {
  answer = as
  const { conversations } = createConnector(address, OWN, createServiceHealth())
  await expect(conversations.getConversationMember('19:c', 'mira')).rejects.toMatchObject(PASSES)
})
