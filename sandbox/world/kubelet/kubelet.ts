import type { SimulatedClock } from '../../clock.ts'
import type { EventRecorder } from '../../controllers/events.ts'
import type { Random } from '../../random.ts'
import type { Registry, ResolvedImage } from '../../registry/registry.ts'
import type { Pod } from '../../store/kinds.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import type { FaultBook } from '../faults.ts'
import type { VersionBook } from '../shop/versions.ts'
import { watchRun } from './lifecycle.ts'
import { PodWorker } from './pod-worker.ts'

export interface KubeletOptions {
  store: ObjectStore
  clock: SimulatedClock
  random: Random
  events: EventRecorder
  registry: Registry
  versions: VersionBook
  faults: FaultBook
}

/** What pod workers ask of their kubelet. */
export interface KubeletContext extends KubeletOptions {
  isDown(node: string): boolean
  hostIp(node: string): string
  allocateIp(node: string): string
  storedImage(node: string, reference: string): ResolvedImage | undefined
  storeImage(node: string, reference: string, image: ResolvedImage): void
}

/** The kubelets of all nodes: every pod that is bound to a node gets a worker. */
export class Kubelet implements KubeletContext {
  readonly store: ObjectStore
  readonly clock: SimulatedClock
  readonly random: Random
  readonly events: EventRecorder
  readonly registry: Registry
  readonly versions: VersionBook
  readonly faults: FaultBook
  readonly #workers = new Map<string, PodWorker>()
  readonly #images = new Map<string, ResolvedImage>()
  readonly #down = new Set<string>()
  readonly #nextAddress = new Map<string, number>()
  #stops: (() => void)[] = []

  constructor(options: KubeletOptions) {
    this.store = options.store
    this.clock = options.clock
    this.random = options.random.fork('kubelet')
    this.events = options.events
    this.registry = options.registry
    this.versions = options.versions
    this.faults = options.faults
  }

  start(): void {
    this.#stops = [
      this.store.onChange(({ resource, object, type }) => {
        if (resource !== 'pods') return
        if (type === 'DELETED') this.#forget(object.metadata.uid)
        else this.#notice(object as Pod) // the resource says so
      }),
      this.faults.onChange((service, namespace) => this.#applyFaults(service, namespace)),
    ]
    for (const pod of this.store.list('pods')) this.#notice(pod)
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    for (const worker of this.#workers.values()) worker.forget()
    this.#workers.clear()
  }

  workers(): IterableIterator<PodWorker> {
    return this.#workers.values()
  }

  workerOf(namespace: string, name: string): PodWorker | undefined {
    const pod = this.store.get('pods', namespace, name)
    return pod && this.#workers.get(pod.metadata.uid ?? '')
  }

  isDown(node: string): boolean {
    return this.#down.has(node)
  }

  downNodes(): string[] {
    return [...this.#down].sort()
  }

  setDown(node: string, down: boolean): void {
    if (down) this.#down.add(node)
    else if (this.#down.delete(node)) {
      for (const worker of [...this.#workers.values()]) if (worker.node === node) worker.resume()
    }
  }

  hostIp(node: string): string {
    const addresses = this.store.get('nodes', undefined, node)?.status?.addresses
    return addresses?.find((address) => address.type === 'InternalIP')?.address ?? '0.0.0.0'
  }

  /** The next free address of the node's range 10.244.n.0/24. */
  allocateIp(node: string): string {
    const range = this.store.get('nodes', undefined, node)?.spec.podCIDR?.replace(/\.0\/24$/, '') ?? '10.244.250'
    const taken = new Set(this.store.list('pods').map((pod) => pod.status?.podIP))
    let last = this.#nextAddress.get(node) ?? 2
    for (let tries = 0; tries < 250 && taken.has(`${range}.${last}`); tries++) last = last >= 254 ? 2 : last + 1
    this.#nextAddress.set(node, last >= 254 ? 2 : last + 1)
    return `${range}.${last}`
  }

  storedImage(node: string, reference: string): ResolvedImage | undefined {
    return this.#images.get(`${node} ${reference}`)
  }

  storeImage(node: string, reference: string, image: ResolvedImage): void {
    this.#images.set(`${node} ${reference}`, image)
  }

  #notice(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const known = this.#workers.get(uid)
    if (known !== undefined) {
      if (pod.metadata.deletionTimestamp !== undefined) known.terminate()
      return
    }
    if (!pod.spec.nodeName || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return
    const worker = new PodWorker(this, pod)
    this.#workers.set(uid, worker)
    worker.start()
  }

  #forget(uid: string | undefined): void {
    const worker = this.#workers.get(uid ?? '')
    worker?.forget()
    this.#workers.delete(uid ?? '')
  }

  #applyFaults(service: string, namespace: string): void {
    for (const worker of this.#workers.values()) {
      if (worker.service !== service || worker.namespace !== namespace || worker.stopping) continue
      for (const container of worker.containers) {
        if (container.state.running === undefined) continue
        container.run?.program.setFaults(this.faults.of(service, namespace), this.clock.now())
        watchRun(worker, container)
      }
    }
  }
}
