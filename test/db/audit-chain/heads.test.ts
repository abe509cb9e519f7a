import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../../../core/ports/logger.ts'
import { appendAudit } from '../../../db/audit.ts'
import { exportHead } from '../../../db/audit-chain/heads.ts'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { layPreparedStore } from '../../_harness/prepared-store.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-heads-'))
  await layPreparedStore(folder)
  store = await openStore({ backend: 'pglite', folder }, silentLogger)
  const at = new Date('2026-11-20T12:00:00Z')
  const row = { actor: 'mira', kind: 'k', says: 'x', data: {}, at }
  await store.transaction((tx) => appendAudit(tx, [row, row, row]))
  await sealOnce(store)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const HUGE = 600 * 1024 * 1024

test('of heads exported for years only the newest are read', async () => {
  const heads = join(folder, 'heads.jsonl')
  await writeFile(heads, '')
  // Longer than a text can be; a hole in the file takes no room on the disk.
  await truncate(heads, HUGE)
  await appendFile(heads, '\n{"seq":2,"hash":"x","at":"2026-11-20T12:00:00Z"}\n')
  expect(await exportHead(store, heads)).toBe(true)
  expect(await exportHead(store, heads)).toBe(false)
})

test('a newest head that stands before a long ruin is found all the same', async () => {
  const heads = join(folder, 'heads.jsonl')
  await writeFile(heads, `{"seq":3,"hash":"x","at":"2026-11-20T12:00:00Z"}\n${'x'.repeat(100_000)}`)
  expect(await exportHead(store, heads)).toBe(false)
})
