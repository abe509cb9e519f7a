import type { SpokenSkillSet } from '../../core/skill-set.ts'

/** Ranks skills by how near a sentence is to the examples in their files. Values stand as `<service>` and the like. */
export interface Similarity {
  /** Cosine of TF-IDF vectors with the nearest example of that skill, 0–1 (Salton & Buckley 1988). */
  score(skill: string, text: string): number
}

type Vector = ReadonlyMap<string, number>

/** Learns from `examples`: for each skill its sentences, already as rows of items. Takes milliseconds for hundreds of them. */
export function learnSimilarity(
  skills: SpokenSkillSet,
  examples: (skill: SpokenSkillSet[number]) => readonly string[],
): Similarity {
  const documents = skills.flatMap((skill) =>
    examples(skill).map((text) => ({ skill: skill.name, terms: termsOf(text) })),
  )
  const documentCount = new Map<string, number>()
  for (const { terms } of documents)
    for (const term of new Set(terms)) documentCount.set(term, (documentCount.get(term) ?? 0) + 1)
  const weigh = (terms: readonly string[]): Vector => {
    const counts = new Map<string, number>()
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
    let length = 0
    const vector = new Map<string, number>()
    for (const [term, count] of counts) {
      const weight = (1 + Math.log(count)) * Math.log(1 + documents.length / ((documentCount.get(term) ?? 0) + 0.5))
      vector.set(term, weight)
      length += weight * weight
    }
    for (const [term, weight] of vector) vector.set(term, weight / Math.sqrt(length || 1))
    return vector
  }
  const learned = new Map<string, Vector[]>()
  for (const { skill, terms } of documents) learned.set(skill, [...(learned.get(skill) ?? []), weigh(terms)])
  let lastText: string | undefined
  let lastVector: Vector = new Map()
  return {
    score(skill, text) {
      if (text !== lastText) {
        lastText = text
        lastVector = weigh(termsOf(text))
      }
      return Math.max(0, ...(learned.get(skill) ?? []).map((example) => dot(lastVector, example)))
    },
  }
}

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (const [term, weight] of a) sum += weight * (b.get(term) ?? 0)
  return sum
}

const LONGEST = 60

function termsOf(text: string): readonly string[] {
  const words = text.split(' ').slice(0, LONGEST)
  return [...words, ...words.slice(1).map((word, index) => `${words[index]} ${word}`)]
}
