import { describe, expect, test, vi } from 'vitest'
import { createTracing } from '../../../clients/tracing/exporter.ts'
import { spansOf, traceIdOf } from '../../../clients/tracing/spans.ts'
import type { OperationId, RequestId } from '../../../core/ids.ts'
import { type Logger, silentLogger } from '../../../core/ports/logger.ts'
import type { Deed } from '../../../core/ports/telemetry.ts'
import { processorMs } from '../../_harness/processor-time.ts'
import { startTraceReceiver } from '../../_harness/trace-receiver.ts'

const requestId = 'rq-7f3k9m2q0000' as RequestId
const from = new Date('2026-11-20T10:00:00.000Z')
const until = new Date('2026-11-20T10:00:01.500Z')
const answered: Deed = { what: 'answered', requestId, surface: 'web', outcome: 'proposed', from, until }
const ran = (fence: number): Deed => ({
  ...{ what: 'ran', requestId, operationId: 'op-7f3k9m2q' as OperationId, skill: 'deploy', fence },
  ...{ workerId: 'w-1', state: 'succeeded', readyAt: undefined, from, until },
})

describe('spans', () => {
  test('of one request share a trace wherever they are made, and each claim of a worker is a job of its own', () => {
    const [root] = spansOf(answered)
    const [first] = spansOf(ran(1))
    const [second] = spansOf(ran(2))
    expect(root).toMatchObject({ name: 'request', traceId: traceIdOf(requestId) })
    expect(root).not.toHaveProperty('parentId')
    expect(first).toMatchObject({ name: 'job', traceId: root?.traceId, parentId: root?.spanId })
    expect(second?.spanId).not.toBe(first?.spanId)
    expect(spansOf(ran(1))).toEqual([first])
    expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(root?.spanId).toMatch(/^[0-9a-f]{16}$/)
  })

  test('arrive with their times, and never end before they begin', async () => {
    const collector = await startTraceReceiver()
    const tracing = createTracing({ url: collector.url, role: 'bot', log: silentLogger })
    tracing.tell(answered)
    tracing.tell({ ...answered, from: until, until: from })
    await tracing.close()
    await collector.close()
    const times = collector.spans.map(({ fromMs, untilMs }) => [fromMs, untilMs])
    expect(times).toEqual([
      [from.getTime(), until.getTime()],
      [until.getTime(), until.getTime()],
    ])
    expect(collector.spans[0]).toMatchObject({ name: 'request', role: 'bot', failed: false })
  })
})

test('a collector that is down slows nobody, is said once, and holds up no end', async () => {
  const warn = vi.fn<Logger['warn']>()
  const url = 'http://127.0.0.1:9/v1/traces'
  const tracing = createTracing({ url, role: 'bot', log: { ...silentLogger, warn } })
  const toldMs = processorMs(() => {
    for (let count = 0; count < 10_000; count++) tracing.tell(answered)
  })
  expect(toldMs / 10_000, 'milliseconds a deed').toBeLessThan(0.5)
  const closing = performance.now()
  await tracing.close()
  expect(performance.now() - closing).toBeLessThan(30_000)
  expect(warn.mock.calls.filter(([, says]) => says.startsWith('traces cannot be sent')).length).toBeLessThanOrEqual(1)
})
