import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeliveryId, OperationId, RequestId } from '../../core/ids.ts'
import type { Deed } from '../../core/ports/telemetry.ts'
import { countDeeds } from '../../http/metrics/deeds.ts'
import { hasPrometheus } from '../_harness/prometheus.ts'

const RULES = fileURLToPath(new URL('../../deploy/prometheus/alerts.yaml', import.meta.url))
const from = new Date('2026-11-20T10:00:00.000Z')
const took = { from, until: from }
const of = { requestId: 'rq-1' as RequestId, operationId: 'op-1' as OperationId }

const gaveUp = { what: 'gave-up', surface: 'slack', deliveryId: 'dl-1' as DeliveryId, ...of, ...took } as const
const failed = {
  ...{ what: 'step', ...of, ...took, skill: 'deploy', fence: 1 },
  ...{ phase: 'run', kind: 'step', name: 'change the image', outcome: 'failed' },
} as const

if (!hasPrometheus) console.warn('SKIPPED: promtool is not installed, so no alert is tried.')
describe.runIf(hasPrometheus)('an alert on what is counted', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-alerts-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What a process tells of itself before and after these deeds, as series of a minute a value; then what promtool says of the alert. */
  async function tried(deeds: readonly Deed[], alertname: string) {
    const registry = new Registry()
    const telemetry = countDeeds(registry)
    const read = async () =>
      new Map(
        (await registry.metrics()).split('\n').flatMap((line) => {
          const [, series, value] = /^(quarterdeck_\S+) (\d+)$/.exec(line) ?? []
          return series && value ? [[series, value] as const] : []
        }),
      )
    const before = await read()
    for (const deed of deeds) telemetry.tell(deed)
    // What a process does not tell of yet is absent, not zero.
    const input_series = [...(await read())].map(([series, now]) => ({
      series,
      values: `${before.get(series) ?? '_'}x4 ${now}x9`,
    }))
    const expr = `count(ALERTS{alertname="${alertname}", alertstate="firing"})`
    const promql_expr_test = [
      { expr, eval_time: '4m', exp_samples: [] },
      { expr, eval_time: '8m', exp_samples: [{ labels: '{}', value: 1 }] },
    ]
    const file = join(folder, `${alertname}.json`)
    // JSON is YAML.
    writeFileSync(
      file,
      JSON.stringify({ rule_files: [RULES], tests: [{ interval: '1m', input_series, promql_expr_test }] }),
    )
    const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    return `${stdout}${stderr}`
  }

  test.each([
    ['the first card that is given up', 'QuarterdeckCardsGivenUp', [gaveUp]],
    ['the first steps that fail', 'QuarterdeckStepsFail', Array(7).fill(failed)],
  ])('fires at %s in the life of a process', async (_what, alertname, deeds) => {
    expect(await tried(deeds, alertname)).toContain('SUCCESS')
  })
})
