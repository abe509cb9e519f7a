import { peakRequestsPerSecond, type ShopService, services } from '../shop/services.ts'

/** One pod that takes part in the traffic of a service. */
export interface Backend {
  ready: boolean
  /** Share of its requests it fails by itself, 0…1. */
  errorShare: number
  latencyFactor: number
  addedLatencyMs: number
  /** Cores it may use. */
  cpuLimit: number
}

export interface ServiceInput {
  backends: readonly Backend[]
  /** Services that calls from here do not reach. */
  unreachable: readonly string[]
}

/** What one service does at one instant. */
export interface ServiceLoad {
  requestsPerSecond: number
  /** Requests per second that each ready backend takes. */
  perBackend: number
  /** Share of answers that are 5xx because of what it calls, for a backend that is healthy itself. */
  upstreamErrorShare: number
  /** Share of requests that fail as callers see it, 1 when nothing answers. */
  failureShare: number
  /** Mean latency in ms of a healthy backend, with the calls it makes. */
  latencyMs: number
  /** Mean latency as callers see it. */
  seenLatencyMs: number
  /** Share of a backend's CPU limit that its load asks for; above 1 it is overloaded. */
  saturation: number
}

const baselineErrorShare = 0.0008
const refusedMs = 3
const mostQueueing = 12

/** How much longer requests take as the processor fills up (the M/M/1 shape, capped). */
function queueing(saturation: number): number {
  return saturation >= 1 ? mostQueueing : Math.min(mostQueueing, 1 / (1 - saturation * 0.9))
}

/**
 * Sends one environment's demand through the call graph: load goes down from callers to what they call, failures and
 * latency come back up.
 * @param demand share of production's busy hour that arrives at the front door
 */
export function propagate(demand: number, input: (service: string) => ServiceInput): Map<string, ServiceLoad> {
  const arriving = new Map<string, number>([['web', peakRequestsPerSecond * demand]])
  for (const service of services) {
    const rate = arriving.get(service.name) ?? 0
    for (const call of service.calls) {
      // Nobody is called by a service that does not run, or across a broken connection.
      const { backends, unreachable } = input(service.name)
      const reaches = backends.some((backend) => backend.ready) && !unreachable.includes(call.to)
      const added = reaches ? rate * call.perRequest : 0
      arriving.set(call.to, (arriving.get(call.to) ?? 0) + added)
    }
  }
  const loads = new Map<string, ServiceLoad>()
  for (const service of [...services].reverse()) {
    loads.set(service.name, loadOf(service, arriving.get(service.name) ?? 0, input(service.name), loads))
  }
  return loads
}

function loadOf(
  service: ShopService,
  requestsPerSecond: number,
  { backends, unreachable }: ServiceInput,
  below: Map<string, ServiceLoad>,
): ServiceLoad {
  const ready = backends.filter((backend) => backend.ready)
  const perBackend = ready.length === 0 ? 0 : requestsPerSecond / ready.length
  let succeeds = 1 - baselineErrorShare
  let callsMs = 0
  for (const call of service.calls) {
    const target = below.get(call.to)
    const broken = unreachable.includes(call.to)
    const failure = broken ? 1 : (target?.failureShare ?? 0)
    succeeds *= 1 - Math.min(1, call.weight * failure * Math.min(1, call.perRequest))
    callsMs += call.perRequest * (broken ? refusedMs : (target?.seenLatencyMs ?? 0))
  }
  const cpuLimit = ready[0]?.cpuLimit ?? 1
  const saturation = (perBackend * service.cost.cpuMs) / 1000 / cpuLimit
  const shed = saturation > 1 ? 1 - 1 / saturation : 0
  const upstreamErrorShare = 1 - succeeds * (1 - shed)
  const latencyMs = service.cost.latencyMs * queueing(saturation) + callsMs
  const mean = (pick: (backend: Backend) => number) =>
    ready.length === 0 ? 0 : ready.reduce((sum, backend) => sum + pick(backend), 0) / ready.length
  const failureShare =
    ready.length === 0 ? 1 : mean((backend) => 1 - (1 - backend.errorShare) * (1 - upstreamErrorShare))
  const seenLatencyMs =
    ready.length === 0 ? refusedMs : mean((backend) => backendLatencyMs(service, backend, latencyMs, saturation))
  return { requestsPerSecond, perBackend, upstreamErrorShare, failureShare, latencyMs, seenLatencyMs, saturation }
}

/** Mean latency of one backend: its version and faults change its own part, not the calls it makes. */
export function backendLatencyMs(
  service: ShopService,
  backend: Backend,
  latencyMs: number,
  saturation: number,
): number {
  const own = service.cost.latencyMs * queueing(saturation)
  return latencyMs - own + own * backend.latencyFactor + backend.addedLatencyMs
}
