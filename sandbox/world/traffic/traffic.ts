import type { SimulatedClock } from '../../clock.ts'
import { isReady, isTerminating } from '../../controllers/objects.ts'
import type { Pod } from '../../store/kinds.ts'
import { parseQuantity } from '../../store/quantity.ts'
import type { FaultBook } from '../faults.ts'
import type { Kubelet } from '../kubelet/kubelet.ts'
import type { PodWorker } from '../kubelet/pod-worker.ts'
import { type Environment, environments } from '../shop/environments.ts'
import { type ShopService, services } from '../shop/services.ts'
import { demandAt } from './load-curve.ts'
import { type Backend, propagate, type ServiceLoad } from './propagate.ts'

export interface Spike {
  namespace: string
  factor: number
  untilMs: number
}

/** One running pod of the shop and its share of the traffic. */
export interface PodLoad {
  worker: PodWorker
  pod: Pod
  service: ShopService
  environment: Environment
  backend: Backend
  load: ServiceLoad
}

const idleCores = 0.01

/** The traffic of all environments, computed from what runs right now for any instant asked for. */
export class Traffic {
  readonly #kubelet: Kubelet
  readonly #faults: FaultBook
  readonly #clock: SimulatedClock
  readonly #seed: string
  #spikes: Spike[] = []
  #present: { timeMs: number; loads: Map<string, PodLoad> } | undefined

  constructor(options: { kubelet: Kubelet; faults: FaultBook; clock: SimulatedClock; seed: string }) {
    this.#kubelet = options.kubelet
    this.#faults = options.faults
    this.#clock = options.clock
    this.#seed = options.seed
  }

  /** Multiplies an environment's demand until an instant; a new spike replaces the old one, factor 1 ends it. */
  setSpike(spike: Spike): void {
    this.#spikes = this.#spikes.filter((other) => other.namespace !== spike.namespace)
    if (spike.factor !== 1) this.#spikes.push(spike)
    this.#present = undefined
  }

  spikes(): Spike[] {
    return this.#spikes.filter((spike) => spike.untilMs > this.#clock.now())
  }

  demand(environment: Environment, timeMs: number): number {
    const spike = this.#spikes.find((each) => each.namespace === environment.namespace && each.untilMs > timeMs)
    return demandAt(`${this.#seed}/${environment.name}`, timeMs) * environment.trafficShare * (spike?.factor ?? 1)
  }

  /** Every pod that has a node, whether it can be reached or not. */
  workers(): IterableIterator<PodWorker> {
    return this.#kubelet.workers()
  }

  /** Every running pod of the shop with its load at an instant. */
  loadsAt(timeMs: number): PodLoad[] {
    const running = this.#running()
    return environments.flatMap((environment) => {
      const here = running.filter((each) => each.environment === environment)
      const byService = new Map(
        services.map((service) => [service.name, here.filter((each) => each.service === service)]),
      )
      const loads = propagate(this.demand(environment, timeMs), (name) => ({
        backends: (byService.get(name) ?? []).map((each) => each.backend),
        unreachable: this.#faults.of(name, environment.namespace).unreachable,
      }))
      return here.flatMap((each) => {
        const load = loads.get(each.service.name)
        return load === undefined ? [] : [{ ...each, load }]
      })
    })
  }

  /** Cores a pod uses now; undefined for a pod that does not run. */
  cpuCores(pod: Pod): number | undefined {
    const timeMs = this.#clock.now()
    if (this.#present?.timeMs !== timeMs) {
      const loads = new Map(this.loadsAt(timeMs).map((each) => [each.worker.uid, each]))
      this.#present = { timeMs, loads }
    }
    const found = this.#present.loads.get(pod.metadata.uid ?? '')
    return found && coresOf(found)
  }

  #running(): Omit<PodLoad, 'load'>[] {
    const found: Omit<PodLoad, 'load'>[] = []
    for (const worker of this.#kubelet.workers()) {
      const pod = worker.pod
      const container = worker.containers[0]
      const run = container?.run
      if (pod === undefined || run === undefined || container?.state.running === undefined) continue
      const service = services.find((each) => each.name === pod.metadata.labels?.app)
      const environment = environments.find((each) => each.namespace === worker.namespace)
      if (service === undefined || environment === undefined || this.#kubelet.isDown(worker.node)) continue
      const faults = this.#faults.of(service.name, worker.namespace)
      const { behaviour } = run.program
      const limit = parseQuantity(container.spec.resources?.limits?.cpu)
      found.push({
        worker,
        pod,
        service,
        environment,
        backend: {
          ready: isReady(pod) && !isTerminating(pod),
          errorShare: 1 - (1 - (behaviour.errorShare ?? 0)) * (1 - faults.errorShare),
          latencyFactor: behaviour.latencyFactor ?? 1,
          addedLatencyMs: faults.latencyMs,
          cpuLimit: Number.isNaN(limit) ? 4 : limit,
        },
      })
    }
    return found
  }
}

/** Cores a pod uses under its load, at most its limit. */
export function coresOf({ service, backend, load }: PodLoad): number {
  const busy = backend.ready ? (load.perBackend * service.cost.cpuMs) / 1000 : 0
  return Math.min(backend.cpuLimit, idleCores + busy)
}
