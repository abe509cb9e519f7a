import { expect, test } from 'vitest'
import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import { meet } from '../../../bot/people/meet.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { syncPeople } from '../../../db/people.ts'
import { useStore } from '../../_harness/store.ts'
import { someone, teams } from './square.ts'

const store = useStore()

test('two first messages at once, in two processes, are of the same known person', async () => {
  await store().transaction((tx) => syncPeople(tx, [someone('mira', [], 'operator')]))
  const process = async (vouchedEmail: () => Promise<string>) => {
    // Hints can be lost, and the next look is far away.
    const deaf = { ...store(), db: store().db, listen: async () => async () => undefined }
    const people = await openPeopleDirectory({ store: deaf, log: silentLogger, pollMs: 60_000 })
    const deps = { store: store(), people, vouchedEmail, clock: () => new Date(), log: silentLogger }
    return () => meet(deps, teams('t1'), async () => undefined).finally(() => people.close())
  }
  const first = await process(async () => 'mira@example.com')
  const second = await process(async () => {
    expect((await first())?.id).toBe('mira')
    return 'mira@example.com'
  })
  expect((await second())?.id).toBe('mira')
})
