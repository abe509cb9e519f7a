import { canonicalJson, type Json } from '../../core/json.ts'
import type { Plan } from '../../core/plan.ts'

const SHOWN_MAX = 6

/** What a person should know that is different in a newer revision of a plan, one line each. */
export function difference(before: Plan, after: Plan, policyChanged: boolean): readonly string[] {
  const lines: string[] = []
  if (policyChanged) lines.push('The approval rules were changed.')
  if (before.skillVersion !== after.skillVersion) lines.push(`The ${after.skill} skill was updated.`)
  if (before.risk !== after.risk) lines.push(`The risk is now ${after.risk} (was ${before.risk}).`)
  lines.push(...changedFields(before, after), ...changedPreconditions(before, after))
  if (canonicalJson(before.steps) !== canonicalJson(after.steps)) lines.push('The steps are different.')
  if (lines.length === 0) lines.push('Details of the plan changed.')
  const more = lines.length - SHOWN_MAX
  return more > 0 ? [...lines.slice(0, SHOWN_MAX), `… and ${more} more differences.`] : lines
}

function changedFields(before: Plan, after: Plan): readonly string[] {
  const old = new Map(before.changes.map((change) => [`${change.target}\n${change.field}`, change]))
  return after.changes.flatMap((change) => {
    const was = old.get(`${change.target}\n${change.field}`)
    const place = `${change.field} of ${change.target}`
    if (!was) return [`New: ${place}, ${sayValue(change.from)} → ${sayValue(change.to)}.`]
    const lines: string[] = []
    if (!same(was.from, change.from))
      lines.push(`${place} is now ${sayValue(change.from)} (was ${sayValue(was.from)}).`)
    if (!same(was.to, change.to)) lines.push(`${place} would become ${sayValue(change.to)} (was ${sayValue(was.to)}).`)
    return lines
  })
}

function changedPreconditions(before: Plan, after: Plan): readonly string[] {
  const old = new Map(before.preconditions.map((item) => [`${item.target}\n${item.field}`, item.is]))
  return after.preconditions.flatMap((item) => {
    const was = old.get(`${item.target}\n${item.field}`)
    return was !== undefined && !same(was, item.is)
      ? [`${item.field} of ${item.target} is now ${sayValue(item.is)} (was ${sayValue(was)}).`]
      : []
  })
}

const same = (a: Json, b: Json) => canonicalJson(a) === canonicalJson(b)

/** A value in a line for people. */
export function sayValue(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing'
  return typeof value === 'object' ? canonicalJson(value) : String(value)
}
