import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Plan, Target } from '../../core/plan.ts'
import type { RuleScope } from '../../core/policy.ts'

/**
 * What a plan touches. A plan that names no target touches everything: the careful reading, so that a forgotten target never
 * makes a plan easier to run.
 */
export function targetsOf(plan: Pick<Plan, 'targets'>): readonly Target[] {
  return plan.targets.length > 0 ? plan.targets : [{}]
}

/** Whether a rule speaks of this plan: its skill, its risk, and at least one of its targets. */
export function ruleMatches(when: RuleScope, plan: Plan, catalog: Catalog): boolean {
  if (when.skills && !when.skills.includes(plan.skill)) return false
  if (when.risks && !when.risks.includes(plan.risk)) return false
  return targetsOf(plan).some((target) => targetMatches(when, target, catalog))
}

function targetMatches(when: RuleScope, target: Target, catalog: Catalog): boolean {
  // A target without an environment (or service) reaches into all of them, so every rule about one speaks of it too.
  if (when.environments && target.environment !== undefined && !when.environments.includes(target.environment)) {
    return false
  }
  if (when.services && target.service !== undefined && !when.services.includes(target.service)) return false
  if (when.protected !== undefined) {
    const isProtected = target.environment === undefined || (catalog.environment(target.environment)?.protected ?? true)
    if (target.environment !== undefined && isProtected !== when.protected) return false
  }
  return true
}

/** `checkout in staging`, `staging`, `everywhere`. */
export function sayTarget(target: Target): string {
  if (target.service && target.environment) return `${target.service} in ${target.environment}`
  return target.service ?? target.environment ?? 'everywhere'
}

export function sayTargets(plan: Pick<Plan, 'targets'>): string {
  return sayList(targetsOf(plan).map(sayTarget))
}

/** `a`, `a and b`, `a, b and c`; long lists are cut visibly. */
export function sayList(items: readonly string[], joiner: 'and' | 'or' = 'and', atMost = 5): string {
  const unique = [...new Set(items)]
  const shown = unique.slice(0, atMost)
  if (unique.length > atMost) return `${shown.join(', ')} ${joiner} ${unique.length - atMost} more`
  if (shown.length <= 1) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} ${joiner} ${shown.at(-1)}`
}
