import type { PersonId } from '../ids.ts'
import type { Account, Person } from '../person.ts'

/** Who is who, answered from memory: at most a second behind the store, and there while the store is down. */
export interface PeopleDirectory {
  /** Everybody known, leavers (`active: false`) included, in the order of the configuration. */
  all(): readonly Person[]
  byId(id: PersonId): Person | undefined
  byAccount(account: Account): Person | undefined
  /** Whom a typed text may mean: id, name, first name, e-mail, account id, with or without `@`. Active persons only. */
  named(text: string): readonly Person[]
  /** Of what was read last: as long as the store has the same, nobody's rights changed since. */
  version(): string
  /** Reads the store now, for who must not act on what was true a second ago (an approval). */
  refresh(): Promise<void>
}
