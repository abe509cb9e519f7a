import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Card } from '../../core/card.ts'
import { newOperationId, newRequestId, type PersonId } from '../../core/ids.ts'
import { linkAccount } from '../../db/accounts.ts'
import { CODE_ATTEMPTS_MAX, issueCode, redeemCode } from '../../db/codes.ts'
import { activeDelegations, addDelegation } from '../../db/delegations.ts'
import {
  claimDeliveries,
  deliveriesOfThread,
  deliveryByKey,
  markSendFailed,
  markSent,
  putDelivery,
} from '../../db/deliveries.ts'
import { addGrant, hasActiveAdmin } from '../../db/grants.ts'
import { firstSeen } from '../../db/incoming.ts'
import { listLocks, putLock, removeEndedLocks, removeLock } from '../../db/locks.ts'
import { readMeta, writeMeta } from '../../db/meta.ts'
import {
  addOutbox,
  claimUndispatched,
  dropOutbox,
  liveOutboxOf,
  markDispatched,
  markDone,
  markUndispatched,
  outboxById,
  undoneOutbox,
} from '../../db/outbox.ts'
import { listPeople, personByAccount, personById, putPerson, syncPeople } from '../../db/people.ts'
import { answerRequest, insertRequest, requestById, unansweredRequests } from '../../db/requests.ts'
import { clearSwitch, listSwitches, setSwitch } from '../../db/switches.ts'
import { openThread, setThreadContext, threadById } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'

const person = (id: string) => id as PersonId // tests name people freely
const NOW = new Date('2026-11-20T12:00:00Z')
const after = (ms: number) => new Date(NOW.getTime() + ms)
const card = (title: string): Card => ({ kind: 'notice', tone: 'neutral', title, blocks: [] })

describeOnStores('what is stored', (store) => {
  const say = async (key: string, at = NOW) => {
    const thread = await openThread(store().db, { surface: 'web', surfaceKey: `of-${key}`, now: at })
    return insertRequest(store().db, {
      id: newRequestId(),
      surface: 'web',
      threadId: thread.id,
      personId: null,
      text: 'scale cart to 4\0 in staging \ud800',
      key,
      receivedAt: at,
    })
  }

  test('a message delivered twice is one request, and hostile text is kept readable', async () => {
    const first = await say('m-1')
    const second = await say('m-1')
    expect(first.isNew).toBe(true)
    expect(second).toMatchObject({ isNew: false, request: { id: first.request.id } })
    expect(first.request.text).toMatch(/^scale cart to 4\uFFFD in staging/)
  })

  test('a request that was never answered is found again', async () => {
    const { request } = await say('m-2', after(-60_000))
    const { request: fresh } = await say('m-3', after(0))
    const waiting = (await unansweredRequests(store().db, after(-1000), 10)).map((row) => row.id)
    expect(waiting).toContain(request.id)
    expect(waiting).not.toContain(fresh.id)
    await answerRequest(store().db, request.id, { outcome: 'refused', answeredAt: NOW })
    expect((await unansweredRequests(store().db, after(-1000), 10)).map((row) => row.id)).not.toContain(request.id)
    expect(await requestById(store().db, request.id)).toMatchObject({ outcome: 'refused', interpretation: null })
  })

  test('JSON comes back as it went in, strings of digits, NUL and lone surrogates included', async () => {
    await writeMeta(store().db, 'digits', '123')
    expect(await readMeta(store().db, 'digits')).toBe('123')
    await writeMeta(store().db, 'hostile', { text: 'a\0b\ud800c\\u0000' })
    expect(await readMeta(store().db, 'hostile')).toEqual({ text: 'a\uFFFDb\uFFFDc\\u0000' })
  })

  test('a thread is opened once and remembers its context', async () => {
    const open = () => openThread(store().db, { surface: 'cli', surfaceKey: 'same', now: NOW })
    const [a, b] = await Promise.all([open(), open()])
    expect(a.id).toBe(b.id)
    await setThreadContext(store().db, a.id, { question: { skill: 'scale' } })
    expect((await threadById(store().db, a.id))?.context).toEqual({ question: { skill: 'scale' } })
  })

  test('of many equal clicks at once one is the first', async () => {
    const clicks = Array.from({ length: 20 }, () => store().transaction((tx) => firstSeen(tx, 'web', 'click-1', NOW)))
    expect((await Promise.all(clicks)).filter(Boolean)).toHaveLength(1)
  })

  test('the configuration says who is here; leavers stay on record but count no more', async () => {
    const mira = {
      id: person('mira'),
      name: 'Mira',
      timezone: 'Europe/Berlin',
      accounts: [{ surface: 'web' as const, id: 'mira' }],
      grants: [{ role: 'operator' as const, environments: ['*'], teams: ['*'] }],
    }
    const jonas = { ...mira, id: person('jonas'), name: 'Jonas', accounts: [{ surface: 'web' as const, id: 'jonas' }] }
    await store().transaction((tx) => syncPeople(tx, [mira, jonas]))
    await store().transaction((tx) => syncPeople(tx, [{ ...mira, name: 'Mira K.', grants: [] }]))
    expect(await personByAccount(store().db, { surface: 'web', id: 'mira' })).toMatchObject({
      name: 'Mira K.',
      grants: [],
      active: true,
    })
    expect(await personById(store().db, person('jonas'))).toMatchObject({ active: false, accounts: [], grants: [] })
    await store().transaction((tx) => syncPeople(tx, [mira, jonas]))
    expect((await listPeople(store().db)).filter((row) => row.active).map((row) => row.id)).toEqual(['jonas', 'mira'])
  })

  test('what was linked and claimed in chat survives the next reading of the file', async () => {
    await store().transaction(async (tx) => {
      await putPerson(tx, { id: person('ada'), name: 'Ada', timezone: 'UTC' }, 'claim')
      const account = { surface: 'slack' as const, id: 'U1' }
      expect(await linkAccount(tx, { account, personId: person('ada'), source: 'link', at: NOW })).toBe(true)
      expect(await linkAccount(tx, { account, personId: person('mira'), source: 'link', at: NOW })).toBe(false)
    })
    expect(await hasActiveAdmin(store().db)).toBe(false)
    const grant = { role: 'admin' as const, environments: ['*'], teams: ['*'] }
    await store().transaction((tx) => addGrant(tx, { personId: person('ada'), grant, source: 'claim', at: NOW }))
    await store().transaction((tx) => syncPeople(tx, []))
    expect(await hasActiveAdmin(store().db)).toBe(true)
    expect(await personByAccount(store().db, { surface: 'slack', id: 'U1' })).toMatchObject({
      id: 'ada',
      grants: [grant],
    })
  })

  test('a code works once, in any case, from its own account, until it expires or was guessed at', async () => {
    const account = { surface: 'cli' as const, id: 'mira' }
    const wish = { purpose: 'link' as const, personId: person('mira'), account, now: NOW, expiresAt: after(60_000) }
    const issue = () => store().transaction((tx) => issueCode(tx, wish))
    const redeem = (code: string, over: object = {}) =>
      store().transaction((tx) => redeemCode(tx, { purpose: 'link', code, account, now: NOW, ...over }))
    const code = await issue()
    expect(code).toMatch(/^\w{4}-\w{4}-\w{4}$/)
    expect(await redeem(code, { account: { surface: 'cli', id: 'other' } })).toEqual({ ok: false, why: 'unknown' })
    expect(await redeem(code, { now: after(60_000) })).toEqual({ ok: false, why: 'expired' })
    const both = await Promise.all([redeem(code.toUpperCase().replaceAll('-', ' ')), redeem(code)])
    expect(both).toContainEqual({ ok: true, personId: 'mira' })
    expect(both).toContainEqual({ ok: false, why: 'used' })
    const guessed = await issue()
    for (let guess = 0; guess < CODE_ATTEMPTS_MAX; guess++) await redeem('xxxx-xxxx-xxxx')
    expect(await redeem(guessed)).toEqual({ ok: false, why: 'too-many-attempts' })
    expect(await redeem(await issue())).toMatchObject({ ok: true })
  })

  test('a delegation counts until its date, once per operation', async () => {
    const delegation = {
      from: person('a'),
      to: person('b'),
      until: after(1000),
      operationId: newOperationId(),
      now: NOW,
    }
    await store().transaction((tx) => addDelegation(tx, delegation))
    await store().transaction((tx) => addDelegation(tx, delegation))
    expect(await activeDelegations(store().db, NOW)).toEqual([{ from: 'a', to: 'b', until: after(1000) }])
    expect(await activeDelegations(store().db, after(1000))).toEqual([])
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
    expect(await store().transaction((tx) => removeLock(tx, 'cart', 'staging'))).toMatchObject({ personId: 'jonas' })
    expect(await store().transaction((tx) => removeLock(tx, 'cart', 'staging'))).toBeUndefined()
  })

  test('a switch is set, set again and cleared', async () => {
    const halt = { name: 'halt', value: 'on', personId: person('mira'), reason: null, since: NOW, operationId: null }
    await store().transaction((tx) => setSwitch(tx, halt))
    await store().transaction((tx) => setSwitch(tx, { ...halt, reason: 'smoke' }))
    expect(await listSwitches(store().db)).toEqual([{ ...halt, reason: 'smoke' }])
    expect(await store().transaction((tx) => clearSwitch(tx, 'halt'))).toMatchObject({ reason: 'smoke' })
    expect(await listSwitches(store().db)).toEqual([])
  })

  test('outbox rows go to one dispatcher, come back when the queue lost them, and end once', async () => {
    const operationId = newOperationId()
    const [now = 0, later = 0] = await store().transaction((tx) =>
      addOutbox(tx, [
        { kind: 'advance', operationId, dueAt: NOW },
        { kind: 'expire', operationId, dueAt: after(60_000) },
      ]),
    )
    const dispatch = () =>
      store().transaction(async (tx) => {
        const rows = await claimUndispatched(tx, { limit: 10 })
        await markDispatched(
          tx,
          rows.map((row) => row.id),
          NOW,
        )
        return rows.map((row) => row.id)
      })
    expect((await Promise.all([dispatch(), dispatch()])).flat().sort()).toEqual([now, later].sort())
    const lost = () => undoneOutbox(store().db, { dispatchedBefore: after(1), dueBefore: after(1), limit: 10 })
    expect((await lost()).map((row) => row.id)).toEqual([now])
    await markUndispatched(store().db, [now])
    expect(await dispatch()).toEqual([now])
    expect(await outboxById(store().db, now)).toMatchObject({ attempts: 2 })
    await markDone(store().db, [now], after(5))
    await markUndispatched(store().db, [now])
    expect(await dispatch()).toEqual([])
    expect((await liveOutboxOf(store().db, operationId)).map((row) => row.id)).toEqual([later])
    await dropOutbox(store().db, operationId, ['expire'], NOW)
    expect(await liveOutboxOf(store().db, operationId)).toEqual([])
  })

  test('a card is one message: edited by key, sent once per newest revision, by one sender at a time', async () => {
    const thread = await openThread(store().db, { surface: 'teams', surfaceKey: 'cards', now: NOW })
    const put = (title: string, over: object = {}) =>
      store().transaction((tx) =>
        putDelivery(tx, { key: 'k-1', surface: 'teams', threadId: thread.id, card: card(title), now: NOW, ...over }),
      )
    const claim = (now: Date) =>
      claimDeliveries(store().db, { surfaces: ['teams'], owner: 'me', now, leaseMs: 1000, limit: 10 })
    const { id } = await put('one')
    expect(await put('two')).toEqual({ id, revision: 2 })
    const claimed = await Promise.all([claim(NOW), claim(NOW)])
    expect(claimed.flat()).toMatchObject([{ id, revision: 2, ref: null, threadKey: 'cards', card: { title: 'two' } }])
    await put('three')
    expect(await claim(NOW)).toEqual([])
    await markSent(store().db, [{ id, revision: 2, ref: 'ts-1' }])
    expect(await claim(NOW)).toMatchObject([{ id, revision: 3, ref: 'ts-1' }])
    await markSendFailed(store().db, { id, error: 'slow down', nextAt: after(500) })
    expect(await claim(NOW)).toEqual([])
    expect(await claim(after(500))).toMatchObject([{ id, attempts: 1, lastError: 'slow down' }])
    expect(await claim(after(1501))).toMatchObject([{ id }])
    await markSent(store().db, [{ id, revision: 3, ref: 'ts-1' }])
    expect(await claim(after(9999))).toEqual([])
    expect(await deliveryByKey(store().db, 'k-1')).toMatchObject({ sentRevision: 3, attempts: 0, leaseOwner: null })
  })

  test('a private card is listed for its person only', async () => {
    const thread = await openThread(store().db, { surface: 'web', surfaceKey: 'private', now: NOW })
    await store().transaction(async (tx) => {
      const common = { surface: 'web' as const, threadId: thread.id, now: NOW }
      await putDelivery(tx, { ...common, key: 'p-1', card: card('for all') })
      await putDelivery(tx, { ...common, key: 'p-2', card: card('for mira'), only: person('mira') })
    })
    const titles = async (who?: PersonId) =>
      (await deliveriesOfThread(store().db, thread.id, who)).map((row) => row.card.title).sort()
    expect(await titles(person('mira'))).toEqual(['for all', 'for mira'])
    expect(await titles(person('jonas'))).toEqual(['for all'])
    expect(await titles()).toHaveLength(2)
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
