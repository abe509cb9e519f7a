import { expect, test } from 'vitest'
import { UpstreamError } from '../../../core/errors.ts'
import { json } from '../fake-http.ts'
import { checkout, cluster, deployment, healthy, status } from './fake-cluster.ts'

test('a token that is not accepted: one try, and what to look at', async () => {
  const { reader, server } = await cluster((_, response) =>
    json(response, 401, status(401, 'Unauthorized', 'Unauthorized')),
  )
  await expect(reader.workload(checkout)).rejects.toThrow(
    'The cluster "sandbox" does not accept our credentials: the kubeconfig\'s token or certificate is wrong or has expired.',
  )
  expect(server.asked).toHaveLength(1)
  expect(server.asked[0]?.headers.authorization).toBe('Bearer secret')
})

test('a missing right is named with what to grant', async () => {
  const why =
    'deployments.apps "checkout" is forbidden: User "bot" cannot get resource "deployments" in API group "apps" in the namespace "shop-staging"'
  const { reader } = await cluster((_, response) => json(response, 403, status(403, 'Forbidden', why)))
  const refused = reader.workload(checkout)
  await expect(refused).rejects.toThrow(UpstreamError)
  await expect(refused).rejects.toMatchObject({ retryable: false })
  await expect(refused).rejects.toThrow(
    /lacks the permission to get deployments \(apps\) in the namespace shop-staging\. Apply deploy\/rbac\.yaml/,
  )
})

test('Retry-After is honoured when it is short, and handed on when it is long', async () => {
  let asksToWait = true
  const { reader, server } = await cluster((asked, response) => {
    if (asksToWait) json(response, 429, status(429, 'TooManyRequests', 'slow down'), { 'retry-after': '1' })
    else json(response, 200, healthy(asked))
    asksToWait = false
  })
  const startedAt = performance.now()
  expect((await reader.workload(checkout)).version).toBe('1.0.0')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990)
  expect(server.asked).toHaveLength(4)

  const patient = await cluster((_, response) =>
    json(response, 429, status(429, 'TooManyRequests', 'slow down'), { 'retry-after': '120' }),
  )
  const refused = patient.reader.workload(checkout)
  await expect(refused).rejects.toMatchObject({ retryable: true, retryAfterMs: 120_000 })
  await expect(refused).rejects.toThrow(/overloaded and asks to wait/)
  expect(patient.server.asked).toHaveLength(1)
})

test('an API server that never answers costs no more than its timeout', async () => {
  const { reader } = await cluster(() => {}, { retries: 0 })
  await expect(reader.workload(checkout)).rejects.toThrow('The cluster "sandbox" does not answer (no answer in time).')
})

test('after a few failures in a row nobody asks any more, until one try gets through', async () => {
  let down = true
  const { reader, server } = await cluster((asked, response) =>
    down ? json(response, 503, status(503, 'ServiceUnavailable', 'etcd is gone')) : json(response, 200, healthy(asked)),
  )
  await expect(reader.workload(checkout)).rejects.toThrow(/does not answer \(HTTP 503: etcd is gone\)/)
  expect(server.asked).toHaveLength(3)
  const health = await reader.health('staging')
  expect(health).toEqual({ ok: false, says: expect.stringMatching(/etcd is gone; it is asked again in 1 s/) })
  expect(server.asked).toHaveLength(3)
  down = false
  await expect.poll(() => reader.health('staging')).toMatchObject({ ok: true })
  expect(server.asked).toHaveLength(4)
})

test('what is missing does not count as an outage', async () => {
  const { reader, server } = await cluster((_, response) => json(response, 404, status(404, 'NotFound', 'not found')))
  for (let tries = 0; tries < 5; tries++)
    await expect(reader.workload(checkout)).rejects.toThrow(
      'checkout does not run in staging: there is no deployment "checkout" in the namespace shop-staging of the cluster "sandbox".',
    )
  expect(server.asked).toHaveLength(5)
})

test('something else behind the address is told from an API server', async () => {
  const { reader } = await cluster((_, response) => response.writeHead(200).end('<html>Welcome to nginx</html>'))
  await expect(reader.workload(checkout)).rejects.toThrow(/with something that is no Kubernetes answer/)
})

test("an admission webhook's refusal is told in its own words, and nothing was changed", async () => {
  const why = 'admission webhook "policy.test" denied the request: images must come from registry.test'
  const { writer } = await cluster((asked, response) =>
    asked.method === 'PATCH' ? json(response, 403, status(403, 'Forbidden', why)) : json(response, 200, healthy(asked)),
  )
  const refused = writer.setReplicas(checkout, {
    replicas: 3,
    expectReplicas: 2,
    operation: 'op-x' as never,
    step: 's',
  })
  await expect(refused).rejects.toThrow(`The cluster "sandbox" refuses: ${why}. Nothing was changed.`)
})

test('a write that is asked to wait for long is handed back at once, with the time', async () => {
  const { writer, server } = await cluster((asked, response) =>
    asked.method === 'PATCH'
      ? json(response, 429, status(429, 'TooManyRequests', 'slow down'), { 'retry-after': '3600' })
      : json(response, 200, healthy(asked)),
  )
  const change = { replicas: 3, expectReplicas: 2, operation: 'op-x' as never, step: 's' }
  const writing = writer.setReplicas(checkout, change).catch((error: unknown) => error)
  const late = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 3_000))
  expect(await Promise.race([writing, late])).toMatchObject({ retryable: true, retryAfterMs: 3_600_000 })
  expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PATCH'])
})

test('a write whose answer is lost is looked for before it is made again', async () => {
  let applied: Record<string, string> | undefined
  const { writer, server } = await cluster((asked, response) => {
    if (asked.method === 'PATCH') {
      applied = { 'quarterdeck.dev/writes': '["op-x/s"]' }
      response.destroy() // done, and the connection breaks before the answer
    } else if (applied) {
      const metadata = { ...deployment.metadata, annotations: applied, resourceVersion: '6', generation: 2 }
      json(response, 200, { metadata, spec: { ...deployment.spec, replicas: 3 } })
    } else json(response, 200, deployment)
  })
  const change = { replicas: 3, expectReplicas: 2, operation: 'op-x' as never, step: 's' }
  expect(await writer.setReplicas(checkout, change)).toEqual({ generation: 2, resourceVersion: '6' })
  expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
})

test('a proxy that sends to its login page is told from an API server', async () => {
  const { reader } = await cluster((_, response) => response.writeHead(302, { location: '/login' }).end())
  await expect(reader.workload(checkout)).rejects.toThrow(
    'The cluster "sandbox" sends us elsewhere (HTTP 302): something in between, a login page it may be, answers in its place.',
  )
})

test('an API that a cluster does not have is named', async () => {
  const { reader } = await cluster((asked, response) =>
    asked.url.includes('autoscaling')
      ? json(response, 404, status(404, 'NotFound', 'the server could not find the requested resource'))
      : json(response, 200, healthy(asked)),
  )
  const refused = reader.workload(checkout)
  await expect(refused).rejects.toThrow(UpstreamError)
  await expect(refused).rejects.toThrow(/does not serve \/apis\/autoscaling\/v2\/namespaces\/shop-staging/)
})

test('a plugin for credentials that hangs costs no more than the timeout', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['50'] }
  const { reader, server } = await cluster(() => {}, { retries: 0 }, { exec })
  const startedAt = performance.now()
  await expect(reader.workload(checkout)).rejects.toThrow(
    'The cluster "sandbox" does not answer (the kubeconfig\'s credentials cannot be had in time).',
  )
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  expect(server.asked).toHaveLength(0)
})

test('a list that was changed too much between two pages is begun again', async () => {
  let expired = 0
  const { reader, server } = await cluster((asked, response) => {
    if (!asked.url.includes('/pods')) return json(response, 200, healthy(asked))
    if (!asked.url.includes('continue=')) return json(response, 200, { items: [], metadata: { continue: 'next' } })
    if (expired++ === 0)
      return json(response, 410, status(410, 'Expired', 'the provided continue parameter is too old'))
    json(response, 200, { items: [], metadata: {} })
  })
  expect((await reader.workload(checkout)).version).toBe('1.0.0')
  expect(server.asked.filter(({ url }) => url.includes('/pods'))).toHaveLength(4)
})
