import { FencedError, type UpstreamError } from '../../core/errors.ts'
import { renewLease } from '../../db/operation-claims.ts'
import type { ProgressRecord, StoredOperation } from '../../db/operation-records.ts'
import { operationById } from '../../db/operations.ts'
import type { Phase } from '../../db/steps.ts'
import type { House } from '../deps.ts'
import type { Scene } from '../scene.ts'
import { idsOf } from '../tell.ts'
import type { Ledger } from './ledger.ts'

/** Why a run stops before its end. The skill never sees it: its promise just never settles, so no `catch` of its own can swallow it. */
export type Stop =
  | { readonly kind: 'fenced' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'handed-back' }
  | { readonly kind: 'suspended'; readonly wakeAt: Date | undefined }
  | { readonly kind: 'retry'; readonly error: UpstreamError }
  /** Only a person can tell how it stands. */
  | { readonly kind: 'unknown'; readonly says: string; readonly check: string }
  /** The store did not answer, or a test crashed us: nothing more may be written, whoever claims next goes on from the ledger. */
  | { readonly kind: 'broken'; readonly error: unknown }

/** Thrown inside an act to leave it; never reaches a skill. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly stop: Stop
  constructor(stop: Stop) {
    super(`stopped: ${stop.kind}`)
    this.stop = stop
  }
}

/** One claim of an operation by one worker: its fence, its ledger, its lease, and the one place where it can be stopped. */
export class Session {
  readonly house: House
  readonly scene: Scene
  readonly ledger: Ledger
  operation: StoredOperation
  progress: ProgressRecord
  phase: Phase = 'run'
  /** Look what became of begun steps, begin none: the way of a cancel through an interrupted run. */
  resolveOnly = false
  /** Aborts reads that take long. */
  #reading = new AbortController()
  #stop: Stop | undefined
  #announce: (stop: Stop) => void = () => {}
  stopped: Promise<Stop>
  #inFlight = new Set<Promise<unknown>>()
  #heartbeat: NodeJS.Timeout | undefined

  constructor(house: House, scene: Scene, operation: StoredOperation, ledger: Ledger) {
    this.house = house
    this.scene = scene
    this.operation = operation
    this.progress = operation.progress
    this.ledger = ledger
    this.stopped = this.#arm()
  }

  /** Of its claim. */
  get fence(): number {
    return this.operation.fence
  }

  get signal(): AbortSignal {
    return this.#reading.signal
  }

  get stopReason(): Stop | undefined {
    return this.#stop
  }

  #arm(): Promise<Stop> {
    const { promise, resolve } = Promise.withResolvers<Stop>()
    this.#announce = resolve
    return promise
  }

  /** Makes ready for the next phase of the same claim. A lost claim or a lost store stays lost. */
  enter(phase: Phase): void {
    if (this.#stop?.kind === 'fenced' || this.#stop?.kind === 'broken' || this.#stop?.kind === 'handed-back') return
    this.phase = phase
    this.#stop = undefined
    this.#reading = new AbortController()
    this.stopped = this.#arm()
  }

  /** Ends the run from outside; acts under way come to their own end. The first reason counts. */
  halt(stop: Stop): void {
    if (this.#stop) return
    this.#stop = stop
    this.#reading.abort(new Stopped(stop))
    this.#announce(stop)
  }

  /** Ends the run from inside an act. */
  stop(stop: Stop): never {
    this.halt(stop)
    throw new Stopped(stop)
  }

  /** Somebody asked to cancel: reads end now, and no step forward begins (the store refuses its intent). */
  cancel(): void {
    if (this.phase === 'run') this.halt({ kind: 'cancelled' })
  }

  /**
   * One act of a run. When it stops the run, the skill's promise never settles, so that no `catch` or `finally` of the skill goes on
   * as if the act had failed.
   */
  async act<T>(work: () => Promise<T>): Promise<T> {
    const done = work()
    this.#inFlight.add(done)
    try {
      return await done
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    } finally {
      this.#inFlight.delete(done)
    }
    return new Promise<never>(() => {})
  }

  /** The result of a read, or the end of the run, whichever comes first: a read that does not hear its signal holds nobody up. */
  async unlessStopped<T>(read: Promise<T>): Promise<T> {
    const stopped = this.stopped.then((stop): never => {
      throw new Stopped(stop)
    })
    const result = await Promise.race([read, stopped])
    if (this.#stop) throw new Stopped(this.#stop)
    return result
  }

  /** Until no act is under way: only then may the lease be given up. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight)
  }

  /** Why the store refused a ledger row: the claim is gone, or a cancel came first. */
  async refused(): Promise<never> {
    const now = await this.durable(() => operationById(this.house.store.db, this.operation.id))
    return this.stop(now?.fence === this.operation.fence ? { kind: 'cancelled' } : { kind: 'fenced' })
  }

  /** Does a durable act. When the store fails in it, the run is over: what is not known to be written must not be built on. */
  async durable<T>(act: () => Promise<T>, name?: string): Promise<T> {
    if (this.#stop?.kind === 'broken') throw new Stopped(this.#stop)
    try {
      const result = await act()
      if (name) this.house.afterDurable?.(name)
      return result
    } catch (error) {
      return this.stop({ kind: 'broken', error })
    }
  }

  /** Prolongs the lease now and every `renewMs`; hears of a cancel and of a lost claim on the way. */
  keepAlive(): void {
    this.#heartbeat = setInterval(() => void this.beat(), this.house.timing.renewMs)
    this.#heartbeat.unref()
  }

  async beat(): Promise<void> {
    const { house, operation } = this
    try {
      const lease = await renewLease(house.store.db, operation.id, operation.fence, house.timing.leaseMs)
      if (!lease) this.halt({ kind: 'fenced' })
      else if (lease.cancelling) this.cancel()
    } catch (error) {
      // The lease outlives a few missed beats; the next ledger write decides.
      house.log.warn({ ...idsOf(operation), error }, 'could not renew the lease of a run')
    }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#reading.abort(new FencedError('the run is over'))
  }
}
