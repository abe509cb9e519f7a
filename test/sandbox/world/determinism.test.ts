import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { queryInstant } from '../../../sandbox/metrics/query.ts'
import { createCluster } from './cluster.ts'

/** A busy quarter of an hour: deploys good and bad, a crash, a lost node, a spike. @returns everything that happened, as text */
function live(seed: number): { log: string; answer: string; logs: string } {
  const cluster = createCluster({ shop: true, seed })
  const deploy = (service: string, version: string) =>
    cluster.store.modify('apps/deployments', 'shop-production', service, (draft) => {
      const container = draft.spec.template.spec.containers[0]
      if (container !== undefined) container.image = `registry.sandbox.test/shop/${service}:${version}`
    })
  cluster.advance(60)
  deploy('checkout', '1.4.2')
  cluster.advance(120)
  deploy('cart', '1.9.0')
  cluster.world.control.setFaults('payments', 'shop-production', { errorShare: 0.3 })
  cluster.advance(150)
  cluster.world.control.setNodeDown('node-2', true)
  cluster.world.control.setSpike('shop-production', 3, 10)
  cluster.advance(400)
  const pod = cluster.store
    .list('pods', { namespace: 'shop-production' })
    .find((each) => each.metadata.labels?.app === 'payments')
  const options = { follow: false, previous: false, timestamps: true, signal: new AbortController().signal }
  const name = pod?.metadata.name ?? ''
  return {
    log: cluster.changes
      .map(({ type, resource, object }) => `${type} ${resource} ${JSON.stringify(object)}`)
      .join('\n'),
    answer: JSON.stringify(
      queryInstant(
        cluster.world.database,
        'sum by (service, code) (rate(http_requests_total[5m]))',
        cluster.clock.now(),
      ),
    ),
    logs: String(cluster.world.logs({ namespace: 'shop-production', name }, 'payments', options)),
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

it('lives the same quarter of an hour twice under one seed, and another one under another', () => {
  const first = live(7)
  const second = live(7)
  expect(digest(second.log)).toBe(digest(first.log))
  expect(second.answer).toBe(first.answer)
  expect(second.logs).toBe(first.logs)
  expect(first.logs).toContain('"level":"error"')
  const other = live(8)
  expect(digest(other.log)).not.toBe(digest(first.log))
  expect(other.answer).not.toBe(first.answer)
})
