import { createControlHandler } from '../control/handler.ts'
import { type Controllers, startControllers } from '../controllers/controllers.ts'
import { EventRecorder } from '../controllers/events.ts'
import { SeriesDatabase } from '../metrics/database.ts'
import { writeExposition } from '../metrics/exposition.ts'
import { createPrometheusApi, prometheusPrefix } from '../metrics/prometheus-api.ts'
import { stepMs } from '../metrics/time-series.ts'
import type { World, WorldParts } from '../mounts.ts'
import { createRegistryHandler } from '../registry/handler.ts'
import { Registry } from '../registry/registry.ts'
import { Collector } from './collect/collector.ts'
import { WorldControl } from './control.ts'
import { FaultBook } from './faults.ts'
import { Kubelet } from './kubelet/kubelet.ts'
import { createLogReader } from './logs/read-logs.ts'
import { ageOfShop, seedShop } from './shop/seed.ts'
import { services } from './shop/services.ts'
import { imageSource, registryHost, VersionBook, versionsOf } from './shop/versions.ts'
import { Traffic } from './traffic/traffic.ts'

const dayMs = 86_400_000

export interface WorldOptions extends WorldParts {
  /** Fill in two weeks of metrics and deploy history; true when absent. */
  withPast?: boolean
  /** Create the shop when the store has no deployments yet; true when absent. */
  withShop?: boolean
  onError?: (error: unknown) => void
}

/** The simulated world and the parts of it that tests look into. */
export interface SandboxWorld extends World {
  control: WorldControl
  database: SeriesDatabase
  registry: Registry
  traffic: Traffic
  kubelet: Kubelet
}

/**
 * Everything behind the API: controllers, nodes, the shop with its traffic, metrics, the image registry and the control
 * page. Nothing happens before start(); then everything follows the clock.
 */
export function createWorld(options: WorldOptions): SandboxWorld {
  const { store, clock, random } = options
  const onError = options.onError ?? reportBug
  const events = new EventRecorder(store, clock)
  const registry = new Registry(registryHost)
  const versions = new VersionBook()
  for (const service of services) {
    for (const { version } of versionsOf(service)) registry.publish(imageSource(service.name, version))
  }
  const faults = new FaultBook(clock)
  const kubelet = new Kubelet({ store, clock, random, events, registry, versions, faults })
  const seed = random.fork('traffic').suffix(12)
  const traffic = new Traffic({ kubelet, faults, clock, seed })
  const database = new SeriesDatabase()
  const collector = new Collector(database, store, traffic)
  const control = new WorldControl({
    store,
    clock,
    registry,
    versions,
    faults,
    kubelet,
    traffic,
    apiFaults: options.faults,
  })
  const prometheus = createPrometheusApi(database, () => clock.now())

  let controllers: Controllers | undefined
  let sampling: { cancel(): void } | undefined
  const start = (): void => {
    const withPast = options.withPast ?? true
    const isNew = store.list('apps/deployments').length === 0 && (options.withShop ?? true)
    const presentMs = clock.now()
    // Before anything asks the clock for a turn: controllers take theirs in the past too.
    if (isNew) clock.rewindTo(presentMs - ageOfShop(withPast))
    controllers = startControllers({ store, clock, random, events, onError }, (pod) => traffic.cpuCores(pod))
    control.nodes = controllers.nodes
    // Before the nodes take over running pods: they must know what published images do.
    control.recall()
    kubelet.start()
    if (isNew) {
      events.muted = withPast
      seedShop({ store, clock, collector, presentMs, withPast })
      events.muted = false
    } else if (withPast) collector.fillPast(clock.now() - dayMs, clock.now())
    events.expire()
    collector.collect(Math.floor(clock.now() / stepMs) * stepMs)
    sampling = clock.every(stepMs, () => collector.collect(clock.now()))
  }
  return {
    start,
    stop: () => {
      sampling?.cancel()
      controllers?.stop()
      kubelet.stop()
    },
    logs: createLogReader(kubelet, faults, clock),
    mounts: [
      { prefix: prometheusPrefix, handler: prometheus },
      {
        prefix: '/metrics',
        handler: (_request, response) => {
          response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
          response.end(writeExposition(database, clock.now()))
        },
      },
      { prefix: '/v2', handler: createRegistryHandler(registry) },
      { prefix: '/control', handler: createControlHandler(control) },
    ],
    control,
    database,
    registry,
    traffic,
    kubelet,
  }
}

function reportBug(error: unknown): void {
  console.error('A part of the simulated world failed and the rest goes on; this is a bug in the sandbox:', error)
}
