import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../../../core/ports/logger.ts'
import { auditVerify } from '../../../db/commands/audit-verify.ts'
import { backup } from '../../../db/commands/backup.ts'
import { move } from '../../../db/commands/move.ts'
import { restore } from '../../../db/commands/restore.ts'
import { readMigrations } from '../../../db/migrate.ts'
import { openStore, type StoreOptions } from '../../../db/store.ts'
import { layPreparedStore } from '../../_harness/prepared-store.ts'
import { privateDatabase, TEST_POSTGRES } from '../../_harness/store.ts'
import { asked, writtenBy } from '../older-store.ts'

let folder: string
let embedded: StoreOptions
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-older-'))
  embedded = { backend: 'pglite', folder: join(folder, 'one') }
  await layPreparedStore(join(folder, 'one'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const appliedTo = (url: string) =>
  asked(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from quarterdeck.migrations order by number')
    return rows.map(({ name }) => name)
  })

if (!TEST_POSTGRES) console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): stores of an older release')
describe.skipIf(!TEST_POSTGRES)('the store of an older release', () => {
  test('is not brought up to date by what looks at it, copies it or wants an empty one', async () => {
    const { url, drop } = await privateDatabase()
    const older: StoreOptions = { backend: 'postgres', url }
    const before = (await readMigrations()).slice(0, -1)
    await writtenBy(before, url)
    const file = join(folder, 'b.gz')
    await (await openStore(embedded, silentLogger)).close()
    await backup(embedded, silentLogger, file)
    const refusal = /holds the store of an older release \(its schema ends at .*\): nothing was changed/
    await expect(backup(older, silentLogger, join(folder, 'older.gz'))).rejects.toThrow(refusal)
    await expect(auditVerify(older, silentLogger, join(folder, 'heads'))).rejects.toThrow(refusal)
    await expect(restore(older, silentLogger, { file })).rejects.toThrow(refusal)
    await expect(move(embedded, url, silentLogger)).rejects.toThrow(refusal)
    expect(await appliedTo(url)).toEqual(before.map(({ name }) => name))
    await drop()
  })

  test('and no store is made where one is to be read', async () => {
    const { url, drop } = await privateDatabase()
    const refusal = 'There is no store of Quarterdeck here: correct store, or dataFolder where it is embedded.'
    await expect(backup({ backend: 'postgres', url }, silentLogger, join(folder, 'b.gz'))).rejects.toThrow(refusal)
    const tables = "select to_regclass('quarterdeck.migrations') as made"
    expect((await asked(url, (client) => client.query(tables))).rows).toEqual([{ made: null }])
    await drop()
  })
})
