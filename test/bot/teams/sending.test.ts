import { expect, test } from 'vitest'
import { startSender } from '../../../bot/deliver/sender.ts'
import type { Person } from '../../../core/person.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { holdSenderLease, releaseSenderLease } from '../../../db/sender-leases.ts'
import { openThread } from '../../../db/threads.ts'
import { atEnd, MIRA, message, open, place, THREAD, teams, titles, useLoneTeams } from './lone.ts'

const OTHER = '19:ops@thread.tacv2;messageid=7'

useLoneTeams()

test('Teams is sent to by one process at a time, so that its limits are met once', async () => {
  const { surface, mira, said } = await open()
  await mira.send(mira.message('hello'))
  await expect.poll(() => said).toEqual(['hello'])
  const { db } = place.store
  const now = new Date()
  await place.store.transaction(async (tx) => {
    const { id: threadId } = await openThread(tx, { surface: 'teams', surfaceKey: THREAD, now })
    await putDelivery(tx, { key: 'one-sender', surface: 'teams', threadId, card: message('One').card, now })
  })
  const another = { place: 'teams', owner: 'another process' }
  await holdSenderLease(db, { ...another, leaseMs: 600_000 })
  const clock = () => new Date()
  const sender = await startSender({ store: place.store, surfaces: [surface], log: silentLogger, clock, pollMs: 10 })
  atEnd(() => sender.close())
  // It has been asked for its card more than once by then.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(titles()).toEqual([])
  await releaseSenderLease(db, another)
  await expect.poll(titles).toEqual([`${THREAD} One`])
})

test('a token that ends before its time is asked for anew, and no card waits for that', async () => {
  const { surface, mira, said } = await open()
  await mira.send(mira.message('hello'))
  await expect.poll(() => said).toEqual(['hello'])
  await surface.post(message('One'))
  const before = teams.loginsGiven
  teams.tokens.clear()
  await surface.post(message('Two'))
  expect(titles()).toEqual([`${THREAD} One`, `${THREAD} Two`])
  expect(teams.loginsGiven).toBe(before + 1)
  // Where a new one is not taken either, it is said, and the login is not asked for one with each card that waits.
  for (const title of ['Three', 'Four', 'Five']) {
    teams.instead.push({ status: 401 }, { status: 401 })
    await expect(surface.post(message(title))).rejects.toThrow(/401.*Check teams\.appId/)
    teams.instead.length = 0
  }
  expect(teams.loginsGiven).toBe(before + 1)
})

test('a channel is shown what it would not take when it is heard from again', async () => {
  const { surface, mira, said } = await open()
  await mira.send(mira.message('hello'))
  await expect.poll(() => said).toEqual(['hello'])
  teams.instead.push({ status: 403 })
  const clock = () => new Date()
  const sender = await startSender({ store: place.store, surfaces: [surface], log: silentLogger, clock, pollMs: 10 })
  atEnd(() => sender.close())
  await place.store.transaction(async (tx) => {
    const { id: threadId } = await openThread(tx, { surface: 'teams', surfaceKey: OTHER, now: clock() })
    await putDelivery(tx, { key: 'let-in', surface: 'teams', threadId, card: message('One').card, now: clock() })
  })
  const refusedSince = async () => (await deliveryByKey(place.store.db, 'let-in'))?.refusedSince ?? undefined
  await expect.poll(refusedSince).toBeDefined()
  const there = mira.in(OTHER)
  await there.send(there.message('hello there'))
  await expect.poll(titles).toEqual([`${OTHER} One`])
})

test('Teams says who reads a channel: the members of its team or chat', async () => {
  const { mira, said, admits } = await open()
  await mira.in('19:shop@thread.tacv2').send(mira.in('19:shop@thread.tacv2').message('hello'))
  await expect.poll(() => said).toEqual(['hello'])
  // Of a person only the accounts are looked at.
  const who = (id: string, surface = 'teams') => ({ accounts: [{ surface, id }] }) as unknown as Person
  expect(await admits?.('19:shop@thread.tacv2', who(MIRA))).toBe(true)
  expect(await admits?.('19:shop@thread.tacv2', who(MIRA.replace('a', 'b')))).toBe(false)
  expect(await admits?.('19:shop@thread.tacv2', who(MIRA, 'web'))).toBe(false)
  expect(await admits?.('19:unheard@thread.tacv2', who(MIRA))).toBe(false)
  teams.instead.push({ status: 503 })
  await expect(admits?.('19:shop@thread.tacv2', who(MIRA.replace('a', 'c')))).rejects.toThrow('503')
})
