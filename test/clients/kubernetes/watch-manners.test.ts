import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { json } from '../fake-http.ts'
import { checkout, cluster, deployment, healthy, status } from './fake-cluster.ts'

const PATIENCE_MS = 1_000

test('a rollout that is given up while its first answer is on the way is not followed', async () => {
  const stop = new AbortController()
  const why = new Error('cancelled by Ada')
  const { reader } = await cluster((asked, response) => {
    stop.abort(why)
    json(response, 200, healthy(asked))
  })
  const following = reader.followRollout(checkout, { generation: 1, signal: stop.signal, onProgress: () => {} })
  await expect(Promise.race([following, pause(PATIENCE_MS, 'still followed')])).rejects.toBe(why)
})

test.each([
  ['that ends each watch at once', ''],
  [
    'whose lists are always too old to watch',
    `${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired', 'too old') })}\n`,
  ],
])('an API server %s is given a rest between two', async (_, body) => {
  const rolling = { ...deployment, status: { observedGeneration: 1, replicas: 2, updatedReplicas: 1 } }
  const { reader, server } = await cluster(
    (asked, response) => {
      if (asked.url.includes('watch=true')) response.writeHead(200).end(body)
      else if (asked.url.includes('/deployments?'))
        json(response, 200, { items: [rolling], metadata: { resourceVersion: '5' } })
      else json(response, 200, healthy(asked))
    },
    { firstDelayMs: 60_000, longestDelayMs: 60_000 },
  )
  const signal = AbortSignal.timeout(PATIENCE_MS)
  await expect(reader.followRollout(checkout, { generation: 1, signal, onProgress: () => {} })).rejects.toThrow()
  // Four things are watched.
  expect(server.asked.filter(({ url }) => url.includes('watch=true')).length).toBeLessThanOrEqual(6)
})
