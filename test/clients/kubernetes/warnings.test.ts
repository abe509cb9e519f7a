import { expect, test } from 'vitest'
import { json } from '../fake-http.ts'
import { checkout, cluster, healthy } from './fake-cluster.ts'

const podAt = (at: number, ready: boolean, deleted = false) => ({
  metadata: {
    name: `checkout-6d5f-${at}`,
    namespace: 'shop-staging',
    uid: `pod-${at}`,
    ...(deleted ? { deletionTimestamp: '2026-11-20T10:00:00Z' } : {}),
  },
  status: {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [
      { name: 'checkout', state: ready ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
  },
})

/** A cluster with these pods; resolves with how its events were asked for. */
async function asking(pods: readonly object[]) {
  const { reader, server } = await cluster((asked, response) =>
    json(response, 200, asked.url.includes('/pods?') ? { items: pods, metadata: {} } : healthy(asked)),
  )
  await reader.workload(checkout)
  const urls = server.asked.map(({ url }) => new URL(url, 'http://cluster.test'))
  return urls.filter(({ pathname }) => pathname.endsWith('/events')).map((url) => url.searchParams.get('fieldSelector'))
}

test('events are asked for where a pod is not well, and of that pod', async () => {
  expect(await asking([podAt(1, true), podAt(2, false), podAt(3, false, true), podAt(4, false)])).toEqual([
    'type=Warning,involvedObject.uid=pod-2',
    'type=Warning,involvedObject.uid=pod-4',
  ])
  expect(await asking([podAt(1, true)])).toEqual([])
})

test('where many pods are not well, those of the namespace are asked for once', async () =>
  expect(await asking(Array.from({ length: 40 }, (_, at) => podAt(at, false)))).toEqual(['type=Warning']))
