import { editDistance } from '../../core/catalog/distance.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { NOISE } from './stop-words.ts'

const SHORTEST = 5

/** The one verb of the skills that `word` misses by a single slip (a letter more, less, wrong, or two swapped); undefined when none or several. */
export function mendVerb(word: string, skills: SpokenSkillSet): string | undefined {
  if (word.length < SHORTEST - 1 || word.length > 20 || NOISE.has(word)) return undefined
  const verbs = skills
    .flatMap((skill) => [skill.name, ...(skill.aliases ?? [])])
    .filter((verb) => verb.length >= SHORTEST && !verb.includes(' '))
  const near = [...new Set(verbs.filter((verb) => editDistance(word, verb.toLowerCase(), 1) === 1))]
  return near.length === 1 ? near[0]?.toLowerCase() : undefined
}
