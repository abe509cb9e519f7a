import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countDeeds } from '../../http/metrics/deeds.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { hasPrometheus, type RealPrometheus, startPrometheus } from '../_harness/prometheus.ts'
import { soon } from '../_harness/soon.ts'

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))
const RULES = pathOf('deploy/prometheus/alerts.yaml')
const DASHBOARD = pathOf('deploy/grafana/quarterdeck.json')

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[]
}
const panels = (JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard).panels // ours, in Grafana's shape
const panelQueries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$job', '.*')] as const),
)
/** Every metric a query names, without the suffixes of a histogram's series. */
const namesIn = (query: string) =>
  [...query.matchAll(/\b(?:quarterdeck|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, ''),
  )

/** The counts of a program that has done nothing. */
function countedNothing(): Registry {
  const registry = new Registry()
  countDeeds(registry)
  return registry
}

describe('metrics of a program that works', () => {
  let q: TestProgram
  let prometheus: RealPrometheus | undefined
  beforeAll(async () => {
    q = await startTestProgram({ config: { metrics: { host: '127.0.0.1', port: 0 } } })
    if (hasPrometheus) prometheus = await startPrometheus(q.program.metricsAddress ?? '', RULES)
    else console.warn('SKIPPED: prometheus and promtool are not installed, so nothing is scraped by the real one.')
    const mira = await q.as('mira')
    const jonas = await q.as('jonas', mira.thread)
    await mira.says('status')
    await mira.says('deploy checkout to the moon <script> secret-word')
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    expect((await mira.clicks(plan, 'Approve')).ok).toBe(false)
    expect((await jonas.clicks(plan, 'Approve')).ok).toBe(true)
    await mira.seesTheEnd(plan.operationId)
  })
  afterAll(async () => {
    await prometheus?.close()
    await q?.close()
  })
  const scrape = async (address = q.program.metricsAddress) => (await fetch(`${address}/metrics`)).text()
  const value = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1),
    )

  test('count what people did, and what became of it', async () => {
    const text = await scrape()
    expect(value(text, 'quarterdeck_requests_total{surface="web",outcome="answered"}')).toBe(1)
    expect(value(text, 'quarterdeck_requests_total{surface="web",outcome="proposed"}')).toBe(1)
    expect(value(text, 'quarterdeck_clicks_total{surface="web",verb="approve",result="counted"}')).toBe(1)
    expect(value(text, 'quarterdeck_clicks_total{surface="web",verb="approve",result="refused"}')).toBe(1)
    for (const state of ['awaiting_approval', 'approved', 'running', 'succeeded'])
      expect(value(text, `quarterdeck_operation_transitions_total{state="${state}",skill="deploy"}`), state).toBe(1)
    expect(value(text, 'quarterdeck_approval_wait_seconds_count')).toBe(1)
    expect(value(text, 'quarterdeck_request_first_card_seconds_count{surface="web"}')).toBe(3)
    expect(value(text, 'quarterdeck_steps_total{kind="step",phase="run",outcome="done"}')).toBeGreaterThan(0)
    expect(value(text, 'quarterdeck_jobs_total{kind="advance",outcome="done"}')).toBeGreaterThan(0)
    expect(value(text, 'quarterdeck_store_up')).toBe(1)
    expect(value(text, 'quarterdeck_queue_up')).toBe(1)
    expect(text).toContain('quarterdeck_circuit_open{service="cluster ')
  })

  test('begin at zero, so that a panel sees the first of anything', async () => {
    const text = await scrape()
    for (const series of [
      'quarterdeck_requests_total{surface="slack",outcome="failed"}',
      'quarterdeck_readings_total{by="model"}',
      'quarterdeck_operation_transitions_total{state="needs_human",skill="scale"}',
      'quarterdeck_operation_transitions_total{state="failed",skill="several"}',
      'quarterdeck_operation_seconds_count{state="rolled_back"}',
      'quarterdeck_steps_total{kind="step",phase="compensate",outcome="done"}',
      'quarterdeck_step_seconds_count{outcome="failed"}',
      'quarterdeck_jobs_total{kind="unlock",outcome="failed"}',
      'quarterdeck_job_wait_seconds_count{kind="unlock"}',
      'quarterdeck_card_sends_total{surface="teams",outcome="failed"}',
      'quarterdeck_card_send_seconds_count{surface="teams"}',
      'quarterdeck_request_first_card_seconds_count{surface="teams"}',
      'quarterdeck_clicks_total{surface="teams",verb="break-glass",result="counted"}',
    ])
      expect(value(text, series), series).toBe(0)
    // What is counted begins at zero, whatever it is; of models and outside systems nobody knows the names before.
    const begun = await countedNothing().metrics()
    const empty = [...begun.matchAll(/^# TYPE (\w+) /gm)].flatMap(([, name = '']) =>
      new RegExp(`^${name}(?:_count)?[ {]`, 'm').test(begun) ? [] : [name],
    )
    expect(empty.filter((name) => !/_model_|_circuit_|_transitions_/.test(name))).toEqual([])
  })

  test('carry nobody’s words, and stay few', async () => {
    const lines = (await scrape()).split('\n').filter((line) => line.startsWith('quarterdeck_'))
    expect(lines.filter((line) => /secret-word|script|moon|mira|rq-|op-|dl-/.test(line))).toEqual([])
    expect(lines.length).toBeLessThan(1_500)
  })

  test('are at their own address only, where they have one; health is at both', async () => {
    expect((await fetch(`${q.address}/metrics`)).status).toBe(404)
    const ready = await fetch(`${q.program.metricsAddress}/readyz`)
    expect(((await ready.json()) as { parts: object }).parts).toMatchObject({
      store: { ok: true },
      cards: { ok: true },
    })
  })

  test.runIf(hasPrometheus)('read by promtool without a complaint', async () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' })
    // What Node's own metrics are called is prom-client's business.
    const ours = `${checked.stdout}${checked.stderr}`.split('\n').filter((line) => line.startsWith('quarterdeck_'))
    expect(ours).toEqual([])
    expect(spawnSync('promtool', ['check', 'rules', RULES]).status).toBe(0)
  })

  describe.runIf(hasPrometheus)('at the real Prometheus', () => {
    const real = () => prometheus as RealPrometheus // this block runs only where it was started

    test('a scrape arrives and a query answers', async () => {
      const succeeded = 'quarterdeck_operation_transitions_total{state="succeeded",skill="deploy"}'
      await soon(async () => expect((await real().query(succeeded))[0]?.value[1]).toBe('1'))
      expect((await real().query('up{job="quarterdeck"}'))[0]?.value[1]).toBe('1')
    })

    test.each(panelQueries)('the panel "%s" asks for what is there: %s', async (_title, query) => {
      await real().query(query)
      const known = await real().names()
      expect(namesIn(query).filter((name) => !known.has(name))).toEqual([])
    })

    test('every alert is evaluated, asks for what is there, and is quiet', async () => {
      await soon(async () => {
        const health = (await real().rules()).map((rule) => rule.health)
        expect(new Set(health)).toEqual(new Set(['ok']))
      })
      const known = await real().names()
      const rules = await real().rules()
      expect(rules.length).toBeGreaterThan(5)
      expect(rules.flatMap(({ query }) => namesIn(query)).filter((name) => !known.has(name))).toEqual([])
      expect(await real().query('ALERTS{alertstate="firing"}')).toEqual([])
    })
  })
})
