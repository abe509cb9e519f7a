import { writeStatus } from '../../controllers/write.ts'
import type { Pod } from '../../store/kinds.ts'
import { timestamp } from '../../store/timestamp.ts'
import { adoptContainer } from './adopt.ts'
import { type ContainerRuntime, createContainerRuntime, quiet } from './container.ts'
import type { KubeletContext } from './kubelet.ts'
import { beginPull } from './lifecycle.ts'
import { composeStatus } from './pod-status.ts'

const longestStopMs = 1500

/** The kubelet's worker for one pod: brings its containers up, keeps them up, takes them down. */
export class PodWorker {
  readonly context: KubeletContext
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly node: string
  readonly containers: ContainerRuntime[]
  readonly random
  #podIp: string | undefined
  #startTime: string
  #stopping = false
  #gone = false

  constructor(context: KubeletContext, pod: Pod) {
    this.context = context
    this.uid = pod.metadata.uid ?? ''
    this.namespace = pod.metadata.namespace ?? ''
    this.name = pod.metadata.name
    this.node = pod.spec.nodeName ?? ''
    this.random = context.random.fork(`pod/${this.namespace}/${this.name}`)
    this.containers = pod.spec.containers.map(createContainerRuntime)
    this.#podIp = pod.status?.podIP
    this.#startTime = pod.status?.startTime ?? timestamp(context.clock.date())
  }

  get pod(): Pod | undefined {
    const pod = this.context.store.get('pods', this.namespace, this.name)
    return pod?.metadata.uid === this.uid ? pod : undefined
  }

  /** What `app` says this pod belongs to. */
  get service(): string | undefined {
    return this.pod?.metadata.labels?.app
  }

  get podIp(): string {
    return this.#podIp ?? '0.0.0.0'
  }

  get stopping(): boolean {
    return this.#stopping
  }

  /** Begins, or goes on where a kubelet before it stopped. */
  start(): void {
    const pod = this.pod
    if (pod === undefined) return
    for (const container of this.containers) adoptContainer(this, container, pod)
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.terminate()
      return
    }
    const fresh = this.containers.filter((container) => container.run === undefined && container.timers.length === 0)
    if (fresh.length === 0) return
    this.context.clock.after(Math.round(this.random.between(50, 200)), () => {
      if (this.#gone) return
      this.publish()
      this.context.clock.after(Math.round(this.random.between(300, 900)), () => {
        if (this.#gone || this.#stopping) return
        this.#podIp ??= this.context.allocateIp(this.node)
        for (const container of fresh) beginPull(this, container)
        this.publish()
      })
    })
  }

  /** Writes the status, unless the node is down: a dead kubelet reports nothing. */
  publish(): void {
    const pod = this.pod
    if (pod === undefined || this.#gone || this.context.isDown(this.node)) return
    const now = timestamp(this.context.clock.date())
    const address = { podIp: this.#podIp, hostIp: this.context.hostIp(this.node), startTime: this.#startTime }
    const status = composeStatus(pod, this.containers, address, now)
    writeStatus(this.context.store, 'pods', pod, status, 'kubelet')
  }

  /** The deletion was asked for: SIGTERM, wait for the grace period at most, then the pod goes. */
  terminate(): void {
    if (this.#stopping) return
    this.#stopping = true
    const pod = this.pod
    if (pod === undefined) return
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000
    const nowMs = this.context.clock.now()
    let waitMs = Math.min(graceMs, 200)
    for (const container of this.containers) {
      quiet(container)
      const program = container.run?.program
      if (program === undefined || container.state.running === undefined) continue
      this.event('Normal', 'Killing', `Stopping container ${container.spec.name}`, container)
      // A hung program ignores SIGTERM until it is killed.
      const needsMs = program.isHung(nowMs) ? graceMs : this.random.between(300, longestStopMs)
      waitMs = Math.max(waitMs, Math.min(graceMs, Math.round(needsMs)))
    }
    this.context.clock.after(waitMs, () => this.#finish())
  }

  #finish(): void {
    if (this.#gone) return
    if (this.context.isDown(this.node)) return
    for (const container of this.containers)
      if (container.run !== undefined) container.run.endedMs ??= this.context.clock.now()
    if (this.pod !== undefined) this.context.store.remove('pods', this.namespace, this.name)
    this.forget()
  }

  /** The node is back: report, or finish what was asked for meanwhile. */
  resume(): void {
    if (this.#stopping) this.#finish()
    else this.publish()
  }

  forget(): void {
    this.#gone = true
    for (const container of this.containers) quiet(container)
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: ContainerRuntime): void {
    const pod = this.pod
    if (pod === undefined || this.context.isDown(this.node)) return
    const source = { component: 'kubelet', host: this.node }
    const fieldPath = container === undefined ? undefined : `spec.containers{${container.spec.name}}`
    if (type === 'Normal') this.context.events.normal(source, pod, reason, message, fieldPath)
    else this.context.events.warning(source, pod, reason, message, fieldPath)
  }
}
