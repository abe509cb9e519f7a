import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendUnderTest } from '../../_harness/backend.ts'
import { startTown } from './places.ts'
import { BOT } from './seed.ts'

// Elsewhere another process may hold what a dead one held: its end is waited for.
describe.skipIf(backendUnderTest() !== 'pglite')('the embedded program after a kill', () => {
  let opened: Awaited<ReturnType<typeof startTown>>
  beforeAll(async () => {
    opened = await startTown()
  })
  afterAll(() => opened?.close())

  test('shows its cards at once, though who was killed was sending', async () => {
    const { town, program } = opened
    const shown = (thread: string) => () =>
      town.thread(thread).then((all) => all.filter(({ user }) => user === BOT.userId).length)
    const before = await town.mentions('mira', 'status cart in staging')
    await expect.poll(shown(before)).toBe(1)
    const { db } = program.program.store
    // As a killed process leaves it: its turn to send, and a card in its hands that is not sent yet.
    await db.execute(sql`update quarterdeck.sender_leases set owner = 'killed', until = now() + interval '10 minutes'`)
    await db.execute(sql`update quarterdeck.deliveries set sent_revision = 0, ref = null, lease_owner = 'killed',
      lease_until = now() + interval '10 minutes' where surface = 'slack'`)
    await program.restart()
    town.program = program.address
    const after = await town.mentions('mira', 'status checkout in staging')
    await expect.poll(shown(after)).toBe(1)
    await expect
      .poll(
        async () =>
          (await program.program.store.db.execute(sql`select 1 from quarterdeck.deliveries where sent_revision = 0`))
            .rows,
      )
      .toEqual([])
  })
})
