import type { PodProblem } from '../../core/ports/cluster.ts'

/**
 * A problem, and how sure it is that the rollout cannot come right by itself:
 * `now` – hopeless as it stands; `soon` – hopeless if it is still there a moment later; `deadline` – may come right until the
 * deployment's progress deadline.
 */
export interface Finding {
  readonly problem: PodProblem
  readonly verdict: 'now' | 'soon' | 'deadline'
  /** Whose last log lines tell more, and of which of its lives. */
  readonly logs?: { readonly container: string; readonly previous: boolean }
}

/** Root causes first: what a person should read when several things are wrong at once. */
const TELLING: readonly PodProblem['kind'][] = [
  'quota',
  'image-pull',
  'config',
  'out-of-memory',
  'crash-loop',
  'failing-probe',
  'no-room',
  'other',
  'progress-deadline',
]

/** The most telling first; of the same kind, one finding with how many more pods share it. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const byKind = new Map<PodProblem['kind'], Finding[]>()
  for (const finding of findings) {
    const same = byKind.get(finding.problem.kind) ?? []
    byKind.set(finding.problem.kind, [...same, finding])
  }
  const urgency = { now: 0, soon: 1, deadline: 2 }
  return TELLING.flatMap((kind) => {
    const same = (byKind.get(kind) ?? []).toSorted((a, b) => urgency[a.verdict] - urgency[b.verdict])
    const [first] = same
    if (!first) return []
    const pods = new Set(same.map(({ problem }) => problem.pod)).size
    if (pods < 2) return [first]
    const others = pods === 2 ? 'one other pod' : `${pods - 1} other pods`
    return [{ ...first, problem: { ...first.problem, says: `${first.problem.says} (${others} the same)` } }]
  })
}
