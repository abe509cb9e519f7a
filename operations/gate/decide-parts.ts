import { decide } from './decide.ts'
import type { Denial, GateQuestion, Requirement, Verdict } from './question.ts'

/** The strictest first: what one part can never pass, no approval of the others opens. */
const STRICTEST: readonly Denial['passes'][] = ['never', 'plan-only', 'later', 'break-glass']

/**
 * The gate for a plan of several parts: each is judged by its own skill, risk and target, exactly as if it were asked for alone. All
 * of it passes or none; a denial of one part denies the whole and names the part; what approvals are asked for is the union.
 */
export function decideParts(parts: readonly GateQuestion[]): Verdict {
  const [only, ...others] = parts
  if (!only) throw new Error('a plan without parts was put to the gate')
  if (others.length === 0) return decide(only)
  const judged = parts.map((question) => ({ question, verdict: decide(question) }))
  const denied = judged.flatMap(({ question, verdict }) =>
    verdict.verdict === 'deny' ? [{ says: question.plan.summary, denial: verdict }] : [],
  )
  const strictest = STRICTEST.map((passes) => denied.find(({ denial }) => denial.passes === passes)).find(Boolean)
  if (strictest) {
    const ofAll = denied.length === parts.length && new Set(denied.map(({ denial }) => denial.says)).size === 1
    return ofAll ? strictest.denial : named(strictest.says, strictest.denial)
  }
  const requirements = union(judged.flatMap(({ verdict }) => requirementsIn(verdict)))
  const ends = judged.flatMap(({ verdict }) => (verdict.verdict === 'needs' ? [verdict.expiresAt.getTime()] : []))
  if (ends.length === 0) return { verdict: 'allow', met: requirements }
  return { verdict: 'needs', requirements, expiresAt: new Date(Math.min(...ends)) }
}

function named(part: string, denial: Denial): Denial {
  // Rights and rules speak of the plan they refuse already.
  const says = denial.says.startsWith(part) ? denial.says : `${part}: ${denial.says}`
  return { ...denial, says: `${says} Nothing of the whole plan runs without that part.` }
}

const requirementsIn = (verdict: Verdict): readonly Requirement[] =>
  verdict.verdict === 'needs' ? verdict.requirements : verdict.verdict === 'allow' ? verdict.met : []

/** One line for each rule and role. It is met when every part has it met; whose yes would move one of the others may give it. */
function union(all: readonly Requirement[]): readonly Requirement[] {
  const lines = Map.groupBy(all, ({ rule, role }) => `${rule}\n${role}`)
  return [...lines.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const open = same.filter(({ have, count }) => have < count)
    const count = Math.max(...same.map((one) => one.count))
    const have = count - Math.max(0, ...open.map((one) => one.count - one.have))
    const asked = open.length > 0 ? open : same
    return [{ ...first, count, have, eligible: [...new Set(asked.flatMap(({ eligible }) => eligible))] }]
  })
}
