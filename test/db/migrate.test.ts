import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../core/errors.ts'
import { randomCode } from '../../core/ids.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { auditVerify } from '../../db/commands/audit-verify.ts'
import { migrate, readMigrations } from '../../db/migrate.ts'
import { openStore } from '../../db/store.ts'
import { tableNames } from '../../db/transfer/tables.ts'
import { describeOnStores, privateDatabase, TEST_POSTGRES } from '../_harness/store.ts'

describeOnStores('migrations', (store) => {
  const run = async (migrations: Awaited<ReturnType<typeof readMigrations>>) =>
    store().transaction((tx) => migrate(tx, migrations))

  test('an up-to-date database is left alone', async () => {
    expect(await run(await readMigrations())).toEqual([])
  })

  test('a database of a newer release is refused with one sentence', async () => {
    const known = await readMigrations()
    const refusal = await run(known.slice(0, -1)).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ConfigError)
    expect(String(refusal)).toMatch(
      new RegExp(
        `written by a newer Quarterdeck \\(it has migration ${known.at(-1)?.name}, .*: start that release, or restore`,
      ),
    )
  })

  test('a migration that differs from the one that made the database is refused', async () => {
    const known = await readMigrations()
    const changed = known.map((migration, index) => (index === 0 ? { ...migration, hash: 'other' } : migration))
    await expect(run(changed)).rejects.toThrow(/made by another 0000_first-tables than the one this program ships/)
  })

  test('a migration that fails leaves nothing behind', async () => {
    const known = await readMigrations()
    const broken = {
      number: known.length,
      name: '9999_broken',
      hash: 'x',
      statements: ['create table quarterdeck.half (a int)', 'select 1/0'],
    }
    await expect(run([...known, broken])).rejects.toThrow(/division by zero/)
    const { rows } = await store().db.execute(`select to_regclass('quarterdeck.half') as half`)
    expect(rows).toEqual([{ half: null }])
    expect(await run(known)).toEqual([])
  })

  test('every table of the schema is among those that are backed up and moved', async () => {
    const { rows } = await store().db.execute<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'quarterdeck' and table_name <> 'migrations'`,
    )
    expect([...tableNames].sort()).toEqual(rows.map(({ name }) => name).sort())
  })
})

describe.skipIf(!TEST_POSTGRES)('a database user that may create nothing', () => {
  test('is told so in one sentence; one who was given a schema needs no more, and one who may read can prove the audit', async () => {
    const { url, drop } = await privateDatabase()
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    const role = `quarterdeck_test_${randomCode(8)}`
    await admin.query(`create role ${role} login password 'none'`)
    const as = new URL(url)
    as.username = role
    as.password = 'none'
    const open = () => openStore({ backend: 'postgres', url: as.href, poolSize: 1 }, silentLogger)

    const refusal = await open().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ConfigError)
    expect(String(refusal)).toMatch(/may not do .*\(permission denied for database \w+\): "grant create on database/)

    await admin.query(`create schema quarterdeck authorization ${role}`)
    await (await open()).close()

    await admin.query(`alter schema quarterdeck owner to current_user`)
    await admin.query(`reassign owned by ${role} to current_user`)
    await admin.query(`grant usage on schema quarterdeck to ${role}`)
    await admin.query(`grant select on all tables in schema quarterdeck to ${role}`)
    const { ok } = await auditVerify({ backend: 'postgres', url: as.href }, silentLogger, '/nowhere/heads.jsonl')
    expect(ok).toBe(true)
    await admin.end()
    await drop()
    const server = new pg.Client({ connectionString: TEST_POSTGRES })
    await server.connect()
    await server.query(`drop role ${role}`).finally(() => server.end())
  })
})

describe.skipIf(!TEST_POSTGRES)('several processes', () => {
  test('that start at once on an empty database migrate it once', async () => {
    const { url, drop } = await privateDatabase()
    const open = () => openStore({ backend: 'postgres', url, poolSize: 2 }, silentLogger)
    const stores = await Promise.all([open(), open(), open()])
    for (const store of stores) await store.close()
    await drop()
  })
})
