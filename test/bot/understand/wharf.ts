import { createNameIndex } from '../../../bot/people/names.ts'
import { checkDraft } from '../../../bot/understand/check.ts'
import { itemsOf } from '../../../bot/understand/clauses.ts'
import { cleanText, mentionsPerson } from '../../../bot/understand/clean.ts'
import { readCommand } from '../../../bot/understand/command-form.ts'
import { extract } from '../../../bot/understand/extract.ts'
import { takeFreeText } from '../../../bot/understand/free-text.ts'
import { parametersOf } from '../../../bot/understand/parameters.ts'
import { takeReason } from '../../../bot/understand/reason.ts'
import { slotContextOf } from '../../../bot/understand/slot-context.ts'
import { findSlots, type Known } from '../../../bot/understand/slots.ts'
import { splitWords } from '../../../bot/understand/words.ts'
import type { Catalog } from '../../../core/catalog/catalog.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import type { SpokenSkill } from '../../../core/skill.ts'
import { loadSpokenSkills } from '../../../core/skill-set.ts'
import { makeCatalog, makeEnvironment, makeService } from '../../_harness/catalog.ts'

/** A harbour's company: teams, short names, names that are words of the language. */
const service = (name: string, team: string, aliases: readonly string[] = []) => makeService(name, { team, aliases })

const environment = (name: string, aliases: readonly string[] = []) =>
  makeEnvironment(name, { aliases, cluster: 'one', namespace: name })

export const named = { service, environment }

export const wharf = makeCatalog(
  [
    service('berth-planner', 'docks', ['berths']),
    service('crane-control', 'docks'),
    service('customs-gate', 'paperwork', ['customs']),
    service('manifest', 'paperwork'),
    service('tide-tables', 'docks', ['tides']),
    service('photo-store', 'media', ['pictures']),
    service('tariff', 'docks'),
    service('tarifa', 'paperwork'),
  ],
  [
    environment('canal', ['testing']),
    environment('basin', ['pre-harbour']),
    environment('harbour-north', ['prod-north', 'north']),
    environment('harbour-us', ['prod-us', 'us']),
  ],
)

const person = (id: string, name: string, slack: string): Person => ({
  id: id as PersonId, // made up here
  name,
  timezone: 'Europe/Berlin',
  accounts: [{ surface: 'slack', id: slack }],
  grants: [],
  active: true,
})

export const people = [
  person('ida', 'Ida Lund', 'U0IDA0001'),
  person('joao', 'João Prado', 'U0JOAO001'),
  person('marek', 'Marek Novy', 'U0MAREK01'),
]

/** A Wednesday, 15:05 in Berlin. */
export const now = new Date('2026-11-18T15:05:00+01:00')
const peopleNamed = createNameIndex(people)

export const knownFor = (catalog: Catalog): Known => ({
  catalog,
  peopleNamed,
  verbs: new Map(),
  clock: { now, timezone: 'Europe/Berlin' },
})

export const spoken: readonly SpokenSkill[] = await loadSpokenSkills(
  new URL('../../../skills', import.meta.url).pathname,
)

const skillNamed = (name: string): SpokenSkill => {
  const skill = spoken.find((one) => one.name === name)
  if (!skill) throw new Error(`there is no skill ${name}`)
  return skill
}

export const clean = (text: string): string => cleanText(text, mentionsPerson(peopleNamed))

/** What a typed command says, checked; undefined when it is none. */
export function typed(text: string, catalog = wharf) {
  const cleaned = clean(text)
  const skill = spoken.find((one) => one.name === cleaned.split(/\s/)[0]?.toLowerCase())
  const draft = skill && readCommand(cleaned, skill, knownFor(catalog))
  return skill && draft && checkDraft(skill, draft, { catalog, peopleNamed, bend: false })
}

/** What a plain sentence says for a skill, checked, and the words that nothing explained. */
export function said(name: string, text: string, catalog = wharf) {
  const skill = skillNamed(name)
  const known = knownFor(catalog)
  const context = slotContextOf(skill)
  const words = splitWords(clean(text))
  const all = itemsOf(words, findSlots(words, known, context))
  const { items, message } = context.has('message')
    ? takeFreeText(all, words, skill)
    : { items: all, message: undefined }
  const reasoned = parametersOf(skill).some((parameter) => parameter.name === 'reason')
  const { items: rest, reason } = reasoned ? takeReason(items, words) : { items, reason: undefined }
  const found = extract(skill, { items: rest, words, reason, message }, known, new Set())
  return { ...checkDraft(skill, found.draft, { catalog, peopleNamed, bend: true }), left: found.leftSlots }
}
