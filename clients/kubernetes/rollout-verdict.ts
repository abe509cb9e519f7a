import type { PodProblem, RolloutProgress } from '../../core/ports/cluster.ts'
import { type Finding, sortFindings } from './findings.ts'
import type { Deployment, KubeEvent, Pod, ReplicaSet } from './kinds.ts'
import { podFindings } from './pod-problems.ts'
import { controllerFindings, currentReplicaSet, deadlineExceeded, isOwned, templateText } from './rollout-problems.ts'
import { isComplete } from './workload.ts'

/** All that is known of a rollout at one moment. */
export interface Seen {
  readonly deployment: Deployment
  readonly replicaSets: Iterable<ReplicaSet>
  readonly pods: Iterable<Pod>
  readonly events: Iterable<KubeEvent>
}

export type Verdict =
  | { readonly end: 'done' }
  | { readonly end: 'failed'; readonly findings: readonly Finding[] }
  | { readonly end: undefined; readonly progress: RolloutProgress; readonly askAgainMs: number | undefined }

/** A finding of verdict `soon` that is still there after this long is final. */
const CONFIRM_MS = 3_000

/**
 * Judges one rollout over time. Feed it what is seen, whenever it changes and whenever it asked to be asked again; it remembers since when
 * a problem has been there and when the last progress was. `now` is in milliseconds of a clock that only goes forward.
 *
 * A new rollout is cut short only by the Deployment controller at its progress deadline; a scaling has no such end, so the same
 * deadline is counted here; and so is the time in which the controller itself, which may be down, does not even take up the change.
 */
export function createJudge(generation: number): (seen: Seen, now: number) => Verdict {
  const firstSeen = new Map<string, number>()
  let template: string | undefined
  let counters = ''
  let progressAt: number | undefined
  let unseenSince: number | undefined

  return (seen, now) => {
    const { deployment } = seen
    const { spec, status, metadata } = deployment
    const progress = sayProgress(deployment, generation)
    if (status.observedGeneration < generation) {
      unseenSince ??= now
      const restMs = unseenSince + spec.progressDeadlineSeconds * 1000 - now
      return restMs > 0 ? { end: undefined, progress, askAgainMs: restMs } : failed(notTakenUp(deployment))
    }
    template ??= templateText(spec.template)
    if (template !== templateText(spec.template))
      return failed(other(`${metadata.name} was changed by somebody else while it was rolled out`))
    if (isComplete(deployment, generation)) return { end: 'done' }
    const current = currentReplicaSet(deployment, seen.replicaSets)
    // A pause holds a new version back, not a new number of pods.
    if (spec.paused && (!current || status.replicas > status.updatedReplicas))
      return failed(other(`${metadata.name} is paused: resume it (kubectl rollout resume) and try again`))
    const pods = current ? [...seen.pods].filter((pod) => isOwned(pod, current)) : []
    const findings = [...controllerFindings(deployment, current), ...podFindings(pods, [...seen.events])]
    const ripe = (finding: Finding) => {
      const key = `${finding.problem.kind} ${finding.problem.pod ?? ''}`
      const since = firstSeen.get(key) ?? now
      firstSeen.set(key, since)
      return finding.verdict === 'now' || (finding.verdict === 'soon' && now - since >= CONFIRM_MS)
    }
    const given = findings.map((finding) => ({ finding, ripe: ripe(finding) }))
    forget(firstSeen, findings)

    const counted = `${status.updatedReplicas} ${status.availableReplicas} ${status.replicas}`
    if (counted !== counters || progressAt === undefined) progressAt = now
    counters = counted
    const restMs = progressAt + spec.progressDeadlineSeconds * 1000 - now
    if (restMs <= 0 && !deadlineExceeded(deployment))
      return failed(...findings, deadline(`${metadata.name} made no progress for ${spec.progressDeadlineSeconds} s`))
    if (given.some((one) => one.ripe)) return failed(...findings)
    const confirming = findings.some(({ verdict }) => verdict === 'soon')
    return { end: undefined, progress, askAgainMs: confirming ? Math.min(CONFIRM_MS, restMs) : restMs }
  }
}

const failed = (...findings: Finding[]): Verdict => ({ end: 'failed', findings: sortFindings(findings) })
const other = (says: string): Finding => ({ problem: { kind: 'other', says }, verdict: 'now' })
const deadline = (says: string): Finding => ({ problem: { kind: 'progress-deadline', says }, verdict: 'now' })

const notTakenUp = ({ metadata, spec }: Deployment): Finding =>
  deadline(
    `the cluster has not taken up the change of ${metadata.name} for ${spec.progressDeadlineSeconds} s: look whether its kube-controller-manager works`,
  )

/** A problem that went away starts afresh when it comes back. */
function forget(firstSeen: Map<string, number>, findings: readonly Finding[]): void {
  const there = new Set(findings.map(({ problem }) => `${problem.kind} ${problem.pod ?? ''}`))
  for (const key of firstSeen.keys()) if (!there.has(key)) firstSeen.delete(key)
}

function sayProgress({ spec, status }: Deployment, generation: number): RolloutProgress {
  const unseen = status.observedGeneration < generation
  // Until the cluster took up the change, its counters speak of the version before.
  const updated = unseen ? 0 : status.updatedReplicas
  const counts = { desired: spec.replicas, updated, available: status.availableReplicas }
  return { ...counts, says: inWords(counts, status.replicas, unseen) }
}

function inWords(
  counts: { desired: number; updated: number; available: number },
  replicas: number,
  unseen: boolean,
): string {
  const { desired, updated, available } = counts
  if (unseen) return 'the cluster has not taken up the change yet'
  const old = replicas - updated
  if (updated < desired) return `${updated} of ${desired} pods started, ${available} available`
  if (old > 0)
    return `${updated} of ${desired} pods started, ${old} old ${old === 1 ? 'one is' : 'ones are'} still there`
  return `${Math.min(available, desired)} of ${desired} pods available`
}

/** What a status card shows of a workload that nobody is rolling out now. */
export function problemsOf(
  deployment: Deployment,
  pods: readonly Pod[],
  events: readonly KubeEvent[],
): readonly PodProblem[] {
  // What failed stays on show until the cluster tidies it away; by then others have long taken its place.
  const isFull = deployment.status.availableReplicas >= deployment.spec.replicas
  const telling = isFull ? pods.filter(({ status }) => status.phase !== 'Failed') : pods
  const findings = [...controllerFindings(deployment, undefined), ...podFindings(telling, events)]
  return sortFindings(findings).map(({ problem }) => problem)
}
