import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import type { Skill } from '../../core/skill.ts'
import { liveOutboxOf } from '../../db/outbox.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running, turn } from './running.ts'

const PAUSE_MS = 60_000
const timing = { retryMs: [PAUSE_MS, PAUSE_MS] }
const KNOCKS = 5

const unreachable = () => new UpstreamError('The cluster does not answer.', { service: 'kubernetes', retryable: true })

/** Jobs come twice, sweepers and hints wake beside them: none of that is a try. */
describeOnStores('who knocks at what waits to be tried again', (store) => {
  /** A dial whose preview is not answered while `away`; resolves when all that knock together have asked. */
  const approved = async (name: string) => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', name, 'dev', 3)
    const [skill] = bridge.skills
    if (!skill || !('preview' in skill)) throw new Error('the dial has no preview')
    const cluster = { away: true, asked: 0, together: 1, all: Promise.withResolvers<void>() }
    const preview: typeof skill.preview = async (...about) => {
      cluster.asked += 1
      if (cluster.asked % cluster.together === 0) cluster.all.resolve()
      await cluster.all.promise
      if (cluster.away) throw unreachable()
      return skill.preview(...about)
    }
    bridge.skills = [{ ...skill, preview } as Skill] // the same input as before
    await bridge.restart()
    return { bridge, id, cluster, door: bridge.process({ timing }) }
  }

  test('before its time: nothing is asked, no try counts, and it is woken when its time has come', async () => {
    const { bridge, id, cluster, door } = await approved('kn-early')
    await bridge.work(id, door)
    expect(await bridge.operation(id)).toMatchObject({ state: 'approved', progress: { retry: { count: 1 } } })
    for (let knock = 0; knock < KNOCKS; knock++) await bridge.advance(id, door)
    expect(cluster.asked).toBe(1)
    expect(await bridge.operation(id)).toMatchObject({ state: 'approved', progress: { retry: { count: 1 } } })
    const due = (await liveOutboxOf(store().db, id)).map(({ dueAt }) => dueAt.getTime() - bridge.now.getTime())
    expect(new Set(due)).toEqual(new Set([PAUSE_MS]))
    bridge.later(PAUSE_MS)
    cluster.away = false
    await bridge.work(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })

  test('all at once when its time has come: that is one try', async () => {
    const { bridge, id, cluster, door } = await approved('kn-together')
    for (const count of [1, 2]) {
      Object.assign(cluster, { together: KNOCKS, asked: 0, all: Promise.withResolvers<void>() })
      await Promise.all(Array.from({ length: KNOCKS }, () => bridge.advance(id, door)))
      expect(await bridge.operation(id)).toMatchObject({ state: 'approved', progress: { retry: { count } } })
      bridge.later(PAUSE_MS)
    }
    cluster.away = false
    await bridge.work(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })

  for (const phase of ['run', 'cancel'] as const)
    test(`what has begun (${phase}) is left alone before its time as well`, async () => {
      let asked = 0
      const bridge = new Bridge(
        store(),
        running(
          async (ctx, world, dial) => {
            await turn(ctx, world, dial, 3)
            await ctx.observe('look', async () => {
              asked += 1
              throw unreachable()
            })
            return { ok: true, says: 'Not reached.' }
          },
          {
            compensate: async (_plan, ctx) => {
              await ctx.observe('look back', async () => {
                asked += 1
                throw unreachable()
              })
              return { ok: true, says: 'Not reached.' }
            },
          },
        ),
      )
      const door = bridge.process({ timing })
      const id = await bridge.dial('mira', `kn-begun-${phase}`, 'dev', 3)
      await bridge.advance(id, door)
      if (phase === 'cancel') {
        await bridge.click('mira', id, 'cancel', { door })
        await bridge.advance(id, door)
      }
      const before = await bridge.operation(id)
      expect(before).toMatchObject({ progress: { retry: { count: 1 } } })
      const askedBefore = asked
      await Promise.all(Array.from({ length: KNOCKS }, () => bridge.advance(id, door)))
      expect(asked).toBe(askedBefore)
      expect(await bridge.operation(id)).toMatchObject({ state: before.state, progress: { retry: { count: 1 } } })
      await door.close()
    })
})
