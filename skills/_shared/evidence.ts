import type { Block, Text } from '../../core/card.ts'
import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Workload } from '../../core/ports/cluster.ts'
import type { ReadContext } from '../../core/skill.ts'
import { type OperationState, STATE_WORDS } from '../../core/states.ts'
import { note } from './answers.ts'
import { callersOf, type Place } from './targets.ts'

/** What a careful engineer asks before a change: what runs now, how many pods it touches, who calls it. Not hashed. */
export function blastRadius(
  catalog: Catalog,
  place: Place,
  workload: Workload,
  more: { builtAt?: string } = {},
): Block[] {
  const { replicas } = workload
  const callers = callersOf(catalog, place.service.name)
  const facts: { label: string; value: Text }[] = [
    {
      label: 'Running now',
      value: `${workload.version} · ${replicas.available} of ${replicas.desired} pods available`,
    },
    {
      label: 'Touches',
      value: `${replicas.desired} ${replicas.desired === 1 ? 'pod' : 'pods'} in ${workload.namespace} (cluster ${workload.cluster})`,
    },
  ]
  if (callers.length) facts.push({ label: 'Called by', value: callers.join(', ') })
  if (place.service.team) facts.push({ label: 'Owner', value: place.service.team })
  if (more.builtAt) facts.push({ label: 'Image built', value: [{ time: more.builtAt, show: 'relative' }] })
  return [{ type: 'facts', facts }]
}

/** Said loudly beside a plan: what is not well already, and who else has a hand on it. */
export function workloadWarnings(place: Place, workload: Workload): string[] {
  const warnings: string[] = []
  if (workload.rollingOut) warnings.push(`${place.says} is in the middle of a rollout.`)
  for (const problem of workload.problems.slice(0, 2)) warnings.push(`Not well now: ${problem.says}`)
  if (workload.owner && !workload.owner.reverts) warnings.push(`${workload.owner.name}: ${workload.owner.effect}`)
  if (workload.replicas.desired === 0)
    warnings.push(`${place.says} is scaled to 0: no pod will show whether the change is good.`)
  return warnings
}

const UNDER_WAY: readonly OperationState[] = ['running', 'waiting', 'cancelling', 'needs_human']
const LOOKED_AT = 20
const MOST_SHOWN = 3

/** All that stands beside the plan of a change to what runs. */
export async function changeEvidence(
  ctx: ReadContext,
  place: Place,
  workload: Workload,
  more: { builtAt?: string } = {},
): Promise<Block[]> {
  return [...blastRadius(ctx.catalog, place, workload, more), ...(await underWay(ctx, place))]
}

/** What is being changed there already, so that two people at night do not work against each other. */
async function underWay({ desk }: Pick<ReadContext, 'desk'>, { ref }: Place): Promise<Block[]> {
  const { service, environment } = ref
  const open = await desk.operations({ state: 'open', service, environment, limit: LOOKED_AT })
  return open
    .filter(({ state }) => UNDER_WAY.includes(state))
    .slice(0, MOST_SHOWN)
    .map(({ id, summary, state, requestedBy }) =>
      note('warn', [
        'Under way here: ',
        { code: id },
        ` ${summary} (${STATE_WORDS[state]}, asked by ${requestedBy.name})`,
      ]),
    )
}
