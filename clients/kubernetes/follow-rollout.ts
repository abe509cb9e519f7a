import { sayDuration } from '../../core/parameters.ts'
import type { ClusterReader, PodProblem, RolloutOutcome, RolloutProgress } from '../../core/ports/cluster.ts'
import type { Finding } from './findings.ts'
import { Deployment, KubeEvent, Pod, paths, ReplicaSet, selectorText } from './kinds.ts'
import { missing, type Place, readDeployment } from './locate.ts'
import { lastLines } from './logs.ts'
import { mirror } from './mirror.ts'
import { createJudge } from './rollout-verdict.ts'

type FollowOptions = Parameters<ClusterReader['followRollout']>[1]

/** How long the cluster may be out of reach while a rollout is followed. */
const PATIENCE_MS = 120_000
const LAST_LOG_LINES = 12
/** Timers beyond 2^31 ms fire at once; a deadline of "never" is looked at once an hour. */
const LONGEST_WAIT_MS = 3_600_000

/**
 * Follows a rollout to the pod: watches the deployment, its ReplicaSets, its pods and the namespace's warnings until a judge says that it
 * is complete or cannot become so. Rejects with the signal's reason, UserError when the deployment is deleted meanwhile, UpstreamError when
 * the cluster stays out of reach for two minutes. What somebody else did to the template before the following began is not noticed here:
 * a caller that is told "done" compares the image once more. All watches are closed when it settles.
 */
export async function followRollout(place: Place, options: FollowOptions): Promise<RolloutOutcome> {
  options.signal.throwIfAborted()
  const startedAt = performance.now()
  const deployment = await readDeployment(place)
  options.signal.throwIfAborted()
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  try {
    const findings = await judged(place, deployment, options, signal)
    const tookMs = Math.round(performance.now() - startedAt)
    if (!findings) return { done: true, tookMs, says: `Rolled out in ${sayDuration(tookMs)}.` }
    const [problem, ...also] = await Promise.all(findings.slice(0, 4).map((finding) => withLogs(place, finding)))
    if (!problem) throw new Error('a failed rollout without a finding')
    return { done: false, problem, also }
  } finally {
    stop.abort()
  }
}

/** The findings of a failed rollout; undefined when it is complete. */
function judged(
  place: Place,
  { metadata, spec }: Deployment,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  const { cluster, namespace } = place
  const judge = createJudge(options.generation)
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    let pending: NodeJS.Immediate | undefined
    let said = ''
    const settle = (end: () => void) => {
      clearTimeout(timer)
      clearImmediate(pending)
      signal.removeEventListener('abort', aborted)
      end()
    }
    const aborted = () => settle(() => reject(signal.reason))
    const look = () => {
      pending = undefined
      if (signal.aborted || !deployments.listed()) return
      const deployment = deployments.items.get(metadata.name)
      if (!deployment || deployment.metadata.uid !== metadata.uid) return settle(() => reject(missing(place)))
      const seen = {
        deployment,
        replicaSets: replicaSets.items.values(),
        pods: pods.items.values(),
        events: events.items.values(),
      }
      const verdict = judge(seen, performance.now())
      if (verdict.end === 'done') return settle(() => resolve(undefined))
      if (verdict.end === 'failed') return settle(() => resolve(verdict.findings))
      tell(verdict.progress)
      clearTimeout(timer)
      if (verdict.askAgainMs !== undefined) timer = setTimeout(look, Math.min(LONGEST_WAIT_MS, verdict.askAgainMs + 5))
    }
    const tell = (progress: RolloutProgress) => {
      if (progress.says === said) return
      said = progress.says
      options.onProgress(progress)
    }
    // A burst of changes is looked at once.
    const onChange = () => {
      pending ??= setImmediate(() => {
        try {
          look()
        } catch (error) {
          settle(() => reject(error))
        }
      })
    }
    const watching = { signal, onChange, patienceMs: PATIENCE_MS }
    const labels = { labelSelector: selectorText(spec.selector) }
    const named = { fieldSelector: `metadata.name=${metadata.name}` }
    const warnings = { fieldSelector: 'type=Warning' }
    const deployments = mirror(cluster, {
      path: paths.deployments(namespace),
      item: Deployment,
      query: named,
      ...watching,
    })
    const replicaSets = mirror(cluster, {
      path: paths.replicaSets(namespace),
      item: ReplicaSet,
      query: labels,
      ...watching,
    })
    const pods = mirror(cluster, { path: paths.pods(namespace), item: Pod, query: labels, ...watching })
    const events = mirror(cluster, { path: paths.events(namespace), item: KubeEvent, query: warnings, ...watching })
    signal.addEventListener('abort', aborted)
    for (const { done } of [deployments, replicaSets, pods, events]) done.catch((error) => settle(() => reject(error)))
  })
}

/** The problem with the failing container's last words, as far as they can be had. */
async function withLogs({ cluster, namespace }: Place, { problem, logs }: Finding): Promise<PodProblem> {
  if (!problem.pod || !logs) return problem
  const found = await lastLines(cluster, { namespace, pod: problem.pod, ...logs }, LAST_LOG_LINES)
  return found.length ? { ...problem, lastLogs: found } : problem
}
