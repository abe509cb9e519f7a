import type { SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { parametersOf } from './parameters.ts'

/**
 * Values that only some skills ask for, and whose words mean something else elsewhere: "now", "monday", "last month". They are looked for
 * only in the name of such a skill.
 */
export type SlotContext =
  | 'period'
  /** A month without a year is the coming one. */
  | 'ahead'
  | 'schedule'
  | 'since'
  | 'range'
  | 'percent'
  | 'variable'
  | 'team'
  | 'channel'
  /** What runs in another environment, as a version. */
  | 'elsewhere'
  /** A title or a message at the end of the sentence, in the speaker's own words. */
  | 'message'

// A month without a year is one behind us where money was spent, and one before us here.
const LOOKING_AHEAD: ReadonlySet<string> = new Set(['forecast'])

const contexts = new WeakMap<SpokenSkill, ReadonlySet<SlotContext>>()

export const NO_CONTEXT: ReadonlySet<SlotContext> = new Set()

/** What else to look for when a sentence is read as a request for this skill. */
export function slotContextOf(skill: SpokenSkill): ReadonlySet<SlotContext> {
  const known = contexts.get(skill)
  if (known) return known
  const context = new Set<SlotContext>()
  for (const { kind, name, optional } of parametersOf(skill)) {
    if (kind === 'period') context.add('period')
    if (kind === 'schedule') context.add('schedule')
    if (kind === 'duration' && name === 'since') context.add('since')
    if (kind === 'number') context.add('range')
    if (kind === 'replicas') context.add('percent')
    if (kind === 'variables') context.add('variable')
    if (kind === 'scope') context.add('team')
    if (kind === 'channel') context.add('channel')
    if (kind === 'version') context.add('elsewhere')
    if (kind === 'text' && !optional && (name === 'title' || name === 'message')) context.add('message')
  }
  if (context.has('period') && LOOKING_AHEAD.has(skill.name)) context.add('ahead')
  contexts.set(skill, context)
  return context
}

/** Skills by what else is looked for in their name; each group needs a sentence cut into slots only once. */
export function groupByContext(
  skills: SpokenSkillSet,
): readonly { readonly context: ReadonlySet<SlotContext>; readonly skills: SpokenSkillSet }[] {
  const groups = Map.groupBy(skills, (skill) => [...slotContextOf(skill)].sort().join(' '))
  return [...groups.values()].map((group) => ({
    context: group[0] ? slotContextOf(group[0]) : NO_CONTEXT,
    skills: group,
  }))
}
