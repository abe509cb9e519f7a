import type { Block } from '../../core/card.ts'
import type { CatalogEnvironment } from '../../core/catalog/catalog.ts'
import type { Workload } from '../../core/ports/cluster.ts'

/** Well: no known problem, no rollout going on, every wanted pod available. */
export function isWell(workload: Workload): boolean {
  return (
    workload.problems.length === 0 && !workload.rollingOut && workload.replicas.available >= workload.replicas.desired
  )
}

export const EMPTY = 'nothing runs there'

/** Where it was looked, when nothing was found: it may be the wrong place. */
export const sayEmpty = ({ name, namespace, cluster }: CatalogEnvironment): string =>
  `There is no deployment in the namespace ${namespace} of the cluster "${cluster}". Where there should be, look at environments.${name} in quarterdeck.yaml.`

/** One or two words on how a workload stands. */
export function verdict(workload: Workload): string {
  const [problem] = workload.problems
  if (problem) return problem.kind.replaceAll('-', ' ')
  if (workload.rollingOut) return 'rolling out'
  if (workload.replicas.desired === 0) return 'scaled to 0'
  return isWell(workload) ? 'well' : 'pods missing'
}

/** Available of wanted pods: `3/4`. */
export function podsText({ replicas }: Workload): string {
  return `${replicas.available}/${replicas.desired}`
}

/** Each known problem in a sentence, with the last log lines of the pod it is about. */
export function problemBlocks(workload: Workload): Block[] {
  return workload.problems.slice(0, 4).flatMap((problem): Block[] => {
    const says: Block = { type: 'note', tone: 'bad', text: problem.says }
    if (!problem.lastLogs?.length) return [says]
    const source = `last log lines of ${problem.pod ?? 'the pod'}`
    return [says, { type: 'quote', source, text: problem.lastLogs.slice(-5).join('\n') }]
  })
}
