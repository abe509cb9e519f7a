import type { ApiFault, ApiFaults } from '../api/faults.ts'
import type { SimulatedClock } from '../clock.ts'
import type { NodeLifecycle } from '../controllers/node-lifecycle.ts'
import type { Registry } from '../registry/registry.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseQuantity } from '../store/quantity.ts'
import { type BehaviourName, behaviours } from './behaviour.ts'
import { type FaultBook, type FaultEntry, noFaults, type ServiceFaults } from './faults.ts'
import type { Kubelet } from './kubelet/kubelet.ts'
import { type PublishedVersion, recallWorld, rememberWorld } from './memory.ts'
import { environments } from './shop/environments.ts'
import { services } from './shop/services.ts'
import { imageSource, type VersionBook } from './shop/versions.ts'
import type { Spike, Traffic } from './traffic/traffic.ts'

/** What somebody asked for cannot be done; the message is one sentence that says why. */
export class ControlError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ControlError'
  }
}

export interface ControlParts {
  store: ObjectStore
  clock: SimulatedClock
  registry: Registry
  versions: VersionBook
  faults: FaultBook
  kubelet: Kubelet
  traffic: Traffic
  apiFaults: ApiFaults
}

/** Everything that is out of the ordinary now. */
export interface WorldState {
  now: string
  speed: number
  paused: boolean
  services: string[]
  namespaces: string[]
  behaviours: string[]
  nodes: { name: string; down: boolean }[]
  registryDown: boolean
  faults: FaultEntry[]
  apiFaults: { id: string; fault: ApiFault }[]
  spikes: { namespace: string; factor: number; until: string }[]
  quotas: { namespace: string; name: string; hard: Record<string, string> }[]
  published: PublishedVersion[]
}

/** The levers of the control page. All of them can be put back, one by one or with reset(). */
export class WorldControl {
  readonly parts: ControlParts
  nodes: NodeLifecycle | undefined
  #published: PublishedVersion[] = []

  constructor(parts: ControlParts) {
    this.parts = parts
  }

  state(): WorldState {
    const { store, clock, registry, faults, apiFaults, kubelet, traffic } = this.parts
    return {
      now: clock.date().toISOString(),
      speed: clock.speed,
      paused: clock.paused,
      services: services.map((service) => service.name),
      namespaces: environments.map((environment) => environment.namespace),
      behaviours: Object.keys(behaviours),
      nodes: store.list('nodes').map(({ metadata: { name } }) => ({ name, down: kubelet.isDown(name) })),
      registryDown: registry.down,
      faults: faults.active(),
      apiFaults: apiFaults.list(),
      spikes: traffic
        .spikes()
        .map(({ namespace, factor, untilMs }) => ({ namespace, factor, until: new Date(untilMs).toISOString() })),
      quotas: store.list('resourcequotas').map(({ metadata, spec }) => ({
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        hard: spec.hard ?? {},
      })),
      published: this.#published,
    }
  }

  setSpeed(speed: number): void {
    if (!(speed >= 0.01 && speed <= 3600))
      throw new ControlError(`The speed must be between 0.01 and 3600, not ${speed}.`)
    this.parts.clock.setSpeed(speed)
  }

  setPaused(paused: boolean): void {
    if (paused) this.parts.clock.pause()
    else this.parts.clock.resume()
  }

  setFaults(service: string, namespace: string, change: Partial<ServiceFaults>): ServiceFaults {
    checkService(service)
    checkNamespace(namespace)
    for (const name of change.unreachable ?? []) checkService(name)
    const result = this.parts.faults.set(service, namespace, change)
    this.#remember()
    return result
  }

  clearFaults(service: string, namespace: string): void {
    this.setFaults(service, namespace, noFaults)
  }

  setNodeDown(node: string, down: boolean): void {
    if (this.parts.store.get('nodes', undefined, node) === undefined) {
      const known = this.parts.store.list('nodes').map((each) => each.metadata.name)
      throw new ControlError(`There is no node ${JSON.stringify(node)}; there are ${known.join(', ')}.`)
    }
    this.parts.kubelet.setDown(node, down)
    this.nodes?.setSilent(node, down)
    this.#remember()
  }

  setRegistryDown(down: boolean): void {
    this.parts.registry.down = down
    this.#remember()
  }

  setSpike(namespace: string, factor: number, minutes: number): void {
    checkNamespace(namespace)
    if (!(factor >= 0 && factor <= 100)) throw new ControlError(`The factor must be between 0 and 100, not ${factor}.`)
    if (!(minutes > 0 && minutes <= 10_080))
      throw new ControlError(`The minutes must be between 0 and 10080, not ${minutes}.`)
    const spike: Spike = { namespace, factor, untilMs: this.parts.clock.now() + minutes * 60_000 }
    this.parts.traffic.setSpike(spike)
  }

  /** @param hard for example { pods: '10' }; an empty record removes every limit of the quota */
  setQuota(namespace: string, hard: Record<string, string>): void {
    checkNamespace(namespace)
    for (const [resource, amount] of Object.entries(hard)) {
      if (!(parseQuantity(amount) >= 0)) {
        throw new ControlError(`${JSON.stringify(amount)} is no amount for ${resource}; write it like 10, 500m or 2Gi.`)
      }
    }
    const { store } = this.parts
    const known = store.get('resourcequotas', namespace, 'shop-quota')
    if (known === undefined) {
      const metadata = { name: 'shop-quota', namespace }
      store.create(
        'resourcequotas',
        { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } },
        { fieldManager: 'control' },
      )
      return
    }
    const change = (draft: { spec: { hard?: Record<string, string> } }) => {
      draft.spec.hard = hard
    }
    store.modify('resourcequotas', namespace, 'shop-quota', change, { fieldManager: 'control' })
  }

  publish(service: string, version: string, behaviour: BehaviourName): PublishedVersion {
    checkService(service)
    if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version)) {
      throw new ControlError(`${JSON.stringify(version)} is no version; write it like 1.4.3.`)
    }
    const published = { service, version, behaviour, createdAt: this.parts.clock.date().toISOString() }
    this.#apply(published)
    this.#published = [
      ...this.#published.filter((each) => each.service !== service || each.version !== version),
      published,
    ]
    this.#remember()
    return published
  }

  addApiFault(fault: ApiFault): string {
    return this.parts.apiFaults.add(fault)
  }

  removeApiFault(id: string): void {
    if (!this.parts.apiFaults.remove(id)) throw new ControlError(`There is no API fault ${JSON.stringify(id)}.`)
  }

  /** Puts everything back but what was deployed and published: faults, nodes, registry, spikes, quotas, speed. */
  reset(): void {
    const { faults, apiFaults, kubelet, traffic, clock } = this.parts
    faults.clear()
    apiFaults.clear()
    for (const node of kubelet.downNodes()) this.setNodeDown(node, false)
    this.setRegistryDown(false)
    for (const { namespace, quota } of environments) {
      traffic.setSpike({ namespace, factor: 1, untilMs: 0 })
      if (this.parts.store.get('namespaces', undefined, namespace) !== undefined) this.setQuota(namespace, quota)
    }
    this.setPaused(false)
    clock.setSpeed(1)
  }

  /** Takes up what was remembered before a restart. */
  recall(): void {
    const memory = recallWorld(this.parts.store)
    this.#published = memory.published
    for (const published of memory.published) this.#apply(published)
    for (const { service, namespace, faults } of memory.faults) this.parts.faults.set(service, namespace, faults)
    this.parts.registry.down = memory.registryDown
    for (const node of memory.downNodes) this.parts.kubelet.setDown(node, true)
  }

  #apply({ service, version, behaviour, createdAt }: PublishedVersion): void {
    this.parts.versions.set(service, version, behaviour)
    this.parts.registry.publish(imageSource(service, version, new Date(createdAt)))
  }

  #remember(): void {
    const { store, faults, kubelet, registry } = this.parts
    rememberWorld(store, {
      published: this.#published,
      faults: faults.active(),
      downNodes: kubelet.downNodes(),
      registryDown: registry.down,
    })
  }
}

function checkService(name: string): void {
  if (services.some((service) => service.name === name)) return
  throw new ControlError(
    `There is no service ${JSON.stringify(name)}; there are ${services.map((each) => each.name).join(', ')}.`,
  )
}

function checkNamespace(name: string): void {
  if (environments.some((environment) => environment.namespace === name)) return
  const known = environments.map((each) => each.namespace).join(', ')
  throw new ControlError(`There is no environment with the namespace ${JSON.stringify(name)}; there are ${known}.`)
}
