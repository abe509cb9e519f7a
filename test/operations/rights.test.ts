import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPeopleDirectory } from '../../bot/people/directory.ts'
import type { PersonId } from '../../core/ids.ts'
import type { Role } from '../../core/person.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { addGrant } from '../../db/grants.ts'
import { syncPeople } from '../../db/people.ts'
import { grants } from '../../db/schema/grants.ts'
import type { Door } from '../../operations/door.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { CREW } from './crew.ts'

describeOnStores('rights that were taken a moment ago', (store) => {
  let bridge: Bridge
  let door: Door
  let close: () => Promise<void>

  beforeEach(async () => {
    await store().transaction((tx) => syncPeople(tx, CREW))
    // It hears of nothing by itself within the test: whoever notices asks the store.
    const people = await openPeopleDirectory({ store: store(), log: silentLogger, pollMs: 3_600_000 })
    bridge = new Bridge(store())
    await bridge.clearSwitches()
    door = bridge.process({ people })
    close = async () => {
      await door.close()
      await people.close()
    }
  })
  afterEach(() => close())

  /** Somebody takes a role away in the store, and tells nobody. */
  const takeFrom = (who: string, role: Role) =>
    store()
      .db.delete(grants)
      .where(and(eq(grants.personId, who as PersonId), eq(grants.role, role)))
  const dial = (service: string, environment: string, value = 3) =>
    bridge.propose('mira', 'dial', { service, environment, value }, { door })

  test('stop the next request at once', async () => {
    await dial('ri-a', 'dev')
    await takeFrom('mira', 'operator')
    await expect(dial('ri-a', 'dev', 4)).rejects.toThrow('You need the role operator')
  })

  test('stop a correction at once', async () => {
    const operationId = await dial('ri-b', 'production')
    await takeFrom('mira', 'operator')
    const input = { service: 'ri-b', environment: 'production', value: 9 }
    const personId = 'mira' as PersonId
    await expect(door.edit({ operationId, personId, input, said: '9', by: 'command' })).rejects.toThrow(
      'You need the role operator',
    )
    expect(await bridge.operation(operationId)).toMatchObject({ planRevision: 1, plan: { input: { value: 3 } } })
  })

  test('stop the first step of what is approved already', async () => {
    const id = await dial('ri-c', 'dev')
    expect(await bridge.state(id)).toBe('approved')
    await takeFrom('mira', 'operator')
    await bridge.work(id, door)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('You need the role operator'),
    })
    expect(bridge.world.effects).toEqual([])
  })

  test('take their yes with them', async () => {
    const id = await dial('ri-d', 'production')
    expect((await bridge.click('ann', id, 'approve', { door })).ok).toBe(true)
    await takeFrom('ann', 'approver')
    await bridge.work(id, door)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect(bridge.world.effects).toEqual([])
  })

  test('and given rights count at once as well', async () => {
    await takeFrom('mira', 'operator')
    await expect(dial('ri-e', 'dev')).rejects.toThrow('You need the role operator')
    const grant = { role: 'operator', environments: ['*'], teams: ['*'] } as const
    await store().transaction((tx) =>
      addGrant(tx, { personId: 'mira' as PersonId, grant, source: 'admin', at: bridge.now }),
    )
    const id = await dial('ri-e', 'dev')
    await bridge.work(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await store().db.delete(grants).where(eq(grants.source, 'admin'))
  })
})
