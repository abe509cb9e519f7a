import { createHash } from 'node:crypto'
import type { OperationId, RequestId } from '../../core/ids.ts'
import type { Deed } from '../../core/ports/telemetry.ts'

/** A piece of a request's trace, before any SDK. */
export interface TraceSpan {
  readonly name: string
  readonly traceId: string
  /** Only of those that others hang from; the rest get one of chance. */
  readonly spanId?: string
  /** Absent for the root. */
  readonly parentId?: string
  readonly kind: 'server' | 'consumer' | 'client' | 'internal'
  readonly from: Date
  readonly until: Date
  readonly ok: boolean
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/**
 * The ids are made of what is stored anyway, so that whoever works on a request, in whatever process and after whatever crash, adds to the
 * same trace without being told of it. 16 and 8 bytes in hexadecimal (W3C Trace Context).
 */
export const traceIdOf = (request: RequestId): string => idOf(`trace ${request}`, 16)
const rootOf = (request: RequestId): string => idOf(`request ${request}`, 8)
const jobOf = (operation: OperationId, fence: number): string => idOf(`job ${operation} ${fence}`, 8)
const idOf = (what: string, bytes: number): string =>
  createHash('sha256')
    .update(what)
    .digest('hex')
    .slice(0, 2 * bytes)

/** What a deed adds to the trace of its request. */
export function spansOf(deed: Deed): readonly TraceSpan[] {
  if (!('requestId' in deed) || deed.requestId === undefined) return []
  const { requestId } = deed
  const common = { traceId: traceIdOf(requestId), ok: true, kind: 'internal' } as const
  const below = { ...common, parentId: rootOf(requestId) }
  const about = { 'quarterdeck.request_id': requestId }
  const aboutOperation =
    'operationId' in deed && deed.operationId ? { ...about, 'quarterdeck.operation_id': deed.operationId } : about
  switch (deed.what) {
    case 'answered': {
      const { from, until, surface, outcome } = deed
      const attributes = { ...about, 'quarterdeck.surface': surface, 'quarterdeck.outcome': outcome }
      const root = { name: 'request', spanId: rootOf(requestId), kind: 'server' } as const
      return [{ ...common, ...root, from, until, ok: outcome !== 'failed', attributes }]
    }
    case 'understood': {
      const { from, until, by, skill } = deed
      const attributes = { ...about, 'quarterdeck.read_by': by, ...(skill ? { 'quarterdeck.skill': skill } : {}) }
      return [{ ...below, name: 'understand', from, until, attributes }]
    }
    case 'planned': {
      const { from, until, ok, skill } = deed
      return [{ ...below, name: 'plan', from, until, ok, attributes: { ...about, 'quarterdeck.skill': skill } }]
    }
    case 'gated': {
      const { from, until, skill, verdict } = deed
      const attributes = { ...about, 'quarterdeck.skill': skill, 'quarterdeck.verdict': verdict }
      return [{ ...below, name: 'gate', from, until, attributes }]
    }
    case 'moved': {
      const { before, state, since: from, at: until } = deed
      const wasOpen = before === 'planned' || before === 'awaiting_approval'
      const isDecided = state !== 'planned' && state !== 'awaiting_approval'
      if (!wasOpen || !isDecided) return []
      return [
        { ...below, name: 'approval', from, until, attributes: { ...aboutOperation, 'quarterdeck.verdict': state } },
      ]
    }
    case 'ran': {
      const { operationId, fence, skill, workerId, state, readyAt, from, until } = deed
      const attributes = { ...aboutOperation, 'quarterdeck.skill': skill }
      const job = { name: 'job', spanId: jobOf(operationId, fence), kind: 'consumer' } as const
      const how = { 'quarterdeck.worker': workerId, 'quarterdeck.state': state, 'quarterdeck.fence': fence }
      const ok = state !== 'failed' && state !== 'needs_human'
      const run = { ...below, ...job, from, until, ok, attributes: { ...attributes, ...how } }
      return readyAt ? [{ ...below, name: 'queue', from: readyAt, until: from, attributes }, run] : [run]
    }
    case 'step': {
      const { operationId, fence, name, kind, phase, outcome, from, until } = deed
      const how = { 'quarterdeck.step': name, 'quarterdeck.phase': phase, 'quarterdeck.outcome': outcome }
      const attributes = { ...aboutOperation, ...how }
      const parentId = jobOf(operationId, fence)
      return [{ ...common, parentId, name: kind, from, until, ok: outcome === 'done', attributes }]
    }
    case 'sent': {
      const { deliveryId, surface, revision, ok, from, until } = deed
      const how = { 'quarterdeck.surface': surface, 'quarterdeck.revision': revision }
      const attributes = { ...aboutOperation, 'quarterdeck.delivery_id': deliveryId, ...how }
      return [{ ...below, name: 'delivery', kind: 'client', from, until, ok, attributes }]
    }
    case 'received':
    case 'gave-up':
      return []
  }
}
