import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Person } from '../../core/person.ts'
import { exactly } from './entities.ts'
import { placeAt } from './place-words.ts'
import { NO_CONTEXT, type SlotContext } from './slot-context.ts'
import { elsewhereAt, nameAt, personAt, teamAt } from './slot-names.ts'
import { channelOf } from './values/channels.ts'
import { comparisonAt } from './values/comparisons.ts'
import { durationAt, restOfDayAt } from './values/durations.ts'
import { brokenIdAt, incidentAt, operationAt } from './values/incidents.ts'
import { type Clock, momentAt, momentOf, untilLengthAt } from './values/moments.ts'
import { moneyAt } from './values/money.ts'
import { numberOf } from './values/numbers.ts'
import { periodAt } from './values/periods.ts'
import { rangeAt } from './values/ranges.ts'
import { countedAt, percentAt, relativeAt, replicasOf } from './values/replicas.ts'
import { scheduleAt } from './values/schedules.ts'
import { sinceAt } from './values/since.ts'
import { isTicket } from './values/tickets.ts'
import { isLink } from './values/urls.ts'
import { variableAt } from './values/variables.ts'
import { looksLikeVersion, saidVersionAt } from './values/versions.ts'
import type { Word } from './words.ts'

export type SlotKind =
  | 'quoted'
  /** A pasted link, or a ticket's id. Nothing takes it. */
  | 'url'
  | 'operation'
  | 'incident'
  | 'service'
  | 'environment'
  | 'team'
  | 'person'
  | 'channel'
  | 'money'
  | 'duration'
  /** How far back from now, as a duration. */
  | 'since'
  | 'moment'
  | 'period'
  /** The period to compare with. */
  | 'compare'
  | 'schedule'
  /** A tag, a digest, `previous`, `latest`, or `@staging`. */
  | 'version'
  /** A relative count: `"+3"`, `"x2"`. */
  | 'change'
  /** A part of one: 0.5 for 50 %. */
  | 'percent'
  | 'number'
  /** Two counts: `3-10`. */
  | 'range'
  /** `pool=blue`. */
  | 'variable'

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
  /** Said without what it needs: a part of the day that has no clock. */
  readonly vague?: boolean
}

export interface Known {
  readonly catalog: Catalog
  readonly peopleNamed: (text: string) => readonly Person[]
  readonly clock: Clock
  /** The verbs of the skills, each with the skill's name: what help can be about. */
  readonly verbs: ReadonlyMap<string, string>
  /** A month without a year is the coming one, not the last. */
  readonly ahead?: boolean
}

// `previous deployments` are history, not a version.
const NAMES_MANY =
  /^(?:deploys|deployments|releases|versions|changes|rollouts|rollbacks|restarts|operations|incidents)$/
const NOT_COUNTED = new Set('this that the which last any no every new old same previous next'.split(' '))

/** All values said in a sentence, from left to right, none overlapping. `context`: what else to look for, for skills that ask for it. */
export function findSlots(
  words: readonly Word[],
  known: Known,
  context: ReadonlySet<SlotContext> = NO_CONTEXT,
): readonly Slot[] {
  const lowers = words.map((word) => word.lower)
  const owners = lowers.map((lower) => lower.replace(/'s?$/, ''))
  const slots: Slot[] = []
  let at = 0
  while (at < words.length) {
    const looking: Looking = { words, lowers, owners, from: at, known, context }
    const found = slotAt(looking)
    if (found) slots.push(slotOf(looking, found))
    at += found ? found.length : 1
  }
  return slots
}

interface Looking {
  readonly words: readonly Word[]
  readonly lowers: readonly string[]
  /** Without the ending of `yesterday's`. */
  readonly owners: readonly string[]
  readonly from: number
  readonly known: Known
  readonly context: ReadonlySet<SlotContext>
}

interface FoundSlot extends Pick<Slot, 'kind' | 'value' | 'several' | 'vague'> {
  readonly length: number
}

const slotOf = ({ words, from }: Looking, { kind, value, several, vague, length }: FoundSlot): Slot => ({
  kind,
  value,
  said: words
    .slice(from, from + length)
    .map((one) => one.text)
    .join(' '),
  from,
  to: from + length,
  several,
  vague,
})

const as = <Value extends string | number>(
  kind: SlotKind,
  found: { readonly value: Value; readonly length: number } | undefined,
): FoundSlot | undefined => found && { ...found, kind }

function slotAt(looking: Looking): FoundSlot | undefined {
  const { words, from } = looking
  const word = words[from]
  if (!word) return undefined
  if (word.quoted) return quotedSlot(word, looking.known)
  if (isLink(word.text) || (isTicket(word.text, words[from - 1]) && !nameAt(words, from, looking.known.catalog)))
    return { kind: 'url', value: word.text, length: 1 }
  return idAt(looking) ?? timeAt(looking) ?? countAt(looking) ?? namedAt(looking)
}

function idAt({ words, lowers, from, context, known }: Looking): FoundSlot | undefined {
  const variable = context.has('variable') ? variableAt(words, from) : undefined
  if (variable)
    return { kind: 'variable', value: `${variable.value.name}=${variable.value.text}`, length: variable.length }
  const id = as('operation', operationAt(lowers, from)) ?? as('incident', incidentAt(lowers, from))
  if (id) return id
  const text = words[from]?.text ?? ''
  const broken = brokenIdAt(lowers[from] ?? '')
  if (broken && !nameAt(words, from, known.catalog)) return { kind: broken, value: text, length: 1 }
  const channel = channelOf(text)
  // `#checkout` is the service where no channel is asked for.
  const isName = channel && !context.has('channel') && nameAt(words, from, known.catalog)
  if (channel && !isName) return { kind: 'channel', value: channel, length: 1 }
  return as('money', moneyAt(words, from))
}

function timeAt({ words, lowers, owners, from, context, known }: Looking): FoundSlot | undefined {
  const { clock } = known
  if (context.has('period')) {
    const side = context.has('ahead') ? 'future' : 'past'
    const found =
      as('compare', comparisonAt(owners, from, clock, side)) ?? as('period', periodAt(owners, from, clock, side))
    if (found) return found
  }
  const schedule = context.has('schedule') ? scheduleAt(lowers, from) : undefined
  if (schedule) return { ...schedule, kind: 'schedule' }
  const since = context.has('since') ? sinceAt(owners, from, clock) : undefined
  if (since) return { ...since, kind: 'since' }
  const lead = untilLengthAt(lowers, from)
  const until = lead > 0 ? momentAt(lowers, from + lead, clock) : undefined
  if (until) return { kind: 'moment', value: until.value, length: until.length + lead }
  const rest = restOfDayAt(lowers, from)
  const today = rest ? momentOf('today', clock) : undefined
  if (today) return { kind: 'moment', value: today, length: rest }
  const elsewhere = context.has('elsewhere') ? elsewhereAt(words, lowers, from, known.catalog) : undefined
  return as('version', elsewhere)
}

function countAt({ lowers, from, context }: Looking): FoundSlot | undefined {
  const range = context.has('range') ? rangeAt(lowers, from) : undefined
  if (range) return { kind: 'range', value: `${range.value.low}-${range.value.high}`, length: range.length }
  const percent = context.has('percent') ? percentAt(lowers, from) : undefined
  return (
    as('percent', percent) ??
    (NAMES_MANY.test(lowers[from + 1] ?? '') ? undefined : as('version', saidVersionAt(lowers, from))) ??
    as('change', relativeAt(lowers, from)) ??
    // `min 6 max 20`: beside a highest count, "20 min" is no time.
    (context.has('range') && /^(?:min|max)$/.test(lowers[from + 1] ?? '')
      ? undefined
      : as('duration', durationAt(lowers, from))) ??
    as('number', countedAt(lowers, from))
  )
}

function namedAt({ words, lowers, from, context, known }: Looking): FoundSlot | undefined {
  const word = words[from]
  if (!word) return undefined
  const teams = context.has('team')
  const called = teams ? teamAt(words, from, known.catalog, 'called so') : undefined
  if (called) return as('team', called)
  const name = nameAt(words, from, known.catalog)
  if (name) {
    const said = words.slice(from, from + name.length).map(({ text }) => text)
    return name.names.length > 1
      ? { kind: name.kind, value: said.join(' '), length: name.length, several: name.names }
      : { kind: name.kind, value: name.names[0] ?? '', length: name.length }
  }
  const team = teams ? as('team', teamAt(words, from, known.catalog, 'any')) : undefined
  if (team) return team
  const place = placeAt(words, from, known.catalog)
  if (place) return { ...place, kind: 'environment' }
  if (looksLikeVersion(word.lower)) return { kind: 'version', value: word.text, length: 1 }
  const count = replicasOf(word.lower)
  if (typeof count === 'string') return { kind: 'change', value: count, length: 1 }
  if (typeof count === 'number' && !(word.lower === 'one' && NOT_COUNTED.has(lowers[from - 1] ?? '')))
    return { kind: 'number', value: count, length: 1 }
  const people = personAt(words, from, known.peopleNamed)
  const [one, ...more] = people?.value ?? []
  if (!people || !one) return undefined
  return {
    kind: 'person',
    value: one.id,
    length: people.length,
    several: more.length ? people.value.map(({ id }) => id) : undefined,
  }
}

// A quoted name is that name; a quoted sentence is data.
function quotedSlot(word: Word, known: Known): FoundSlot {
  for (const kind of ['service', 'environment'] as const) {
    const names = exactly(known.catalog, kind, word.text)
    if (names[0]) return { kind, value: names[0], length: 1, several: names.length > 1 ? names : undefined }
  }
  const lowers = word.lower.split(' ').slice(0, 4)
  const id = as('operation', operationAt(lowers, 0)) ?? as('incident', incidentAt(lowers, 0))
  if (id && id.length === lowers.length) return { ...id, length: 1 }
  if (looksLikeVersion(word.text)) return { kind: 'version', value: word.text, length: 1 }
  const count = numberOf(word.text)
  return count === undefined
    ? { kind: 'quoted', value: word.text, length: 1 }
    : { kind: 'number', value: count, length: 1 }
}
