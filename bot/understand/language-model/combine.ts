import type { Interpretation } from '../../../core/interpretation.ts'
import type { SpokenSkill } from '../../../core/skill.ts'
import type { Draft, Said } from '../draft.ts'
import { parametersOf } from '../parameters.ts'

/**
 * A model's draft beside what the local reader read of the same skill. The model may fill in what is missing; a question that the local
 * reader has stays a question, and where the two differ a person decides.
 */
export function combineDrafts(skill: SpokenSkill, model: Draft, read: Interpretation, local: Interpretation): Draft {
  if (local.skill !== skill.name) return model
  const draft: Record<string, Said> = { ...model }
  for (const { name, label, kind } of parametersOf(skill)) {
    const mine = local.input[name]
    if (mine === undefined) continue
    const question = local.questions?.find(({ parameter }) => parameter === name)
    if (local.ambiguous.includes(name)) {
      const options = question?.options.map(({ value }) => value) ?? []
      draft[name] = {
        value: mine,
        unclear: { says: question?.says ?? `It is not clear which ${label} you mean.`, options },
      }
    } else if (local.invalid.includes(name) || model[name] === undefined) draft[name] = { value: mine }
    else if (kind !== 'text' && !model[name].unclear && JSON.stringify(read.input[name]) !== JSON.stringify(mine)) {
      const options = [mine, read.input[name]].map(String)
      draft[name] = { value: mine, unclear: { says: `Which ${label}: ${options.join(' or ')}?`, options } }
    }
  }
  return draft
}
