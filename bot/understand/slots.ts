import type { Catalog } from '../../core/catalog/catalog.ts'
import { parseOperationId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import { type EntityKind, exactly } from './entities.ts'
import { NOISE } from './stop-words.ts'
import { durationAt } from './values/durations.ts'
import { type Clock, momentAt } from './values/moments.ts'
import { numberOf } from './values/numbers.ts'
import { relativeAt, replicasOf } from './values/replicas.ts'
import { looksLikeVersion, saidVersionAt } from './values/versions.ts'
import type { Word } from './words.ts'

export type SlotKind =
  | 'quoted'
  | 'operation'
  | 'service'
  | 'environment'
  | 'person'
  | 'duration'
  | 'moment'
  | 'version'
  /** A relative count: `"+3"`, `"x2"`. */
  | 'change'
  | 'number'

/** A piece of a sentence that says a value, whatever skill may want it. */
export interface Slot {
  readonly kind: SlotKind
  readonly value: string | number
  readonly said: string
  /** Words `from` up to, not including, `to`. */
  readonly from: number
  readonly to: number
  /** For a name that several entries bear. */
  readonly several?: readonly string[]
}

export interface Known {
  readonly catalog: Catalog
  readonly peopleNamed: (text: string) => readonly Person[]
  readonly clock: Clock
  /** The verbs of the skills, each with the skill's name: what help can be about. */
  readonly verbs: ReadonlyMap<string, string>
}

const LONGEST_NAME_WORDS = 3
const UNTIL = new Set(['until', 'till', 'til', "'til"])
const NOT_COUNTED = new Set([
  'this',
  'that',
  'the',
  'which',
  'last',
  'any',
  'no',
  'every',
  'new',
  'old',
  'same',
  'previous',
  'next',
])

/** All values said in a sentence, from left to right, none overlapping. */
export function findSlots(words: readonly Word[], known: Known): readonly Slot[] {
  const lowers = words.map((word) => word.lower)
  const slots: Slot[] = []
  let at = 0
  while (at < words.length) {
    const slot = slotAt(words, lowers, at, known)
    if (slot) slots.push(slot)
    at = slot ? slot.to : at + 1
  }
  return slots
}

function slotAt(words: readonly Word[], lowers: readonly string[], from: number, known: Known): Slot | undefined {
  const word = words[from]
  if (!word) return undefined
  const make = (kind: SlotKind, value: string | number, length: number, several?: readonly string[]): Slot => ({
    kind,
    value,
    said: words
      .slice(from, from + length)
      .map((one) => one.text)
      .join(' '),
    from,
    to: from + length,
    several,
  })
  if (word.quoted) return quotedSlot(word, make, known)
  if (/^op-?[0-9a-z]{8}$/.test(word.lower)) {
    const id = parseOperationId(word.lower)
    if (id) return make('operation', id, 1)
  }
  if (UNTIL.has(word.lower)) {
    const moment = momentAt(lowers, from + 1, known.clock)
    if (moment) return make('moment', moment.value, moment.length + 1)
  }
  const said = saidVersionAt(lowers, from)
  if (said) return make('version', said.value, said.length)
  const relative = relativeAt(lowers, from)
  if (relative) return make('change', relative.value, relative.length)
  const duration = durationAt(lowers, from)
  if (duration) return make('duration', duration.value, duration.length)
  const entity = entityAt(words, from, known.catalog)
  if (entity)
    return make(entity.kind, entity.names[0] ?? '', entity.length, entity.names.length > 1 ? entity.names : undefined)
  if (looksLikeVersion(word.text)) return make('version', word.text, 1)
  const count = replicasOf(word.lower)
  if (typeof count === 'string') return make('change', count, 1)
  if (typeof count === 'number' && !(word.lower === 'one' && NOT_COUNTED.has(lowers[from - 1] ?? '')))
    return make('number', count, 1)
  return personSlot(word, make, known)
}

type Make = (kind: SlotKind, value: string | number, length: number, several?: readonly string[]) => Slot

// A quoted name is that name; a quoted sentence is data.
function quotedSlot(word: Word, make: Make, known: Known): Slot {
  for (const kind of ['service', 'environment'] as const) {
    const [name] = exactly(known.catalog, kind, word.text)
    if (name) return make(kind, name, 1)
  }
  if (looksLikeVersion(word.text)) return make('version', word.text, 1)
  const count = numberOf(word.text)
  return count === undefined ? make('quoted', word.text, 1) : make('number', count, 1)
}

function personSlot(word: Word, make: Make, known: Known): Slot | undefined {
  if (word.text.length > 100 || (NOISE.has(word.lower) && !word.text.startsWith('@'))) return undefined
  const people = known.peopleNamed(word.text.replace(/'s$/i, ''))
  const [one] = people
  return one ? make('person', one.id, 1, people.length > 1 ? people.map((person) => person.id) : undefined) : undefined
}

function entityAt(
  words: readonly Word[],
  from: number,
  catalog: Catalog,
): { readonly kind: EntityKind; readonly names: readonly string[]; readonly length: number } | undefined {
  for (let length = LONGEST_NAME_WORDS; length > 0; length--) {
    const run = words.slice(from, from + length)
    if (run.length < length || run.some((word, index) => word.quoted || (index < length - 1 && word.after))) continue
    const phrase = run.map((word) => word.text).join(' ')
    if (phrase.length > 120) continue
    for (const said of [phrase, phrase.replace(/'s?$/i, ''), phrase.replace(/^[@#]/, '')]) {
      for (const kind of ['service', 'environment'] as const) {
        const names = exactly(catalog, kind, said)
        if (names.length) return { kind, names, length }
      }
    }
  }
  return undefined
}
