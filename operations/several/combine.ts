import type { Block } from '../../core/card.ts'
import type { Plan, PlanDraft, Risk, Undo } from '../../core/plan.ts'
import { sayList, sayTargets } from '../gate/scope.ts'
import { SEVERAL } from './expand.ts'

const RISKS: readonly Risk[] = ['read', 'write', 'destructive']
const NAMED_MAX = 6

/** What a part is called on the card, in the ledger and in every sentence: `cart in staging`. */
export const labelOf = (plan: Pick<Plan, 'targets'>): string => sayTargets(plan)

/**
 * One plan of several. Each part is listed in full; what is so already is said and left out, so that what is approved is what is
 * done. Order is the order in which they run.
 */
export function combine(all: readonly Plan[]): Omit<PlanDraft, 'input'> & { readonly parts: readonly Plan[] } {
  const open = all.filter((plan) => plan.alreadySo === undefined)
  const parts = open.length > 0 ? open : all
  const asItIs = all.flatMap((plan) => (plan.alreadySo === undefined ? [] : [plan.alreadySo]))
  return {
    parts,
    targets: parts.flatMap((plan) => plan.targets),
    summary: sayTogether(parts.map((plan) => plan.summary)),
    changes: parts.flatMap((plan) => plan.changes),
    preconditions: parts.flatMap((plan) => plan.preconditions),
    undo: undoTogether(parts.map((plan) => ({ label: labelOf(plan), undo: plan.undo }))),
    steps: parts.flatMap((plan) => plan.steps.map((step) => nameIn(labelOf(plan), step))),
    evidence: parts.flatMap(evidenceOf),
    warnings: [
      ...parts.flatMap((plan) => plan.warnings.map((warning) => saidOf(labelOf(plan), warning))),
      ...(open.length > 0 ? asItIs.map((says) => `Left out: ${says}`) : []),
    ],
    alreadySo: open.length > 0 ? undefined : asItIs.join(' '),
  }
}

/** A name of a part's own inside the whole: ledger names stay unique. */
export const nameIn = (label: string, name: string): string => `${label}: ${name}`

/** A sentence of a part's, which says what it is about unless it does so itself. */
export const saidOf = (label: string, says: string): string => (says.includes(label) ? says : `${label}: ${says}`)

export const worstRisk = (risks: readonly Risk[]): Risk =>
  RISKS[Math.max(...risks.map((risk) => RISKS.indexOf(risk)), 0)] ?? 'write'

function evidenceOf(plan: Plan): readonly Block[] {
  return plan.evidence.length > 0 ? [{ type: 'text', text: [{ bold: labelOf(plan) }] }, ...plan.evidence] : []
}

/** Takes back what can be, the last one first; what cannot is named. */
export function undoTogether(parts: readonly { readonly label: string; readonly undo: Undo }[]): Undo {
  const back = parts.flatMap(({ label, undo }) => ('impossible' in undo ? [] : [{ label, undo }])).reverse()
  const stay = parts.filter(({ undo }) => 'impossible' in undo).map(({ label }) => label)
  const [only] = back
  if (!only)
    return {
      impossible: [...new Set(parts.map(({ undo }) => ('impossible' in undo ? undo.impossible : '')))].join(' '),
    }
  const not = stay.length > 0 ? ` (${sayList(stay, 'and', NAMED_MAX)} cannot be undone)` : ''
  if (back.length === 1) return { ...only.undo, says: `${only.label}: ${only.undo.says}${not}` }
  return {
    skill: SEVERAL,
    input: { parts: back.map((one) => ({ skill: one.undo.skill, input: one.undo.input })) },
    says: `Take back ${sayTogether(back.map((one) => one.label).reverse())}${not}`,
  }
}

/** `Restart cart in staging` and `Restart search in staging` as `Restart cart and search in staging`. */
export function sayTogether(summaries: readonly string[]): string {
  const rows = summaries.map((summary) => summary.split(' '))
  const [first = []] = rows
  const { length } = first
  // Sentences that are not built alike are said in full.
  if (rows.some((row) => row.length !== length)) return sayList(summaries, 'and', NAMED_MAX)
  const same = (at: (row: readonly string[]) => string | undefined) => rows.every((row) => at(row) === at(first))
  let head = 0
  while (head < length - 1 && same((row) => row[head])) head++
  let tail = 0
  while (tail < length - head - 1 && same((row) => row.at(-1 - tail))) tail++
  const between = rows.map((row) => row.slice(head, length - tail))
  // What differs in two places belongs together: `cart from 3 to 5 and search from 2 to 5`.
  const [one = []] = between
  if (one.some((word) => between.every((words) => words.includes(word)))) tail = 0
  const middles = rows.map((row) => row.slice(head, length - tail).join(' '))
  return [...first.slice(0, head), sayList(middles, 'and', NAMED_MAX), ...first.slice(length - tail)].join(' ')
}
