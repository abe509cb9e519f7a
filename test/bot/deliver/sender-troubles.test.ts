import { expect, test } from 'vitest'
import { startSender } from '../../../bot/deliver/sender.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { claimDeliveries, markSendFailed } from '../../../db/due-deliveries.ts'
import type { Store } from '../../../db/store.ts'
import { openThread, threadById } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import { describeOnStores } from '../../_harness/store.ts'

const clock = () => new Date()

describeOnStores('a sender in trouble', (openedStore) => {
  async function put(title: string, threadKey = title, now = clock()) {
    return openedStore().transaction(async (tx) => {
      const { id } = await openThread(tx, { surface: 'teams', surfaceKey: threadKey, now: clock() })
      const card = { kind: 'answer', tone: 'neutral', title, blocks: [] } as const
      await putDelivery(tx, { key: `trouble-${title}`, surface: 'teams', threadId: id, card, now })
      return id
    })
  }
  const rowOf = (title: string) => deliveryByKey(openedStore().db, `trouble-${title}`)
  const recorded = (title: string) => soon(async () => expect((await rowOf(title))?.sentRevision).toBe(1))

  test('records what it sent when the store is back, and sends none of it again', async () => {
    const gone = { now: false }
    const posted: string[] = []
    const surface: Surface = {
      name: 'teams',
      async post({ card: { title }, begins }: OutgoingMessage) {
        posted.push(title)
        gone.now = true
        if (title === 'refused') throw new Error('no')
        return { ref: `ref-${title}`, ...(begins === undefined ? {} : { threadKey: `${begins};begun` }) }
      },
      update: async () => undefined,
    }
    await put('refused')
    await put('plain')
    const thread = await put('first', '19:c op-first')
    const store = goingAway(openedStore(), gone)
    const sender = await startSender({ store, surfaces: [surface], log: silentLogger, clock, pollMs: 30, gatherMs: 1 })
    await soon(() => expect(posted).toHaveLength(3))
    gone.now = false
    await recorded('plain')
    await recorded('first')
    expect(posted.filter((title) => title !== 'refused').toSorted()).toEqual(['first', 'plain'])
    expect((await threadById(openedStore().db, thread))?.surfaceKey).toBe('19:c;begun')
    await sender.close()
  })

  test('tries what was refused again when it starts, because somebody may have mended why', async () => {
    const posted: string[] = []
    const surface: Surface = {
      name: 'teams',
      post: async ({ card: { title } }) => ({ ref: `ref-${posted.push(title)}` }),
      update: async () => undefined,
    }
    await put('token ended')
    await put('never tried')
    await put('no news', 'no news', new Date(Date.now() - 48 * 3_600_000))
    const inAnHour = new Date(Date.now() + 3_600_000)
    for (const title of ['token ended', 'no news']) {
      const refused = await rowOf(title)
      if (!refused) throw new Error('it was not put')
      const refusal = { id: refused.id, error: 'invalid_auth', nextAt: inAnHour, refusedSince: new Date() }
      await markSendFailed(openedStore().db, refusal)
    }
    const sender = await startSender({ store: openedStore(), surfaces: [surface], log: silentLogger, clock })
    await recorded('token ended')
    await recorded('never tried')
    await sender.close()
    expect(posted.toSorted()).toEqual(['never tried', 'token ended'])
  })

  test.each(['claimed', 'failing'])(
    'goes on at once, when the store is back, with what was %s as it went away',
    async (title) => {
      const gone = { now: false }
      let tries = 0
      const surface: Surface = {
        name: 'teams',
        // Between the claim and the note that it is being posted.
        pace() {
          gone.now = title === 'claimed' && tries++ === 0
          return 0
        },
        async post() {
          gone.now = title === 'failing' && tries++ === 0
          if (gone.now) throw new UpstreamError('Teams does not answer.', { service: 'teams', retryable: true })
          return { ref: `ref-${title}` }
        },
        find: async () => undefined,
        update: async () => undefined,
      }
      await put(title)
      const store = goingAway(openedStore(), gone)
      // It would have it for itself until long after this test.
      const timing = { pollMs: 30, gatherMs: 1, leaseMs: 3_600_000 }
      const sender = await startSender({ store, surfaces: [surface], log: silentLogger, clock, ...timing })
      await soon(() => expect(gone.now).toBe(true))
      gone.now = false
      await recorded(title)
      await sender.close()
    },
  )

  test('leaves what another process may have by now', async () => {
    const posted: string[] = []
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    const surface: Surface = {
      name: 'teams',
      async post({ card: { title } }: OutgoingMessage) {
        posted.push(title)
        await answered
        return { ref: `ref-${title}` }
      },
      update: async () => undefined,
    }
    for (const title of ['slow', 'second', 'third']) await put(title)
    const store = openedStore()
    const timing = { pollMs: 20, gatherMs: 1, leaseMs: 400, concurrency: 1 }
    const sender = await startSender({ store, surfaces: [surface], log: silentLogger, clock, ...timing })
    await soon(() => expect(posted).toHaveLength(1))
    // The service takes its time; meanwhile the lease ends, and another process has all of it.
    const another = { surfaces: ['teams' as const], owner: 'another', leaseMs: 60_000, limit: 10 }
    await soon(async () => {
      const taken = await claimDeliveries(store.db, { ...another, now: clock() })
      expect(taken.length).toBeGreaterThan(0)
    })
    answer()
    await recorded('slow')
    await sender.close()
    expect(posted).toEqual(['slow'])
    expect(await rowOf('third')).toMatchObject({ leaseOwner: 'another', sentRevision: 0 })
  })
})

/** A store that is away while `gone` says so. */
function goingAway(store: Store, gone: { readonly now: boolean }): Store {
  const db = new Proxy(store.db, {
    get(target, name) {
      if (gone.now) throw new UpstreamError('The database does not answer.', { service: 'database', retryable: true })
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...store, db, listen: (topic, hear) => store.listen(topic, hear) }
}
