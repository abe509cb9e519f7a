import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from '../../core/ports/logger.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
import { spansOf, type TraceSpan } from './spans.ts'

export interface TracingOptions {
  readonly url: string
  readonly role: string
  readonly log: Logger
}

export interface Tracing extends Telemetry {
  /** Sends what is still here, within a moment. */
  close(): Promise<void>
}

const EXPORT_MS = 5_000
const EVERY_MS = 1_000
const CLOSE_MS = 3_000
/** About 2 kB each; more are dropped, newest first, while nobody takes them. */
const KEPT = 4_096

const KINDS = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
}

/** Sends traces as OTLP over HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/). While the collector is down nothing waits for it. */
export function createTracing({ url, role, log }: TracingOptions): Tracing {
  const exporter = complaining(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), url, log)
  const ids = givenIds()
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'quarterdeck', 'service.instance.role': role }),
    idGenerator: ids,
    // Half a trace helps nobody, and each process decides for itself: all or none, whatever the environment says.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: EVERY_MS,
        exportTimeoutMillis: EXPORT_MS,
        maxQueueSize: KEPT,
      }),
    ],
  })
  const tracer = provider.getTracer('quarterdeck')

  function add(span: TraceSpan): void {
    const { name, traceId, spanId, parentId, kind, from, until, ok, attributes } = span
    const parent = parentId && { traceId, spanId: parentId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    ids.next({ traceId, spanId })
    const made = tracer.startSpan(name, { kind: KINDS[kind], startTime: from, attributes }, context)
    if (!ok) made.setStatus({ code: SpanStatusCode.ERROR })
    // Two processes may have told the times, and no span ends before it begins.
    made.end(new Date(Math.max(from.getTime(), until.getTime())))
  }

  return {
    tell(deed) {
      for (const span of spansOf(deed)) add(span)
    },
    async close() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS)
      })
      await Promise.race([provider.shutdown().catch(() => undefined), late])
      clearTimeout(timer)
    },
  }
}

/** The SDK asks for ids while a span starts, which is synchronous: what was given just before is meant. */
function givenIds() {
  const random = new RandomIdGenerator()
  let given: { traceId?: string; spanId?: string | undefined } = {}
  return {
    next(ids: { traceId: string; spanId?: string | undefined }) {
      given = ids
    },
    generateTraceId: () => given.traceId ?? random.generateTraceId(),
    generateSpanId: () => given.spanId ?? random.generateSpanId(),
  }
}

/** Says once that traces are lost, and once that they arrive again. */
function complaining(exporter: OTLPTraceExporter, url: string, log: Logger): SpanExporter {
  let lost = 0
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error) {
          if (lost === 0) log.warn({ url, err: result.error }, 'traces cannot be sent; they are dropped until they can')
          lost += spans.length
        } else if (lost > 0) {
          log.info({ url, lost }, 'traces are sent again')
          lost = 0
        }
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
}
