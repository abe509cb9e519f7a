import { itemsOf } from './clauses.ts'
import { type Lexicon, placeholderText } from './lexicon.ts'
import { NONE } from './model/intent-model.ts'
import { sigmoid } from './model/logistic.ts'
import { NO_CONTEXT } from './slot-context.ts'
import { findSlots, type Known } from './slots.ts'
import { speakClauses } from './speech/sentence.ts'
import type { Word } from './words.ts'

/** Marks of a pasted alert or of an attack leave as little doubt as this (counted on practice sentences). */
export const BEARS_MARKS = 0.97
/** What the reader cannot read, it knows nothing of. */
export const UNREAD = 0.5

// Fitted on the practice sentences (bench/understand/practice) that are taken for no request, with as many requests among them as not.
const REFUSED = 3.3
const WEIGHT = 0.7
const HEARD_A_REQUEST = -2.6
const SPOKEN_TO = -1.8
const DENIED = 1.3
const MOST_SURE = 0.99

/**
 * How sure it is, 0–1, that a text which no skill took asks for nothing: by what was learned of such texts, more where something
 * was denied, and less where an order was heard or somebody was greeted, since the rules then refused what may have been one.
 */
export function confidenceInNone(words: readonly Word[], known: Known, lexicon: Lexicon): number {
  const items = itemsOf(words, findSlots(words, known, NO_CONTEXT))
  const acts = speakClauses(items, words).map(({ act }) => act)
  const none = within(lexicon.intents.chances(placeholderText(items)).get(NONE) ?? 0)
  const heard = acts.includes('request') ? HEARD_A_REQUEST : acts.includes('negated') ? DENIED : 0
  const spokenTo = acts.length > 1 && acts.includes('talk') ? SPOKEN_TO : 0
  const sure = sigmoid(REFUSED + heard + spokenTo + WEIGHT * Math.log(none / (1 - none)))
  return Math.round(Math.min(MOST_SURE, sure) * 100) / 100
}

const within = (chance: number): number => Math.min(0.99, Math.max(0.01, chance))
