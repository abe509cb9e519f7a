import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../../../core/ports/logger.ts'
import { backup } from '../../../db/commands/backup.ts'
import { restore } from '../../../db/commands/restore.ts'
import { addOutbox } from '../../../db/outbox.ts'
import { openStore } from '../../../db/store.ts'
import { privateDatabase, TEST_POSTGRES } from '../../_harness/store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-numbers-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function outboxRows(url: string, count: number): Promise<readonly number[]> {
  const store = await openStore({ backend: 'postgres', url }, silentLogger)
  const row = { kind: 'expire', dueAt: new Date('2026-11-20T12:00:00.000Z') } as const
  const ids = await store.transaction((tx) => addOutbox(tx, Array<typeof row>(count).fill(row)))
  await store.close()
  return ids
}

if (!TEST_POSTGRES) console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): numbers after a restore')
describe.skipIf(!TEST_POSTGRES)('after a restore', () => {
  test.each([0, 2])(
    'no work has the number of a job that a queue may still hold; %i rows in the backup',
    async (kept) => {
      const [before, after] = [await privateDatabase(), await privateDatabase()]
      if (kept > 0) await outboxRows(before.url, kept)
      else await (await openStore({ backend: 'postgres', url: before.url }, silentLogger)).close()
      const file = join(folder, 'b.gz')
      await backup({ backend: 'postgres', url: before.url }, silentLogger, file)
      // Lost with the store; their jobs are not, where the queue is elsewhere.
      const lost = await outboxRows(before.url, 3)
      await restore({ backend: 'postgres', url: after.url }, silentLogger, { file })
      const fresh = await outboxRows(after.url, 3)
      expect(fresh.filter((id) => lost.includes(id))).toEqual([])
      await Promise.all([before.drop(), after.drop()])
    },
  )
})
