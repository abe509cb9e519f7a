import { expect, test, vi } from 'vitest'
import { MessageGoneError } from '../../../bot/deliver/message-gone.ts'
import { type Sender, startSender } from '../../../bot/deliver/sender.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { markSent } from '../../../db/due-deliveries.ts'
import { senderLeases } from '../../../db/schema/sender-leases.ts'
import { holdSenderLease, releaseSenderLease } from '../../../db/sender-leases.ts'
import type { Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import { describeOnStores } from '../../_harness/store.ts'

const clock = () => new Date()
type Paced = Surface & { readonly shown: string[] }

/** A chat service on which every message waits until it is let go. */
function fakeService(pace: Surface['pace'] = () => 0, more: Partial<Surface> = {}): Paced {
  const shown: string[] = []
  const show = async ({ card }: OutgoingMessage): Promise<undefined> => void shown.push(card.title)
  return {
    name: 'teams',
    alone: true,
    pace,
    post: async (message) => show(message).then(() => ({ ref: `ref-${shown.length}` })),
    update: show,
    ...more,
    shown,
  }
}

async function withSenders(store: Store, surfaces: readonly Surface[], work: () => Promise<void>, log = silentLogger) {
  const senders: Sender[] = []
  for (const surface of surfaces)
    senders.push(await startSender({ store, surfaces: [surface], log, clock, pollMs: 30, gatherMs: 1 }))
  try {
    await work()
  } finally {
    for (const sender of senders) await sender.close()
  }
}

describeOnStores('a sender with a pace', (openedStore) => {
  async function put(key: string, title: string) {
    return openedStore().transaction(async (tx) => {
      const { id } = await openThread(tx, { surface: 'teams', surfaceKey: `paced-${key}`, now: clock() })
      const card = { kind: 'answer', tone: 'neutral', title, blocks: [] } as const
      return putDelivery(tx, { key: `paced-${key}`, surface: 'teams', threadId: id, card, now: clock() })
    })
  }
  const sent = (key: string) =>
    soon(async () => {
      const row = await deliveryByKey(openedStore().db, `paced-${key}`)
      expect(row?.sentRevision).toBe(row?.revision)
      return row
    })

  test('what waits for its place counts as no try, and goes with its newest card', async () => {
    let open = false
    const service = fakeService(() => (open ? 0 : 20))
    await withSenders(openedStore(), [service], async () => {
      await put('a', 'first')
      await soon(async () => {
        const row = await deliveryByKey(openedStore().db, 'paced-a')
        expect(row).toMatchObject({ attempts: 0, leaseOwner: null, sentRevision: 0 })
        expect(row && row.nextAt > row.createdAt).toBe(true)
      })
      await put('a', 'second')
      await put('a', 'third')
      open = true
      await sent('a')
    })
    expect(service.shown).toEqual(['third'])
  })

  test('of two processes one sends; the other takes over when it ends', async () => {
    const store = openedStore()
    await holdSenderLease(store.db, { place: 'teams', owner: 'another process', leaseMs: 60_000 })
    const service = fakeService()
    await withSenders(store, [service], async () => {
      await put('b', 'waits')
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(service.shown).toEqual([])
      await releaseSenderLease(store.db, { place: 'teams', owner: 'another process' })
      await sent('b')
    })
    expect(service.shown).toEqual(['waits'])
    // A sender that closed leaves the place free.
    expect(await holdSenderLease(store.db, { place: 'teams', owner: 'next', leaseMs: 60_000 })).toBe(true)
    expect(await holdSenderLease(store.db, { place: 'teams', owner: 'other', leaseMs: 60_000 })).toBe(false)
    await releaseSenderLease(store.db, { place: 'teams', owner: 'next' })
  })

  test('who loses the turn is told, and takes over anew when it is theirs again', async () => {
    const store = openedStore()
    const handOver = vi.fn()
    const takeOver = vi.fn()
    const service = fakeService(() => 0, { handOver, takeOver })
    await withSenders(store, [service], async () => {
      await put('turn', 'first')
      await sent('turn')
      expect([takeOver, handOver].map(({ mock }) => mock.calls.length)).toEqual([1, 0])
      // Its lease ended while nobody could reach the store, and another process was there first.
      await store.db.update(senderLeases).set({ owner: 'another process', until: new Date(Date.now() + 600_000) })
      await vi.waitFor(() => expect(handOver).toHaveBeenCalledTimes(1), 10_000)
      await releaseSenderLease(store.db, { place: 'teams', owner: 'another process' })
      await vi.waitFor(() => expect(takeOver).toHaveBeenCalledTimes(2), 10_000)
    })
  })

  test('what the service will not take is said once and tried again much later', async () => {
    const warn = vi.fn()
    const refused = new UpstreamError('no such channel', { service: 'slack', retryable: false })
    const service = fakeService(undefined, { post: () => Promise.reject(refused) })
    const work = async () => {
      await put('c', 'nowhere')
      await soon(async () => {
        const row = await deliveryByKey(openedStore().db, 'paced-c')
        expect(row?.nextAt.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000)
        // The next sender would try it again.
        if (row) await markSent(openedStore().db, [{ id: row.id, revision: row.revision, ref: 'nowhere' }])
      })
    }
    await withSenders(openedStore(), [service], work, { ...silentLogger, warn })
    expect(warn).toHaveBeenCalledTimes(1)
  })

  test('a message that somebody deleted is posted anew', async () => {
    const gone = vi.fn(() => Promise.reject(new MessageGoneError('deleted')))
    const service = fakeService(undefined, { update: gone })
    await withSenders(openedStore(), [service], async () => {
      await put('d', 'planned')
      await sent('d')
      await put('d', 'done')
      expect((await sent('d'))?.ref).toBe('ref-2')
    })
    expect(service.shown).toEqual(['planned', 'done'])
    expect(gone).toHaveBeenCalledTimes(1)
  })
})
