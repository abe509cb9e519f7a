import { beforeAll, describe, expect, it } from 'vitest'
import { queryInstant } from '../../../sandbox/metrics/query.ts'
import { demandAt } from '../../../sandbox/world/traffic/load-curve.ts'
import { createCluster, type TestCluster } from './cluster.ts'

const production = 'shop-production'
const noOptions = { follow: false, previous: false, timestamps: false }

function value(cluster: TestCluster, query: string): number {
  const answer = queryInstant(cluster.world.database, query, cluster.clock.now())
  if (answer.resultType !== 'vector') throw new Error(`Not a vector: ${query}`)
  return Number(answer.result[0]?.value[1] ?? Number.NaN)
}

const errorShare = (service: string) =>
  `sum(rate(http_requests_total{namespace="${production}",service="${service}",code=~"5.."}[2m])) / sum(rate(http_requests_total{namespace="${production}",service="${service}"}[2m]))`
const p95 = (service: string) =>
  `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="${production}",service="${service}"}[2m])))`

describe('demand', () => {
  it('is low at night, high in the evening, higher at the weekend', () => {
    const hour = (day: number, hours: number) => demandAt('seed/production', Date.UTC(2026, 2, day, hours, 30))
    // 4 March 2026 is a Wednesday, 7 March a Saturday.
    expect(hour(4, 3)).toBeLessThan(0.2)
    expect(hour(4, 20)).toBeGreaterThan(0.8)
    expect(hour(7, 20)).toBeGreaterThan(hour(4, 20) * 1.1)
  })
})

describe('traffic in the shop', () => {
  let cluster: TestCluster
  beforeAll(() => {
    cluster = createCluster({ shop: true })
    cluster.advance(240)
  })
  const inTrouble = (service: string, faults: object, seconds = 180) => {
    cluster.world.control.setFaults(service, production, faults)
    cluster.advance(seconds)
  }

  it('is calm in the beginning', () => {
    for (const service of ['web', 'checkout', 'payments', 'catalog']) {
      expect(value(cluster, errorShare(service)), service).toBeLessThan(0.01)
    }
    const rate = (service: string) =>
      value(cluster, `sum(rate(http_requests_total{namespace="${production}",service="${service}"}[2m]))`)
    expect(rate('web')).toBeGreaterThan(100)
    expect(rate('checkout') / rate('web')).toBeCloseTo(0.06, 2)
  })

  it('lets errors of payments rise through checkout to the front door, by their weight', () => {
    inTrouble('payments', { errorShare: 0.5 })
    expect(value(cluster, errorShare('payments'))).toBeCloseTo(0.5, 1)
    expect(value(cluster, errorShare('checkout'))).toBeCloseTo(0.5, 1)
    const web = value(cluster, errorShare('web'))
    expect(web).toBeGreaterThan(0.01)
    expect(web).toBeLessThan(0.1)
    inTrouble('payments', { errorShare: 0 })
    expect(value(cluster, errorShare('checkout'))).toBeLessThan(0.01)
  })

  it('hardly notices that recommendations are gone, and slows down with what it waits for', () => {
    inTrouble('recommendations', { crash: true }, 200)
    expect(value(cluster, errorShare('web'))).toBeLessThan(0.02)
    cluster.world.control.clearFaults('recommendations', production)
    const before = value(cluster, p95('checkout'))
    inTrouble('payments', { latencyMs: 800 })
    expect(value(cluster, p95('checkout'))).toBeGreaterThan(before + 0.7)
    cluster.world.control.clearFaults('payments', production)
  })

  it('writes the reason into the log of the service that suffers', () => {
    inTrouble('checkout', { unreachable: ['payments'] }, 120)
    const pod = cluster.store
      .list('pods', { namespace: production })
      .find((each) => each.metadata.labels?.app === 'checkout')
    const name = pod?.metadata.name ?? ''
    const options = {
      ...noOptions,
      signal: new AbortController().signal,
      since: new Date(cluster.clock.now() - 60_000),
    }
    const lines = String(cluster.world.logs({ namespace: production, name }, 'checkout', options))
      .trim()
      .split('\n')
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'error',
        status: 503,
        error: 'call to payments failed: upstream answered 503 (connection refused)',
      }),
    )
    cluster.world.control.clearFaults('checkout', production)
    const tail = String(cluster.world.logs({ namespace: production, name }, 'checkout', { ...options, tailLines: 3 }))
    expect(tail.trim().split('\n')).toEqual(lines.slice(-3))
  })

  it('follows a log without gaps or repetitions until the reader hangs up', async () => {
    const pod = cluster.store
      .list('pods', { namespace: production })
      .find((each) => each.metadata.labels?.app === 'web')
    const target = { namespace: production, name: pod?.metadata.name ?? '' }
    const hangUp = new AbortController()
    const options = { ...noOptions, signal: hangUp.signal }
    const stream = cluster.world.logs(target, 'web', { ...options, follow: true, tailLines: 0 })
    if (typeof stream === 'string') throw new Error('Following gives a stream.')
    const from = new Date(cluster.clock.now())
    const followed: string[] = []
    const reading = (async () => {
      for await (const text of stream) followed.push(text)
    })()
    for (let step = 0; step < 60; step++) {
      cluster.clock.advance(500)
      // The stream wakes up in promises: let them run before time goes on.
      await new Promise((resolve) => setImmediate(resolve))
    }
    hangUp.abort()
    await reading
    const whole = String(cluster.world.logs(target, 'web', { ...options, since: from }))
    expect(followed.join('').split('\n').length).toBeGreaterThan(10)
    expect(whole.startsWith(followed.join(''))).toBe(true)
  })
})

describe('counters', () => {
  it('never fall but at a restart, and count nothing twice, though a broken node hid their pod for a while', () => {
    const cluster = createCluster({ shop: true })
    cluster.advance(60)
    cluster.world.control.setSpike(production, 5, 4)
    cluster.advance(600)
    const pod = cluster.store
      .list('pods', { namespace: production })
      .find((each) => each.metadata.labels?.app === 'catalog')
    const node = pod?.spec.nodeName ?? ''
    const counted = `http_request_duration_seconds_count{pod="${pod?.metadata.name}"}`
    const before = value(cluster, counted)
    const perSecond = value(cluster, `rate(${counted}[2m])`)
    cluster.world.control.setNodeDown(node, true)
    cluster.advance(120)
    cluster.world.control.setNodeDown(node, false)
    cluster.advance(60)
    expect(value(cluster, `resets(${counted}[5m])`)).toBe(0)
    const grown = value(cluster, counted) - before
    expect(grown).toBeGreaterThanOrEqual(0)
    expect(grown).toBeLessThan(perSecond * 120)
  })
})
