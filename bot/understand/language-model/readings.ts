import type { ModelCall } from '../../../core/ports/language-model.ts'
import type { SpokenSkill } from '../../../core/skill.ts'
import type { SpokenSkillSet } from '../../../core/skill-set.ts'
import type { Draft, Said } from '../draft.ts'
import { parametersOf } from '../parameters.ts'
import type { Known } from '../slots.ts'
import { draftFromCall } from './draft-from-call.ts'
import type { Ground } from './grounds.ts'
import { ASK, NO_REQUEST } from './tools.ts'

/** What the tools a model chose come to. */
export type Reading =
  | { readonly kind: 'none'; readonly because: string }
  | { readonly kind: 'skill'; readonly skill: SpokenSkill; readonly draft: Draft }

const none = (because: string): Reading => ({ kind: 'none', because })
const MOST_CALLS = 10

/** Reads a model's calls. Whatever it wrote, this returns; a tool that we do not have counts as nothing said. */
export function readCalls(calls: readonly ModelCall[], skills: SpokenSkillSet, ground: Ground, known: Known): Reading {
  if (calls.length > MOST_CALLS) return none('too many calls')
  if (calls.some(({ tool }) => tool === NO_REQUEST)) return none('no request')
  const asked = calls.find(({ tool }) => tool === ASK)
  if (asked) return openSkill(skills.find(({ name }) => name === asked.arguments.skill))
  const named = calls.flatMap((call) => {
    const skill = skills.find(({ name }) => name === call.tool)
    return skill ? [{ skill, call }] : []
  })
  const [first] = named
  if (!first) return none(calls.length > 0 ? 'a tool that does not exist' : 'no call')
  if (named.length < calls.length || named.some(({ skill }) => skill !== first.skill))
    return none('several things at once')
  const drafts = named.map(({ skill, call }) => draftFromCall(skill, call.arguments, ground, known))
  const draft = joined(first.skill, drafts)
  return draft ? { kind: 'skill', skill: first.skill, draft } : none('several things at once')
}

/** The likeliest skill with everything still to be said; where nothing would be asked, it is no reading. */
function openSkill(skill: SpokenSkill | undefined): Reading {
  const asks = skill && parametersOf(skill).some(({ optional }) => !optional)
  return skill && asks ? { kind: 'skill', skill, draft: {} } : none('open which skill')
}

/** Several calls of one skill: they may differ in where, which becomes a list, and in nothing else. */
function joined(skill: SpokenSkill, drafts: readonly Draft[]): Draft | undefined {
  const draft: Record<string, Said> = {}
  for (const { name, kind } of parametersOf(skill)) {
    const said = drafts.map((one) => one[name])
    const [first] = said
    const unclear = said.find((one) => one?.unclear)
    if (unclear) draft[name] = unclear
    else if (said.every((one) => JSON.stringify(one) === JSON.stringify(first))) {
      if (first) draft[name] = first
    } else if ((kind === 'service' || kind === 'environment') && said.every((one) => one !== undefined))
      draft[name] = { value: [...new Set(said.map((one) => String(one?.value)))] }
    else return undefined
  }
  return draft
}
