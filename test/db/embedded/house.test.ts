import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, UpstreamError, UserError } from '../../../core/errors.ts'
import { type Logger, silentLogger } from '../../../core/ports/logger.ts'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import { verifyAudit } from '../../../db/audit-chain/verify.ts'
import { guardDisk, LEAST_FREE_BYTES } from '../../../db/embedded/disk-guard.ts'
import { lockFolder, ownerOf } from '../../../db/embedded/lock.ts'
import { listMeta, readMeta, writeMeta } from '../../../db/meta.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { layPreparedStore } from '../../_harness/prepared-store.ts'

let folder: string
let stores: Store[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-house-'))
  stores = []
})
afterEach(async () => {
  for (const store of stores) await store.close().catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

const open = async (log: Logger = silentLogger) => {
  const store = await openStore({ backend: 'pglite', folder }, log)
  stores.push(store)
  return store
}
const listening = () => {
  const said: { level: string; fields: object; message: string }[] = []
  const say = (level: string) => (fields: object, message: string) => void said.push({ level, fields, message })
  const log: Logger = {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    child: () => log,
  }
  return { log, said }
}

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url))
/** Starts a writer and kills it after `count` acknowledged rows; returns them and its pid. */
async function killedAfter(count: number, start: number): Promise<{ acknowledged: number[]; pid: number | undefined }> {
  const child = spawn(process.execPath, [WRITER, folder, String(start)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: number[] = []
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === count) {
      if (start === 0) await expect(open()).rejects.toThrow(`process ${child.pid}, running since`)
      child.kill('SIGKILL')
    }
  }
  await ended
  return { acknowledged, pid: child.pid }
}

describe('the data folder', () => {
  test('is one process’s: a second is refused with the pid of the first, also in the same process', async () => {
    const lock = await lockFolder(folder)
    lock.announce('http://127.0.0.1:8321')
    expect(ownerOf(folder)).toMatchObject({ pid: process.pid, address: 'http://127.0.0.1:8321' })
    const refusal = await open().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(UserError)
    expect(String(refusal)).toMatch(
      new RegExp(`in use by process ${process.pid}, .* at http://127.0.0.1:8321: stop it first`),
    )
    lock.release()
    expect(ownerOf(folder)).toBeUndefined()
    await lockFolder(folder).then((next) => next.release())
  })

  test('a folder that cannot be one is a sentence with its name and the remedy', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const opening = openStore({ backend: 'pglite', folder: file }, silentLogger)
    await expect(opening).rejects.toThrow(ConfigError)
    await expect(opening).rejects.toThrow(`The data folder ${file} cannot be used (EEXIST`)
    await mkdir(join(folder, 'quarterdeck.guard'))
    await expect(open()).rejects.toThrow(
      /The data folder .* cannot be used \(unable to open database file\): let this user/,
    )
  })

  test('a lock left behind by a process that is gone is taken over, even if its pid lives again', async () => {
    await writeFile(join(folder, 'quarterdeck.lock'), JSON.stringify({ pid: 1, startedAt: '2020-01-01T00:00:00Z' }))
    expect(ownerOf(folder)).toBeUndefined()
    const lock = await lockFolder(folder)
    expect(ownerOf(folder)?.pid).toBe(process.pid)
    lock.release()
  })

  test('kill -9 loses nothing that was acknowledged, and the next start takes over at once', async () => {
    await layPreparedStore(folder)
    const all: number[] = []
    for (const start of [0, 10_000]) {
      const { acknowledged } = await killedAfter(60, start)
      expect(acknowledged.length).toBeGreaterThanOrEqual(60)
      all.push(...acknowledged)
    }
    const keys = new Set((await listMeta((await open()).db)).map((row) => row.key))
    expect(all.filter((number) => !keys.has(`row-${number}`))).toEqual([])
  })

  test('a first start killed half-way is begun anew', async () => {
    await mkdir(join(folder, 'pglite', 'base'), { recursive: true })
    await writeFile(join(folder, 'pglite.initialising'), '')
    const store = await open()
    await writeMeta(store.db, 'a', 1)
    expect(existsSync(join(folder, 'pglite.initialising'))).toBe(false)
  })

  test('snapshots are written when something changed, the newest five are kept, none half', async () => {
    await layPreparedStore(folder)
    const store = await open()
    for (let number = 0; number < 7; number++) {
      await writeMeta(store.db, 'n', number)
      expect(await store.house?.snapshot()).toMatch(/\.tar\.gz$/)
      expect(await store.house?.snapshot()).toBeUndefined()
    }
    const names = await readdir(join(folder, 'snapshots'))
    expect(names).toHaveLength(5)
    expect(names.every((name) => name.endsWith('.tar.gz'))).toBe(true)
  })

  test('a broken database is restored from the newest readable snapshot, loudly, kept aside, and on record', async () => {
    await layPreparedStore(folder)
    const first = await open()
    await writeMeta(first.db, 'before', 1)
    const good = await first.house?.snapshot()
    await writeMeta(first.db, 'after', 2)
    const torn = (await first.house?.snapshot()) ?? ''
    await first.close()
    await truncate(torn, 1000)
    await truncate(join(folder, 'pglite', 'global', 'pg_control'), 10)

    const { log, said } = listening()
    const second = await open(log)
    expect(await readMeta(second.db, 'before')).toBe(1)
    expect(await readMeta(second.db, 'after')).toBeUndefined()
    expect(said).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ restoredFrom: good }) }),
    )
    expect((await readdir(folder)).filter((name) => name.startsWith('pglite.broken-'))).toHaveLength(1)
    await sealOnce(second)
    expect(await verifyAudit(second, join(folder, 'audit-heads.jsonl'))).toMatchObject({
      ok: true,
      checkedTo: 1,
      restores: [{ restoredFrom: good }],
    })
  })

  test('a broken database without a snapshot is refused with what to do', async () => {
    await layPreparedStore(folder)
    await (await open()).close()
    await truncate(join(folder, 'pglite', 'global', 'pg_control'), 10)
    await expect(open()).rejects.toThrow(/cannot be opened .* no snapshot to restore: put back a backup/)
    expect(ownerOf(folder)).toBeUndefined()
  })
})

test('while the disk is nearly full nothing is stored, reads go on, and it goes on by itself', async () => {
  const pglite = await PGlite.create()
  await pglite.exec('create schema quarterdeck; create table quarterdeck.t (n int)')
  let free = LEAST_FREE_BYTES + 1
  guardDisk(pglite, folder, silentLogger, () => free)
  const write = () => pglite.query('insert into quarterdeck.t values (1)')
  await write()
  free = LEAST_FREE_BYTES - 1
  await expect
    .poll(
      () =>
        write().then(
          () => 'stored',
          (error: unknown) => error,
        ),
      { timeout: 5000 },
    )
    .toBeInstanceOf(UpstreamError)
  await expect(pglite.transaction(async () => undefined)).rejects.toThrow(
    /The disk of the database is full: nothing was stored/,
  )
  const { rows } = await pglite.query<{ n: number }>('select count(*)::int as n from quarterdeck.t')
  free = LEAST_FREE_BYTES + 1
  await expect
    .poll(
      () =>
        write().then(
          () => 'stored',
          () => 'refused',
        ),
      { timeout: 5000 },
    )
    .toBe('stored')
  expect((await pglite.query('select count(*)::int as n from quarterdeck.t')).rows).toEqual([
    { n: (rows[0]?.n ?? 0) + 1 },
  ])
  await pglite.close()
})

test('a statement that fails says what, and not with which values', async () => {
  await layPreparedStore(folder)
  const store = await open()
  const failure = await store
    .transaction((tx) => tx.execute(sql`select ${'hunter2'}::int`))
    .catch((error: unknown) => error)
  expect(String(failure)).toMatch(/invalid input syntax for type integer/)
  expect(String(failure)).not.toMatch(/params/)
})
