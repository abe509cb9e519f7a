import { sql } from 'drizzle-orm'
import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { startSender } from '../../../bot/deliver/sender.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { newOperationId, type OperationId, type PersonId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { hurryRefused, markSendFailed, type Reopened } from '../../../db/due-deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { countDeeds } from '../../../http/metrics/deeds.ts'
import { describeOnStores } from '../../_harness/store.ts'

const HOUR_MS = 3_600_000
const refusal = new UpstreamError('no such channel', { service: 'teams', retryable: false })

describeOnStores('what a service will not take', (openedStore) => {
  async function put(
    key: string,
    more: { surfaceKey?: string; at?: Date; only?: PersonId; operationId?: OperationId } = {},
  ) {
    const { surfaceKey = `refused-${key}`, at: now = new Date(), ...rest } = more
    return openedStore().transaction(async (tx) => {
      const { id } = await openThread(tx, { surface: 'teams', surfaceKey, now })
      const card = { kind: 'answer', tone: 'neutral', title: key, blocks: [] } as const
      return putDelivery(tx, { key, surface: 'teams', threadId: id, card, now, ...rest })
    })
  }
  const rowOf = async (key: string) => {
    const row = await deliveryByKey(openedStore().db, key)
    if (!row) throw new Error(`there is no card ${key}`)
    return row
  }

  test('is tried in growing distances, and given up after three days: said, counted, and left alone', async () => {
    let nowMs = Date.now()
    const warn = vi.fn()
    const post = vi.fn(async (): Promise<never> => {
      throw refusal
    })
    const registry = new Registry()
    const sender = await startSender({
      ...{ store: openedStore(), log: { ...silentLogger, warn }, clock: () => new Date(nowMs), pollMs: 10 },
      surfaces: [{ name: 'teams', post, update: async () => undefined }],
      telemetry: countDeeds(registry),
    })
    try {
      const beganMs = nowMs
      await put('nowhere', { at: new Date(nowMs) })
      const waits: number[] = []
      for (let tries = 1; tries < 30; tries++) {
        await expect.poll(async () => (await rowOf('nowhere')).failures).toBe(tries)
        const { nextAt, givenUpAt } = await rowOf('nowhere')
        if (givenUpAt) break
        waits.push((nextAt.getTime() - nowMs) / HOUR_MS)
        nowMs = nextAt.getTime()
      }
      expect(waits).toEqual([1, 1, 2, 4, 8, 12, 12, 12, 12, 8])
      expect((await rowOf('nowhere')).givenUpAt?.getTime()).toBe(beganMs + 72 * HOUR_MS)
      // Said when it began and when it ended.
      expect(warn.mock.calls.map(([, says]) => says)).toEqual([
        expect.stringMatching(/could not be sent/),
        expect.stringMatching(/given up/),
      ])
      expect(await registry.metrics()).toContain('quarterdeck_cards_given_up_total{surface="teams"} 1\n')
      // Its newer state is not tried either.
      nowMs += 30 * 24 * HOUR_MS
      await put('nowhere', { at: new Date(nowMs) })
      const tried = post.mock.calls.length
      await put('after', { at: new Date(nowMs) })
      await expect.poll(async () => (await rowOf('after')).failures).toBe(1)
      expect(post.mock.calls.length).toBe(tried + 1)
    } finally {
      await sender.close()
    }
  })

  test('stands before nothing that is newer, however much of it is due', async () => {
    const { db } = openedStore()
    const old = new Date(Date.now() - 2 * HOUR_MS)
    for (let at = 0; at < 120; at++) {
      const { id } = await put(`old-${at}`, { at: old })
      await markSendFailed(db, { id, error: 'x', nextAt: old, refusedSince: old })
    }
    await put('fresh')
    const posted: string[] = []
    const fresherIsThere = Promise.withResolvers<void>()
    const surface: Surface = {
      name: 'teams',
      async post({ card: { title } }: OutgoingMessage) {
        posted.push(title)
        if (posted.length === 9) await fresherIsThere.promise
        if (title.startsWith('old-')) throw refusal
        return { ref: title }
      },
      update: async () => undefined,
    }
    const clock = () => new Date()
    const sender = await startSender({
      store: openedStore(),
      surfaces: [surface],
      log: silentLogger,
      clock,
      pollMs: 10,
    })
    await expect.poll(() => posted.length).toBeGreaterThan(8)
    await put('fresher')
    fresherIsThere.resolve()
    await expect.poll(async () => (await rowOf('fresher')).sentRevision).toBe(1)
    await sender.close()
    expect(posted[0]).toBe('fresh')
    // It came before all but the handful that was under way.
    expect(posted.indexOf('fresher')).toBeLessThan(16)
    await db.execute(sql`update quarterdeck.deliveries set sent_revision = revision where key like 'old-%'`)
  })

  test('is due again when its place is open again; of what was given up, only what is not over', async () => {
    const { db } = openedStore()
    const now = new Date()
    const before = new Date(now.getTime() - 100 * HOUR_MS)
    const later = new Date(now.getTime() + 10 * HOUR_MS)
    const operation = async (finished: boolean) => {
      const id = newOperationId()
      await db.execute(sql`insert into quarterdeck.operations
        (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version, state, finished_at)
        values (${id}, 'rq-1', 'th-1', 'mira', 'x', 'command', 1, 'deploy', 1, ${finished ? 'succeeded' : 'running'},
          ${finished ? now.toISOString() : null}::timestamptz)`)
      return id
    }
    const refuse = async (key: string, more: Parameters<typeof put>[1], givenUp = false) => {
      const { id } = await put(key, more)
      const refused = { error: 'x', nextAt: later, refusedSince: before }
      await markSendFailed(db, { id, ...refused, ...(givenUp ? { givenUpAt: now } : {}) })
    }
    const ops = '19:ops@thread.tacv2'
    await refuse('in-ops', { surfaceKey: `${ops};messageid=1` })
    await refuse('begins-in-ops', { surfaceKey: `${ops} op-1` })
    await refuse('elsewhere', { surfaceKey: '19:opsx@thread.tacv2;messageid=1' })
    await refuse('by-name', { surfaceKey: '#ops op-1' })
    await refuse('for-mira', { surfaceKey: '19:far@thread.tacv2', only: 'mira' as PersonId })
    await refuse('over', { surfaceKey: `${ops};messageid=2`, operationId: await operation(true) }, true)
    await refuse('open', { surfaceKey: `${ops};messageid=3`, operationId: await operation(false) }, true)
    const keys = ['in-ops', 'begins-in-ops', 'elsewhere', 'by-name', 'for-mira', 'over', 'open']
    const dueAfter = async (reopened: Omit<Reopened, 'surface' | 'now'>) => {
      await hurryRefused(db, { surface: 'teams', now, ...reopened })
      const due: string[] = []
      for (const key of keys) {
        const { nextAt, givenUpAt } = await rowOf(key)
        if (!givenUpAt && nextAt <= now) due.push(key)
      }
      return due
    }
    expect(await dueAfter({ place: '19:nobody@thread.tacv2' })).toEqual([])
    expect(await dueAfter({ place: ops })).toEqual(['in-ops', 'begins-in-ops', 'open'])
    expect(await dueAfter({ place: ops, person: 'mira' as PersonId })).toContain('for-mira')
    expect(await dueAfter({ place: ops, named: true })).toContain('by-name')
    expect(await dueAfter({})).toEqual(keys.filter((key) => key !== 'over'))
    // What is tried anew has its three days again; what was not given up goes on counting.
    expect((await rowOf('open')).refusedSince).toEqual(now)
    expect((await rowOf('in-ops')).refusedSince).toEqual(before)
  })
})
