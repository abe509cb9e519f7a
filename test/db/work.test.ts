import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newOperationId, type PersonId } from '../../core/ids.ts'
import { listLocks, putLock, removeEndedLocks, removeLock } from '../../db/locks.ts'
import { readMeta, writeMeta } from '../../db/meta.ts'
import { addOutbox, dropOutbox, liveOutboxOf } from '../../db/outbox.ts'
import { clearSwitch, listSwitches, setSwitch } from '../../db/switches.ts'
import { describeOnStores } from '../_harness/store.ts'

const person = (id: string) => id as PersonId // tests name people freely
const NOW = new Date('2026-11-20T12:00:00Z')
const after = (ms: number) => new Date(NOW.getTime() + ms)

describeOnStores('what the work leans on', (store) => {
  test('JSON comes back as it went in, strings of digits, NUL and lone surrogates included', async () => {
    await writeMeta(store().db, 'digits', '123')
    expect(await readMeta(store().db, 'digits')).toBe('123')
    await writeMeta(store().db, 'hostile', { text: 'a\0b\ud800c\\u0000' })
    expect(await readMeta(store().db, 'hostile')).toEqual({ text: 'a\uFFFDb\uFFFDc\\u0000' })
  })

  test('a lock is held by one person, ends by itself, and is named with its holder', async () => {
    const lock = (who: string, over: object = {}) => ({
      service: 'cart',
      environment: 'staging',
      personId: person(who),
      reason: null,
      since: NOW,
      until: after(1000),
      operationId: newOperationId(),
      ...over,
    })
    const put = (row: ReturnType<typeof lock>) => store().transaction((tx) => putLock(tx, row))
    const first = await put(lock('mira'))
    expect((await put(lock('jonas'))).operationId).toBe(first.operationId)
    const extended = await put(lock('mira', { since: after(500), until: after(2000) }))
    expect(extended).toMatchObject({ since: NOW, until: after(2000) })
    expect(await listLocks(store().db, { service: 'cart', now: NOW })).toMatchObject([{ by: { id: 'mira' } }])
    expect(await listLocks(store().db, { now: after(2000) })).toEqual([])
    expect((await put(lock('jonas', { since: after(2000), until: null }))).personId).toBe('jonas')
    expect(await store().transaction((tx) => removeEndedLocks(tx, after(9999)))).toEqual([])
    const open = (over: object) =>
      store().transaction((tx) => removeLock(tx, { ...lock('jonas', { since: after(2000) }), ...over }))
    expect(await open({ since: after(1999) })).toBeUndefined()
    expect(await open({ personId: 'mira' })).toBeUndefined()
    expect(await open({})).toMatchObject({ personId: 'jonas' })
    expect(await open({})).toBeUndefined()
  })

  test('a switch is set, set again and cleared', async () => {
    const halt = { name: 'halt', value: 'on', personId: person('mira'), reason: null, since: NOW, operationId: null }
    await store().transaction((tx) => setSwitch(tx, halt))
    await store().transaction((tx) => setSwitch(tx, { ...halt, reason: 'smoke' }))
    expect(await listSwitches(store().db)).toEqual([{ ...halt, reason: 'smoke' }])
    expect(await store().transaction((tx) => clearSwitch(tx, 'halt'))).toMatchObject({ reason: 'smoke' })
    expect(await listSwitches(store().db)).toEqual([])
  })

  test('work asked for in one transaction is listed until nobody needs it', async () => {
    const operationId = newOperationId()
    const heard: string[] = []
    const stop = await store().listen('outbox', (payload) => heard.push(payload))
    const [now = 0, later = 0] = await store().transaction((tx) =>
      addOutbox(tx, [
        { kind: 'advance', operationId, dueAt: NOW },
        { kind: 'expire', operationId, dueAt: after(60_000) },
      ]),
    )
    expect((await liveOutboxOf(store().db, operationId)).map((row) => row.id)).toEqual([now, later])
    await dropOutbox(store().db, operationId, ['expire'], NOW)
    expect(await liveOutboxOf(store().db, operationId)).toMatchObject([{ id: now, kind: 'advance', payload: {} }])
    await expect.poll(() => heard).toHaveLength(1)
    await stop()
  })

  test('nothing is left of a transaction that failed, its hints included', async () => {
    const heard: string[] = []
    const stop = await store().listen('probe', (payload) => heard.push(payload))
    const { notify } = await import('../../db/store.ts')
    const failing = store().transaction(async (tx) => {
      await writeMeta(tx, 'never', 1)
      await notify(tx, 'probe', 'never')
      await tx.execute(sql`select 1/0`)
    })
    await expect(failing).rejects.toThrow(/division by zero/)
    await store().transaction((tx) => notify(tx, 'probe', 'after'))
    await expect.poll(() => heard).toEqual(['after'])
    expect(await readMeta(store().db, 'never')).toBeUndefined()
    await stop()
  })
})
