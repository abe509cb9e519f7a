import { createNameIndex } from '../../../bot/people/names.ts'
import { understand } from '../../../bot/understand/understand.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import { loadSkills, type SkillSet } from '../../../core/skill-set.ts'
import { makeCatalog, makeEnvironment, makeService } from '../../_harness/catalog.ts'

const service = (name: string, aliases: readonly string[] = []) => makeService(name, { aliases })

export const shop = makeCatalog(
  [
    service('checkout', ['co', 'kasse']),
    service('cart'),
    service('catalog'),
    service('search'),
    service('payments', ['pay', 'billing-api']),
    service('orders'),
    service('inventory'),
    service('shipping'),
    service('email'),
    service('recommendations', ['recs']),
    service('accounts'),
    service('web', ['frontend', 'gateway']),
  ],
  [
    makeEnvironment('dev'),
    makeEnvironment('staging', { aliases: ['stage', 'stg'] }),
    makeEnvironment('production', { aliases: ['prod', 'live'] }),
  ],
)

const person = (id: string, timezone: string, more: Partial<Person> = {}): Person => ({
  id: id as PersonId, // made up here
  name: id.charAt(0).toUpperCase() + id.slice(1),
  timezone,
  accounts: [{ surface: 'web', id }],
  grants: [{ role: 'operator', environments: ['*'], teams: ['*'] }],
  active: true,
  ...more,
})

export const mira = person('mira', 'Europe/Berlin')
export const jonas = person('jonas', 'America/New_York')
export const sam = person('sam', 'Asia/Kolkata')
export const people = [mira, jonas, sam]

export const skills: SkillSet = await loadSkills(new URL('../../../skills', import.meta.url).pathname)

/** A Saturday, 12:00 in Berlin. */
export const now = new Date('2026-11-21T11:00:00Z')

/** What Mira said, understood. */
export const read = (text: string, before?: { service?: string; environment?: string; operation?: string }) =>
  understand(text, { skills, catalog: shop, person: mira, now, peopleNamed: createNameIndex(people), before })
