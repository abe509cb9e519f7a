import { onTestFinished } from 'vitest'
import { createClusterClient } from '../../../clients/kubernetes/client.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { type Asked, startFakeHttp } from '../fake-http.ts'
import { shopCatalog } from './shop.ts'

export const checkout = { service: 'checkout', environment: 'staging' }

/** A client on an API server that answers as told; the token is `secret` unless a user is given. */
export async function cluster(
  answer: Parameters<typeof startFakeHttp>[0],
  resilience = {},
  user: object = { token: 'secret' },
  requestTimeoutMs = 300,
) {
  const server = await startFakeHttp(answer)
  const client = createClusterClient({
    kubeconfigs: () => ({ text: kubeconfig(server.url, user) }),
    catalog: () => shopCatalog(),
    log: silentLogger,
    clock: () => new Date(),
    requestTimeoutMs,
    resilience: {
      retries: 2,
      firstDelayMs: 1,
      longestDelayMs: 2_000,
      opensAfter: 3,
      halfOpenAfterMs: 150,
      ...resilience,
    },
  })
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  return { ...client, server }
}

const kubeconfig = (server: string, user: object) =>
  JSON.stringify({
    clusters: [{ name: 'a', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'sandbox', context: { cluster: 'a', user: 'u' } }],
  })

export const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message,
})

export const deployment = {
  metadata: { name: 'checkout', namespace: 'shop-staging', uid: 'u1', resourceVersion: '5', generation: 1 },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'checkout' } },
    template: { spec: { containers: [{ name: 'checkout', image: 'registry.test/shop/checkout:1.0.0' }] } },
  },
}
export const healthy = ({ url }: Asked) => (url.includes('/deployments/') ? deployment : { items: [], metadata: {} })
