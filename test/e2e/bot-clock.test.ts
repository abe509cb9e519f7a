import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiftClock } from '../../bench/prove/upgrade/shift-clock.ts'
import { requests } from '../../db/schema/requests.ts'
import { backendUnderTest } from '../_harness/backend.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'

const MINUTE_MS = 60_000
const SOON_MS = 60_000

// The embedded store has its process's clock.
describe.skipIf(backendUnderTest() === 'pglite').each([-20, 20])(
  'a machine whose clock is %i minutes off',
  (minutes) => {
    let program: TestProgram
    let back = () => {}
    beforeAll(async () => {
      ;({ back } = await shiftClock(new Date(Date.now() + minutes * MINUTE_MS), undefined))
      program = await startTestProgram()
    })
    afterAll(async () => {
      await program?.close()
      back()
    })

    test('dates what people say by the database’s clock', async () => {
      const mira = await program.as('mira')
      await mira.says('status checkout in staging')
      // Another process would take a message for stale, or for not yet due, by what stands here.
      const rows = await program.program.store.db
        .select({
          lateMs: sql<number>`abs(extract(epoch from clock_timestamp() - ${requests.receivedAt}) * 1000)::int`,
        })
        .from(requests)
      expect(rows).toHaveLength(1)
      expect(rows[0]?.lateMs).toBeLessThan(SOON_MS)
    })
  },
)
