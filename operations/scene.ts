import { DeniedError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import type { Person } from '../core/person.ts'
import type { House } from './deps.ts'

/** Who there is and what time it is, looked up before a transaction: inside one, nothing but its own handle may be asked. */
export interface Scene {
  readonly people: ReadonlyMap<PersonId, Person>
  readonly now: Date
  readonly nameOf: (id: PersonId) => string
}

/** With `fresh`, people are read from the store now: who was struck off a second ago must not approve. */
export async function look(
  house: Pick<House, 'people' | 'clock'>,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Scene> {
  if (fresh) await house.people.refresh()
  const people = new Map(house.people.all().map((person) => [person.id, person]))
  return { people, now: house.clock(), nameOf: (id) => people.get(id)?.name ?? id }
}

/** The person, while they are active. Throws DeniedError for strangers and leavers. */
export function activePerson(scene: Scene, id: PersonId): Person {
  const person = scene.people.get(id)
  if (person?.active) return person
  throw new DeniedError(
    `${person?.name ?? 'This account'} is not active here, so nothing was done. An admin can change that.`,
    {
      rule: 'active people only',
    },
  )
}
