import { DeniedError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import type { Person } from '../core/person.ts'
import type { Transaction } from '../db/database.ts'
import { peopleVersion } from '../db/people.ts'
import type { House } from './deps.ts'

/** Who there is and what time it is, looked up before a transaction: inside one, nothing but its own handle may be asked. */
export interface Scene {
  readonly people: ReadonlyMap<PersonId, Person>
  readonly now: Date
  /** Of the people, as the store has it; absent where they come from elsewhere. */
  readonly peopleVersion?: string
  readonly nameOf: (id: PersonId) => string
}

/** With `fresh`, people are read from the store now: who was struck off a second ago must not approve. */
export async function look(
  house: Pick<House, 'people' | 'clock' | 'keepTime'>,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Scene> {
  await house.keepTime()
  if (fresh) await house.people.refresh()
  const people = new Map(house.people.all().map((person) => [person.id, person]))
  const peopleVersion = house.people.version?.()
  return { people, peopleVersion, now: house.clock(), nameOf: (id) => people.get(id)?.name ?? id }
}

/** Somebody's rights changed since they were read; nothing was written by them. */
export class PeopleChanged extends Error {
  override readonly name = 'PeopleChanged'
}

/** Throws PeopleChanged when the store knows other people, or other rights of theirs. */
export async function requireCurrentPeople(tx: Transaction, { peopleVersion: read }: Scene): Promise<void> {
  if (read !== undefined && read !== (await peopleVersion(tx)))
    throw new PeopleChanged('the people changed since they were read')
}

const MOST_LOOKS = 5

/**
 * Does work for which rights count. They are taken from memory, and compared with the store where the work writes: when somebody's changed
 * meanwhile, it is done once more with those of now.
 */
export async function withPeople<T>(
  house: Pick<House, 'people' | 'clock' | 'keepTime'>,
  work: (scene: Scene) => Promise<T>,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<T> {
  for (let looks = 1; ; looks++) {
    try {
      return await work(await look(house, { fresh: fresh || looks > 1 }))
    } catch (error) {
      if (!(error instanceof PeopleChanged) || looks === MOST_LOOKS) throw error
    }
  }
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
