import type { SpokenSkill } from '../../core/skill.ts'
import { itemsOf } from './clauses.ts'
import { cleanText, mentionsPerson } from './clean.ts'
import { acceptPhrase, acceptsAs } from './command-values.ts'
import type { Draft } from './draft.ts'
import { extract } from './extract.ts'
import { parameterOf } from './parameters.ts'
import { slotContextOf } from './slot-context.ts'
import { findSlots, type Known } from './slots.ts'
import { NEGATING } from './stop-words.ts'
import { splitWords } from './words.ts'

const MOST_WORDS = 16

// Words that say "this is the answer" or "this instead", and nothing more.
const ANSWERING: ReadonlySet<string> = new Set(
  'no nope nah not actually rather instead sorry oops wait hmm hm erm i mean meant change use make it that to be should have only yes please let say try pick choose take want and then'.split(
    ' ',
  ),
)

/** What a clause that says what it is *not* denies: "not staging". */
const DENIES = /(?:,|^|\s)\s*not (?:in |on |to |the )?[\p{L}\p{N}._-]+/giu

/**
 * Reads a text that is no request by itself as values for some parameters of a skill: the answer to a question ("staging"), or a
 * correction ("make it 8 instead"). Undefined unless every word of it is explained.
 */
export function readFragment(
  text: string,
  skill: SpokenSkill,
  wanted: readonly string[],
  known: Known,
): Draft | undefined {
  const cleaned = cleanText(text, mentionsPerson(known.peopleNamed))
  const denied = cleaned.replace(DENIES, ' ').trim()
  const words = splitWords(denied || cleaned)
  if (words.length === 0 || words.length > MOST_WORDS || words.some((word) => word.after.includes('?')))
    return undefined
  const whole = wholeAnswer(words.map((word) => word.text).join(' '), skill, wanted, known)
  if (whole) return whole
  const only = new Set(wanted)
  const items = itemsOf(words, findSlots(words, known, slotContextOf(skill)))
  const found = extract(skill, { items, words, only }, known, ANSWERING)
  const said = Object.keys(found.draft)
  if (said.length === 0 || found.left.length > 0 || found.leftSlots.length > 0) return undefined
  // A lone unknown word may be a misspelt name; in a longer text it is somebody talking.
  return found.strange > 0 && words.length > 3 ? undefined : found.draft
}

// With one question open, the whole text may be its answer, in any form the command would take.
function wholeAnswer(text: string, skill: SpokenSkill, wanted: readonly string[], known: Known): Draft | undefined {
  const [name, ...more] = wanted
  if (name === undefined || more.length > 0) return undefined
  const parameter = parameterOf(skill, name)
  const here = { ...known, ahead: slotContextOf(skill).has('ahead') }
  const plain = text.replace(/^(?:for|until|till|to|in|on|at|it's|its|use|version|since|as|over)\s+/i, '')
  const accepted = acceptPhrase(parameter, plain, here)
  if (accepted) return { [name]: { value: accepted.value } }
  const words = splitWords(plain)
  const [word] = words
  if (!word) return undefined
  if (words.length === 1 && !NEGATING.has(word.lower)) {
    const single = acceptsAs(parameter, word, here, 'to')
    return single && { [name]: { value: single.value } }
  }
  return parameter.kind === 'text' ? { [name]: { value: text.slice(0, 500) } } : undefined
}

/** One value typed into a form or carried by a button, for one parameter. What cannot be read stays as typed: the check says what is wrong. */
export function readField(text: string, skill: SpokenSkill, name: string, known: Known): Draft {
  const trimmed = cleanText(text, mentionsPerson(known.peopleNamed))
  const parameter = parameterOf(skill, name)
  if (parameter.kind === 'text') return { [name]: { value: trimmed } }
  return wholeAnswer(trimmed, skill, [name], known) ?? { [name]: { value: trimmed } }
}
