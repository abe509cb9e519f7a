import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newRequestId, type PersonId } from '../../core/ids.ts'
import { listOperations } from '../../db/operations.ts'
import { liveOutboxOf } from '../../db/outbox.ts'
import { requestById } from '../../db/requests.ts'
import { clearSwitch, setSwitch } from '../../db/switches.ts'
import { setThreadContext } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

const halt = (at: Date) =>
  ({
    name: 'halt',
    value: 'on',
    personId: 'sam' as PersonId,
    reason: 'elsewhere',
    operationId: null,
    since: at,
  }) as const

describeOnStores('what is written together', (store) => {
  test('is each whole: twenty changes at once, every one with its card, its audit and its wake-up, all run once', async () => {
    const bridge = new Bridge(store())
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) => bridge.dial('mira', `tg-${index}`, 'dev', 3)),
    )
    for (const id of ids) {
      expect(await liveOutboxOf(bridge.store.db, id)).toMatchObject([{ kind: 'advance', operationId: id }])
      expect(await bridge.audit(id)).toEqual(['operation.approved'])
      expect((await bridge.card(id)).operationId).toBe(id)
    }
    await Promise.all(ids.map((id) => bridge.work(id)))
    for (const id of ids) expect(await bridge.state(id)).toBe('succeeded')
    const turned = bridge.world.effects.filter((effect) => effect.endsWith('=3'))
    expect(turned.toSorted()).toEqual(ids.map((_, index) => `tg-${index}/dev=3`).toSorted())
  })

  test('is compared with the gate as it stands: a halt by another process is seen by the next request', async () => {
    const bridge = new Bridge(store())
    await bridge.dial('mira', 'tg-before', 'dev', 3)
    await bridge.store.transaction((tx) => setSwitch(tx, halt(bridge.now)))
    await expect(bridge.dial('mira', 'tg-during', 'dev', 3)).rejects.toThrow('Changes are halted by Sam')
    await bridge.store.transaction((tx) => clearSwitch(tx, 'halt'))
    expect(await bridge.state(await bridge.dial('mira', 'tg-after', 'dev', 3))).toBe('approved')
  })

  test('begins nothing that another process halted after it was let through', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'tg-held', 'dev', 3)
    await bridge.store.transaction((tx) => setSwitch(tx, halt(bridge.now)))
    await bridge.advance(id)
    expect(await bridge.state(id)).toBe('approved')
    expect(bridge.world.effects).toEqual([])
    await bridge.store.transaction((tx) => clearSwitch(tx, 'halt'))
    await bridge.advance(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('is begun by one of many workers, and by none that knows it only as it was', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'tg-once', 'dev', 3)
    const other = bridge.process()
    await Promise.all([bridge.advance(id), bridge.advance(id), bridge.advance(id, other), bridge.advance(id, other)])
    expect(bridge.world.effects).toEqual(['tg-once/dev=3', 'check tg-once/dev'])

    const cancelled = await bridge.dial('mira', 'tg-cancelled', 'dev', 3)
    expect((await bridge.click('mira', cancelled, 'cancel', { door: other })).ok).toBe(true)
    await bridge.advance(cancelled)
    expect(await bridge.state(cancelled)).toBe('cancelled')
    expect(bridge.world.effects).toHaveLength(2)
    await other.close()
  })

  test('makes one operation of a request that comes twice at once', async () => {
    const bridge = new Bridge(store())
    const saying = {
      id: newRequestId(),
      personId: 'mira' as PersonId,
      text: 'dial tg-twice dev 3',
      key: randomBytes(8).toString('hex'),
      receivedAt: bridge.now,
      interpretation: null,
    }
    const place = { surface: 'web', surfaceKey: saying.key } as const
    const { thread, request } = await bridge.store.together.say(place, async () => ({ saying }))
    const proposal = {
      requestId: request.id,
      threadId: thread.id,
      personId: 'mira' as PersonId,
      said: 'dial tg-twice dev 3',
      skill: 'dial',
      input: { service: 'tg-twice', environment: 'dev', value: 3 },
      by: 'command',
      confidence: 1,
      dryRun: false,
    } as const
    const [one, two] = await Promise.all([bridge.door.propose(proposal), bridge.door.propose(proposal)])
    expect(one.operationId).toBe(two.operationId)
    // And of one that comes a third time, after a commit whose answer was lost, though it would be refused by now.
    const asked = { ...proposal, skill: 'gone' }
    expect(await bridge.door.propose(asked)).toMatchObject({ operationId: one.operationId, already: true })
    bridge.people = []
    expect(await bridge.door.propose(proposal)).toMatchObject({ operationId: one.operationId, already: true })
    expect(await listOperations(bridge.store.db, { threadId: thread.id, limit: 5 })).toHaveLength(1)
    expect(await requestById(bridge.store.db, request.id)).toMatchObject({ operationId: one.operationId })
  })
})

describeOnStores('what is said at the same time', (store) => {
  const say = (surfaceKey: string, key: string, text = 'restart cart in staging', id = newRequestId()) =>
    store().together.say({ surface: 'web', surfaceKey }, async (before) => ({
      before,
      saying: { id, personId: null, text, key, receivedAt: new Date('2026-11-20T10:00:00.000Z'), interpretation: null },
    }))

  test('in one new thread opens it once, and a message delivered twice is one request', async () => {
    const said = await Promise.all(['k1', 'k2', 'k1'].map((key) => say('same-thread', key)))
    expect(new Set(said.map(({ thread }) => thread.id)).size).toBe(1)
    expect(new Set([said[0]?.request.id, said[2]?.request.id]).size).toBe(1)
    expect(said[1]?.request.id).not.toBe(said[0]?.request.id)
  })

  test('is read in the thread as it is, though another process changed it since this one looked', async () => {
    const { thread, before } = await say('changing', 'k3')
    expect(before).toBeUndefined()
    expect((await say('changing', 'k4')).before).toEqual(thread)
    await setThreadContext(store().db, thread.id, { question: 'which one?' })
    const after = await say('changing', 'k5')
    expect(after.before).toEqual({ ...thread, context: { question: 'which one?' } })
    expect(await requestById(store().db, after.request.id)).toMatchObject({ key: 'k5', threadId: thread.id })
  })

  test('keeps hostile text readable, and tells of a redelivery what became of it', async () => {
    const { request } = await say('hostile', 'k6', 'scale cart to 4\0 in staging \ud800')
    expect((await requestById(store().db, request.id))?.text).toMatch(/^scale cart to 4\uFFFD in staging \uFFFD/)
    const again = await say('hostile', 'k6', 'scale cart to 4')
    expect(again.request).toEqual({ id: request.id, outcome: null })
  })
})
