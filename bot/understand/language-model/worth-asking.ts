import type { Interpretation } from '../../../core/interpretation.ts'
import type { SpokenSkillSet } from '../../../core/skill-set.ts'
import { NOISE } from '../stop-words.ts'

/** From here on "no request" is believed. What a model is so asked for, `npm run bench -- understand` counts. */
const SURE_OF_NONE = 0.88
const SURE_OF_SKILL = 0.75

/** Too unsure of the skill itself to be held on to when another reader sees something else. */
export const isUnsure = ({ confidence }: Interpretation): boolean => confidence < SURE_OF_SKILL

/**
 * Whether a language model could tell more than the local reader did: it is not sure, or something is missing while words are left that
 * it could not use. What was typed as a command is never read again.
 */
export function worthAsking(local: Interpretation, said: string, skills: SpokenSkillSet): boolean {
  if (local.by !== 'local') return false
  if (local.skill === null) return local.confidence < SURE_OF_NONE && wordsOf(said).some((word) => !NOISE.has(word))
  if (isUnsure(local)) return true
  return local.missing.length > 0 && leftOver(local, said, skills)
}

const wordsOf = (said: string): readonly string[] => said.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []

/** Words that neither name the skill nor stand in a value. */
function leftOver({ skill, input }: Interpretation, said: string, skills: SpokenSkillSet): boolean {
  const named = skills.find(({ name }) => name === skill)
  const used = [skill ?? '', ...(named?.aliases ?? []), ...Object.values(input).map(String)].join(' ').toLowerCase()
  const known = new Set(used.match(/[\p{L}\p{N}]+/gu) ?? [])
  return wordsOf(said).some((word) => !known.has(word) && !NOISE.has(word))
}
