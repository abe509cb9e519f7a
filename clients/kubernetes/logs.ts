import { UpstreamError } from '../../core/errors.ts'
import type { ClusterReader, LogLine } from '../../core/ports/cluster.ts'
import { redactLines } from '../../core/secrets.ts'
import { ApiError } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { Pod, paths, selectorText } from './kinds.ts'
import { mainContainer, type Place, readDeployment } from './locate.ts'
import { isReady } from './pod-problems.ts'

type LogOptions = Parameters<ClusterReader['logs']>[1]

interface Source {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly previous: boolean
}

const MOST_PODS = 20
const AT_ONCE = 5
/** Read per pod when lines are searched: the wanted ones may be rare. */
const SEARCHED_LINES = 5_000
const LIMIT_BYTES = 2 * 1024 * 1024

/**
 * The newest lines of all pods of a workload, in order of time, oldest first. `contains` ignores case. `truncated` when there is (or may
 * be) more than is returned: more lines, more pods, or a log longer than what is read per pod. A pod without such a log
 * (not started; never restarted, with `previous`) has no lines. Of very many pods those in trouble are read first, then the newest.
 */
export async function readLogs(place: Place, options: LogOptions) {
  const deployment = await readDeployment(place)
  const container = mainContainer(deployment, place).name
  const { cluster, namespace } = place
  const { items } = await cluster.list(paths.pods(namespace), Pod, {
    labelSelector: selectorText(deployment.spec.selector),
  })
  const pods = items.toSorted((a, b) => rank(a) - rank(b) || age(b) - age(a)).slice(0, MOST_PODS)
  const tailLines = options.contains ? Math.max(SEARCHED_LINES, options.maxLines) : options.maxLines
  const wanted = options.contains?.toLowerCase()
  let truncated = items.length > pods.length
  const lines: LogLine[] = []
  for (let from = 0; from < pods.length; from += AT_ONCE) {
    const batch = pods.slice(from, from + AT_ONCE)
    const texts = await Promise.all(
      batch.map(({ metadata }) =>
        newestLines(
          cluster,
          { namespace, pod: metadata.name, container, previous: options.previous ?? false },
          tailLines,
          options.sinceMs,
        ),
      ),
    )
    for (const [index, { text, cut }] of texts.entries()) {
      const own = parseLines(text, batch[index]?.metadata.name ?? '')
      if (cut || own.length >= tailLines) truncated = true
      lines.push(...(wanted ? own.filter((line) => line.text.toLowerCase().includes(wanted)) : own))
    }
  }
  lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return { lines: lines.slice(-options.maxLines), truncated: truncated || lines.length > options.maxLines }
}

/** The last lines of one container, for a failure's card; none when they cannot be had. A missing earlier life falls back to the present one. */
export async function lastLines(cluster: Cluster, source: Source, count: number): Promise<string[]> {
  try {
    const { text } = await newestLines(cluster, source, count, undefined)
    if (!text && source.previous) return lastLines(cluster, { ...source, previous: false }, count)
    return parseLines(text, source.pod).map((line) => line.text)
  } catch (error) {
    // The failure itself is what must be told; that its logs are out of reach as well is not worth losing it.
    if (error instanceof UpstreamError || error instanceof ApiError) return []
    throw error
  }
}

/** An answer that grows too long is ended at its end, where the newest lines are: then fewer are asked for, until they fit. */
async function newestLines(
  cluster: Cluster,
  source: Source,
  tailLines: number,
  sinceMs: number | undefined,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  for (let lines = tailLines, cut = false; ; cut = true) {
    const text = await readLog(cluster, source, lines, sinceMs)
    const isWhole = Buffer.byteLength(text) < LIMIT_BYTES
    if (isWhole || lines <= 1) return { text, cut: cut || !isWhole }
    lines = Math.max(1, Math.floor(Math.min(lines, text.split('\n').length) / 2))
  }
}

/** Empty when the container has no such log. */
async function readLog(
  cluster: Cluster,
  source: Source,
  tailLines: number,
  sinceMs: number | undefined,
): Promise<string> {
  const { namespace, pod, container, previous } = source
  try {
    return await cluster.text(
      `${paths.pods(namespace)}/${pod}/log`,
      {
        container,
        tailLines,
        timestamps: true,
        limitBytes: LIMIT_BYTES,
        previous: previous || undefined,
        sinceSeconds: sinceMs === undefined ? undefined : Math.max(1, Math.ceil(sinceMs / 1000)),
      },
      LIMIT_BYTES,
    )
  } catch (error) {
    const answer = error instanceof UpstreamError ? error.cause : error
    // 400: waiting to start, or never terminated; 404: the pod has gone since it was listed.
    if (answer instanceof ApiError && (answer.status === 400 || answer.status === 404)) return ''
    throw error
  }
}

/**
 * Each line begins with its RFC 3339 time; what a kubelet says in the place of a log has none. What programs should not have written into
 * their logs goes no further than here.
 */
function parseLines(text: string, pod: string): LogLine[] {
  const lines = text.split('\n').flatMap((line) => {
    if (!line) return []
    const space = line.indexOf(' ')
    const at = normalTime(space < 0 ? line : line.slice(0, space))
    if (at === undefined) return [{ at: '', pod, text: line }]
    return [{ at, pod, text: space < 0 ? '' : line.slice(space + 1) }]
  })
  const clean = redactLines(lines.map((line) => line.text))
  return lines.map((line, index) => ({ ...line, text: clean[index] ?? '' }))
}

/** Times with a fraction of varying length would not sort as text. Undefined for what is none. */
function normalTime(at: string): string | undefined {
  const match = /^(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(at)
  const seconds = match && Date.parse(`${match[1]}${match[3]}`)
  if (!match || seconds === null || Number.isNaN(seconds)) return undefined
  return `${new Date(seconds).toISOString().slice(0, 19)}.${(match[2] ?? '').padEnd(9, '0')}Z`
}

const rank = (pod: Pod) => (isReady(pod) ? 1 : 0)
const age = (pod: Pod) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0
