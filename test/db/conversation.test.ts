import { expect, test } from 'vitest'
import type { Card } from '../../core/card.ts'
import { newRequestId, type PersonId } from '../../core/ids.ts'
import { deliveriesOfThread, deliveryByKey, putDelivery } from '../../db/deliveries.ts'
import { claimDeliveries, markSendFailed, markSent } from '../../db/due-deliveries.ts'
import { firstSeen } from '../../db/incoming.ts'
import { answerRequest, insertRequest, requestById, unansweredRequests } from '../../db/requests.ts'
import { openThread, setThreadContext, threadById } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'

const person = (id: string) => id as PersonId // tests name people freely
const NOW = new Date('2026-11-20T12:00:00Z')
const after = (ms: number) => new Date(NOW.getTime() + ms)
const card = (title: string): Card => ({ kind: 'notice', tone: 'neutral', title, blocks: [] })

describeOnStores('a conversation', (store) => {
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
    const waiting = (await unansweredRequests(store().db, { after: new Date(0), before: after(-1000) }, 10)).map(
      (row) => row.id,
    )
    expect(waiting).toContain(request.id)
    expect(waiting).not.toContain(fresh.id)
    await answerRequest(store().db, request.id, { outcome: 'refused', answeredAt: NOW })
    expect(
      (await unansweredRequests(store().db, { after: new Date(0), before: after(-1000) }, 10)).map((row) => row.id),
    ).not.toContain(request.id)
    expect(await requestById(store().db, request.id)).toMatchObject({ outcome: 'refused', interpretation: null })
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
    const sent = await deliveryByKey(store().db, 'k-1')
    expect(sent).toMatchObject({ sentRevision: 3, attempts: 0, leaseOwner: null, sends: 2, failures: 1 })
    expect(sent?.sentAt).toBeInstanceOf(Date)
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
})
