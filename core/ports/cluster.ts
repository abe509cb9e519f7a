import type { OperationId } from '../ids.ts'

/** A service in an environment, by their catalog names. Clients map it to a cluster context, a namespace and a workload. */
export interface WorkloadRef {
  readonly service: string
  readonly environment: string
}

/** Who else decides about this workload (DESIGN §6, GitOps). */
export interface ExternalOwner {
  readonly tool: 'argocd' | 'flux' | 'helm'
  readonly name: string
  /** What it would do to a direct change, in words: `Argo CD would put it back within minutes`. */
  readonly effect: string
  /** True when a direct change would be reverted or overwritten: the plan refuses. */
  readonly reverts: boolean
}

export interface Autoscaler {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly desired: number
}

export interface Workload {
  readonly ref: WorkloadRef
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation: number
  readonly container: string
  /** As in the pod template: `registry/repo:tag`, or with `@sha256:…`. */
  readonly image: string
  /** What its pods say they run, where those that say it agree: `sha256:…`, also behind a bare tag. */
  readonly runningDigest?: string
  /** The tag, or the version annotation our own deploy wrote beside a digest. */
  readonly version: string
  readonly replicas: {
    readonly desired: number
    readonly ready: number
    readonly updated: number
    readonly available: number
  }
  readonly revision: number
  readonly paused: boolean
  /** In the middle of a rollout (generation not observed, or not all pods updated and available). */
  readonly rollingOut: boolean
  readonly autoscaler?: Autoscaler
  readonly owner?: ExternalOwner
  /** The operation that wrote last, from our annotation. */
  readonly lastOperation?: string
  readonly restartedAt?: string
  readonly problems: readonly PodProblem[]
}

export interface Revision {
  readonly revision: number
  readonly image: string
  readonly version: string
  readonly createdAt: string
  readonly active: boolean
  readonly operation?: string
}

/** What keeps a pod or a rollout from being well, in plain words. */
export interface PodProblem {
  readonly kind:
    | 'image-pull'
    | 'crash-loop'
    | 'out-of-memory'
    | 'failing-probe'
    | 'quota'
    | 'no-room'
    | 'config'
    | 'progress-deadline'
    | 'other'
  /** `checkout-6d5f-abcde cannot pull registry…/checkout:1.6.0: not found`. */
  readonly says: string
  readonly pod?: string
  /** The last lines of the failing container, newest last. */
  readonly lastLogs?: readonly string[]
}

export interface RolloutProgress {
  readonly desired: number
  readonly updated: number
  readonly available: number
  readonly says: string
}

export type RolloutOutcome =
  | { readonly done: true; readonly tookMs: number; readonly says: string }
  | { readonly done: false; readonly problem: PodProblem; readonly also: readonly PodProblem[] }

export interface LogLine {
  readonly at: string
  readonly pod: string
  readonly text: string
}

export interface ClusterEvent {
  readonly at: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly object: string
  readonly message: string
  readonly count: number
}

/** Reads only. Every method throws UserError when the thing is not there and UpstreamError when the cluster cannot say. */
export interface ClusterReader {
  /** The names of all environments this reader can reach, with whether the cluster answers now. */
  health(environment: string): Promise<{ readonly ok: boolean; readonly says: string }>
  workload(ref: WorkloadRef): Promise<Workload>
  /** All workloads of an environment. */
  workloads(environment: string): Promise<readonly Workload[]>
  revisions(ref: WorkloadRef): Promise<readonly Revision[]>
  logs(
    ref: WorkloadRef,
    options: {
      readonly sinceMs?: number
      readonly contains?: string
      readonly maxLines: number
      readonly previous?: boolean
    },
  ): Promise<{ readonly lines: readonly LogLine[]; readonly truncated: boolean }>
  events(ref: WorkloadRef): Promise<readonly ClusterEvent[]>
  /**
   * Follow the rollout of `generation` to the pod until it is complete, fails for a named reason, or `signal` aborts (throws the
   * signal's reason). Uses watches; reports progress when it changes.
   */
  followRollout(
    ref: WorkloadRef,
    options: {
      readonly generation: number
      readonly signal: AbortSignal
      readonly onProgress: (progress: RolloutProgress) => void
    },
  ): Promise<RolloutOutcome>
}

export interface Written {
  readonly generation: number
  readonly resourceVersion: string
}

/** What a step of an operation is known by in the systems it writes to. No other step of the operation has the same, also not on its way back. */
export interface StepMark {
  readonly operation: OperationId
  readonly step: string
}

/**
 * Writes by server-side apply with our field manager, the operation id in an annotation, and a precondition (the expected
 * value of the field, then the resourceVersion it was read at). Throws PreconditionError when the target changed since.
 * An own earlier write of the same operation and step that already holds counts as done (idempotent).
 */
export interface ClusterWriter {
  setImage(
    ref: WorkloadRef,
    change: StepMark & {
      readonly image: string
      readonly version: string
      readonly expectImage: string
    },
  ): Promise<Written>
  setReplicas(
    ref: WorkloadRef,
    change: StepMark & {
      readonly replicas: number
      readonly expectReplicas: number
    },
  ): Promise<Written>
  restart(
    ref: WorkloadRef,
    change: StepMark & {
      readonly at: string
      readonly expectRestartedAt: string | undefined
    },
  ): Promise<Written>
  /** From now on a write of this step is refused, also one that is under way; what has happened stands. Changes nothing that runs. */
  callOff(ref: WorkloadRef, mark: StepMark): Promise<void>
}

/** Reads of an image registry through the distribution API. */
export interface RegistryReader {
  /** `repository` without tag, e.g. `registry.example.com/shop/checkout`. Newest first when the registry tells dates, else by semver. */
  tags(repository: string): Promise<readonly string[]>
  /** The digest of a tag or digest; undefined when the registry says that it does not exist. */
  resolve(
    repository: string,
    reference: string,
  ): Promise<{ readonly digest: string; readonly createdAt?: string } | undefined>
}
