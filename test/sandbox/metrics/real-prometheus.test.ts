import { execFile, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { queryInstant } from '../../../sandbox/metrics/query.ts'
import { stepMs } from '../../../sandbox/metrics/time-series.ts'
import { createCluster, type TestCluster } from '../world/cluster.ts'

const isInstalled = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0)
if (!isInstalled)
  console.warn('Skipped: prometheus and promtool are not installed, so nothing is compared with the real one.')

const queries = [
  'sum(rate(http_requests_total[5m])) by (service, namespace)',
  'sum(rate(http_requests_total{code=~"5..",namespace="shop-production"}[2m])) / sum(rate(http_requests_total{namespace="shop-production"}[2m]))',
  'histogram_quantile(0.95, sum by (le, service) (rate(http_request_duration_seconds_bucket{namespace="shop-production"}[5m])))',
  'histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket[5m] offset 2m)))',
  'rate(http_request_duration_seconds_sum{service="checkout"}[3m]) / rate(http_request_duration_seconds_count{service="checkout"}[3m])',
  'increase(kube_pod_container_status_restarts_total{namespace="shop-production"}[10m]) > 0',
  'topk(3, sum by (pod) (rate(container_cpu_usage_seconds_total[4m])))',
  'max_over_time(container_memory_working_set_bytes{service="payments"}[5m])',
  'avg_over_time(queue_depth[5m])',
  'deriv(container_memory_working_set_bytes{service="payments"}[5m])',
  'predict_linear(container_memory_working_set_bytes{service="cart"}[5m], 3600)',
  'irate(http_requests_total{service="web",namespace="shop-production",code="200"}[2m])',
  'resets(http_requests_total{service="payments"}[10m])',
  'changes(kube_deployment_status_replicas_available[10m]) > 0',
  'quantile_over_time(0.9, container_memory_working_set_bytes{service="payments"}[5m])',
  'kube_deployment_status_replicas_available / on(namespace, deployment) kube_deployment_spec_replicas',
  'count(up == 1) by (environment)',
  'max_over_time(sum by (service) (rate(http_requests_total{namespace="shop-production"}[1m] offset 7s))[5m:1m])',
  'stddev by (service) (rate(http_requests_total{code="200"}[5m]))',
  'sum(kube_deployment_spec_replicas) unless on() absent(up)',
  'label_replace(count by (service) (up), "who", "$1!", "service", "(.*)t")',
  'bottomk(2, kube_deployment_spec_replicas{namespace="shop-production"})',
  'clamp(count by (service)(up), 2, 4) * 2 ^ 3 % 5',
  'absent(up{service="nobody"})',
]

/** Everything that was sampled, in the OpenMetrics text format that promtool imports. */
function dump(cluster: TestCluster): string {
  const lines = cluster.world.database.names().flatMap((name) =>
    cluster.world.database
      .select([{ label: '__name__', operator: '=', value: name, matches: (value) => value === name }])
      .flatMap((series) => {
        const labels = Object.entries(series.labels).filter(([label]) => label !== '__name__')
        const text = labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')
        const samples = series.range(cluster.clock.now() - 20 * 60_000, cluster.clock.now())
        return samples.map(({ timeMs, value }) => `${name}{${text}} ${value} ${timeMs / 1000}`)
      }),
  )
  return `${lines.join('\n')}\n# EOF\n`
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const byLabels = (result: { metric: Record<string, string>; value: [number, string] }[]) =>
  new Map(result.map(({ metric, value }) => [JSON.stringify(Object.entries(metric).sort()), Number(value[1])]))

describe.skipIf(!isInstalled)('beside a real Prometheus with the same samples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-prometheus-'))
  let cluster: TestCluster
  let url = ''
  let child: ReturnType<typeof spawn> | undefined

  beforeAll(async () => {
    cluster = createCluster({ shop: true })
    cluster.advance(300)
    cluster.world.control.setFaults('payments', 'shop-production', { errorShare: 0.2, leakMiBPerMinute: 200 })
    cluster.advance(427)
    writeFileSync(join(folder, 'samples.txt'), dump(cluster))
    const blocks = join(folder, 'data')
    await promisify(execFile)('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      join(folder, 'samples.txt'),
      blocks,
    ])
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {scrape_interval: 1h}\n')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const retention = '--storage.tsdb.retention.time=100y'
    const flags = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${blocks}`, retention]
    child = spawn('prometheus', [...flags, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    const isReady = () =>
      fetch(`${url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      )
    await vi.waitUntil(isReady, { timeout: 60_000, interval: 200 })
  })

  afterAll(async () => {
    if (child !== undefined) {
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child.kill()
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(queries)('%s', async (query) => {
    // Between two samples: whether a window's edge counts differs between Prometheus 2 and 3.
    const timeMs = Math.floor(cluster.clock.now() / stepMs) * stepMs - 8000
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(timeMs / 1000) })}`)
    const real = await response.json()
    expect(real.status, JSON.stringify(real)).toBe('success')
    const ours = queryInstant(cluster.world.database, query, timeMs)
    if (ours.resultType !== 'vector') throw new Error(`Not a vector: ${ours.resultType}`)
    const expected = byLabels(real.data.result)
    const actual = byLabels(ours.result.map(({ metric, value }) => ({ metric: { ...metric }, value })))
    expect(expected.size).toBeGreaterThan(0)
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort())
    for (const [labels, value] of expected) {
      if (Number.isNaN(value)) expect(actual.get(labels), labels).toBeNaN()
      else
        expect(Math.abs((actual.get(labels) ?? 0) - value), labels).toBeLessThanOrEqual(1e-6 + Math.abs(value) * 1e-6)
    }
  })
})
