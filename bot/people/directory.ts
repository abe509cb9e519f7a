import type { PersonId } from '../../core/ids.ts'
import type { Account, Person } from '../../core/person.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import { directoryVersion, listPeople } from '../../db/people.ts'
import type { Store } from '../../db/store.ts'
import { createNameIndex } from './names.ts'

const POLL_MS = 1_000

/** The topic on which processes hint to each other that people changed. */
export const PEOPLE_TOPIC = 'people'

interface Snapshot {
  readonly version: string
  /** Of who is linked to which account, which is no right and so no part of `version`. */
  readonly accountsVersion: string
  readonly all: readonly Person[]
  readonly byId: ReadonlyMap<PersonId, Person>
  readonly byAccount: ReadonlyMap<string, Person>
  readonly named: (text: string) => readonly Person[]
}

/**
 * Keeps everybody in memory: refreshed on hints and every second, so that who speaks is known though the store is slow or down.
 * Throws when the first reading fails.
 */
export async function openPeopleDirectory(options: {
  readonly store: Store
  readonly log: Logger
  /** Who comes first in `all`, as the configuration lists them; the others follow by their ids. */
  readonly order?: readonly PersonId[]
  readonly pollMs?: number
}): Promise<PeopleDirectory & { close(): Promise<void> }> {
  const { store, log, order = [], pollMs = POLL_MS } = options
  let snapshot = await snapshotOf(store, order)
  let reading: Promise<void> | undefined
  let following: Promise<void> | undefined

  const read = (): Promise<void> => {
    reading = snapshotOf(store, order, snapshot)
      .then((read) => {
        snapshot = read
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  // A reading already under way may have begun too early to see what the caller waits for: one more follows it.
  const refresh = (): Promise<void> => {
    if (!reading) return read()
    following ??= reading
      .catch(() => undefined)
      .then(() => {
        following = undefined
        return reading ?? read()
      })
    return following
  }
  const refreshQuietly = () => {
    if (reading) return
    read().catch((error: unknown) => log.debug({ error }, 'people could not be read; the last known stay'))
  }

  const stopListening = await store.listen(PEOPLE_TOPIC, refreshQuietly)
  const timer = setInterval(refreshQuietly, pollMs)
  timer.unref()
  return {
    all: () => snapshot.all,
    byId: (id) => snapshot.byId.get(id),
    byAccount: (account) => snapshot.byAccount.get(accountKey(account)),
    named: (text) => snapshot.named(text),
    version: () => snapshot.version,
    refresh,
    async close() {
      clearInterval(timer)
      await stopListening()
      await reading?.catch(() => undefined)
    },
  }
}

const accountKey = (account: Account): string => `${account.surface}\n${account.id}`

/** Everybody as they are now: `last` when nobody changed since it was read. */
async function snapshotOf({ db }: Pick<Store, 'db'>, order: readonly PersonId[], last?: Snapshot): Promise<Snapshot> {
  // First, so that a change in between leaves an old version on new people, which is noticed, and not the other way round.
  const { people: version, accounts: accountsVersion } = await directoryVersion(db)
  if (last?.version === version && last.accountsVersion === accountsVersion) return last
  const places = new Map(order.map((id, place) => [id, place]))
  const placeOf = ({ id }: Person) => places.get(id) ?? order.length
  // The sort is stable: who is not in the order stays in the store's.
  const all = (await listPeople(db)).sort((a, b) => placeOf(a) - placeOf(b))
  return {
    version,
    accountsVersion,
    all,
    byId: new Map(all.map((person) => [person.id, person])),
    byAccount: new Map(
      all.flatMap((person) => person.accounts.map((account) => [accountKey(account), person] as const)),
    ),
    named: createNameIndex(all),
  }
}
