import { afterEach, expect, test, vi } from 'vitest'
import { createTracing } from '../../../clients/tracing/exporter.ts'
import type { RequestId } from '../../../core/ids.ts'
import { type Logger, silentLogger } from '../../../core/ports/logger.ts'
import { jsonOf, pageForPeople, useOutside } from '../../_harness/outside.ts'

const outside = useOutside()
afterEach(() => vi.unstubAllEnvs())

const COLLECTOR = 'POST https://otel.example/v1/traces'
const [, url = ''] = COLLECTOR.split(' ')
const from = new Date('2026-11-20T10:00:00Z')
const requestId = 'rq-7f3k9m2q0000' as RequestId
const answered = { what: 'answered', requestId, surface: 'web', outcome: 'proposed', from, until: from } as const

test('traces go to the address of the configuration as JSON, whatever the environment says', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'https://thief.example')
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'https://thief.example/v1/traces')
  vi.stubEnv('OTEL_SERVICE_NAME', 'somebody-else')
  outside.answers(COLLECTOR, () => jsonOf({ partialSuccess: {} }))
  const tracing = createTracing({ url, role: 'bot', log: silentLogger })
  tracing.tell(answered)
  await tracing.close()
  expect(outside.whats()).toEqual([COLLECTOR])
  const [sent] = outside.asked
  expect(sent?.headers.get('content-type')).toBe('application/json')
  expect(sent?.text).toContain('"stringValue":"quarterdeck"')
})

test('a collector that refuses them is named in the log', async () => {
  const warn = vi.fn<Logger['warn']>()
  outside.answers(COLLECTOR, () => pageForPeople(403))
  const tracing = createTracing({ url, role: 'bot', log: { ...silentLogger, warn } })
  tracing.tell(answered)
  await tracing.close()
  expect(warn.mock.calls).toEqual([
    [expect.objectContaining({ url }), 'traces cannot be sent; they are dropped until they can'],
  ])
})
