import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import type { PersonId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { addGrant } from '../../../db/grants.ts'
import { syncPeople } from '../../../db/people.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { people } from '../../../db/schema/people.ts'
import { describeOnStores } from '../../_harness/store.ts'
import { CREW } from '../../operations/crew.ts'

const MIRA = 'mira' as PersonId // plain text is an id once somebody says so

describeOnStores('the people directory', (store) => {
  test('reads everybody again when somebody, a right or an account changed, and only then', async () => {
    await store().transaction((tx) => syncPeople(tx, CREW))
    // It hears of nothing by itself within the test.
    const directory = await openPeopleDirectory({ store: store(), log: silentLogger, pollMs: 3_600_000 })
    const isReadAnew = async () => {
      const before = directory.all()
      await directory.refresh()
      return directory.all() !== before
    }
    try {
      expect(await isReadAnew()).toBe(false)

      await store().db.insert(accounts).values({ surface: 'cli', accountId: 'm', personId: MIRA, source: 'config' })
      expect(await isReadAnew()).toBe(true)
      expect(directory.byAccount({ surface: 'cli', id: 'm' })?.id).toBe(MIRA)

      await store().db.delete(accounts).where(eq(accounts.accountId, 'm'))
      expect(await isReadAnew()).toBe(true)
      expect(directory.byAccount({ surface: 'cli', id: 'm' })).toBeUndefined()

      const grant = { role: 'admin', environments: ['*'], teams: ['*'] } as const
      await store().transaction((tx) => addGrant(tx, { personId: MIRA, grant, source: 'admin', at: new Date() }))
      expect(await isReadAnew()).toBe(true)
      expect(directory.byId(MIRA)?.grants).toContainEqual(grant)

      await store().db.update(people).set({ name: 'Mira the Second' }).where(eq(people.id, MIRA))
      expect(await isReadAnew()).toBe(true)
      expect(directory.byId(MIRA)?.name).toBe('Mira the Second')
      expect(await isReadAnew()).toBe(false)
    } finally {
      await directory.close()
    }
  })
})
