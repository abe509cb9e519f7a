import { expect, test } from 'vitest'
import { renewLease } from '../../db/operation-claims.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

/** Rings at once, and says so when it is let: a target that counts and refuses nothing. */
function bell() {
  const rings: string[] = []
  const answer = Promise.withResolvers<void>()
  const [rung, again] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const skills = running(async (ctx) => {
    await ctx.step('ring', {
      do: async () => {
        rings.push(ctx.operation)
        if (rings.length > 1) again.resolve()
        rung.resolve()
        await answer.promise
        return null
      },
      // It was asked before the stroke arrived.
      probe: async () => ({ happened: false }),
    })
    return { ok: true, says: 'It rang.' }
  })
  return { rings, rung: rung.promise, again: again.promise, answer: answer.resolve, skills }
}

/** A busy machine, or one that slept, renews its lease too late: as if it were one of no time at all. */
const timing = { leaseMs: 0, renewMs: 3_600_000 }

describeOnStores('a run whose lease ran out while its process lives', (store) => {
  test('is not taken over by its own process, and ends as it would have', async () => {
    const { rings, rung, again, answer, skills } = bell()
    const bridge = new Bridge(store(), skills)
    const door = bridge.process({ timing })
    const id = await bridge.dial('mira', 'own-run', 'dev', 3)
    const first = bridge.advance(id, door)
    await rung
    const knock = bridge.advance(id, door)
    await Promise.race([knock, again])
    answer()
    await Promise.all([first, knock])
    expect(rings).toEqual([id])
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })

  test('is taken over by another process, and writes nothing more', async () => {
    const { rings, rung, again, answer, skills } = bell()
    const bridge = new Bridge(store(), skills)
    const [door, other] = [bridge.process({ timing }), bridge.process()]
    const id = await bridge.dial('mira', 'others-run', 'dev', 3)
    const first = bridge.advance(id, door)
    await rung
    const second = bridge.advance(id, other)
    await again
    answer()
    await Promise.all([first, second])
    expect(rings).toEqual([id, id])
    expect((await bridge.operation(id)).fence).toBe(2)
    expect(await bridge.state(id)).toBe('succeeded')
    await Promise.all([door.close(), other.close()])
  })

  test('and was given up meanwhile, is not locked by a renewal that comes late', async () => {
    const skills = running(async (ctx) => {
      await ctx.decide('how', { says: 'And now?', role: 'approver', choices: [{ value: 'go', label: 'Go on' }] })
      return { ok: true, says: 'Decided.' }
    })
    const bridge = new Bridge(store(), skills)
    const id = await bridge.dial('mira', 'late-beat', 'dev', 3)
    await bridge.advance(id)
    const { state, fence } = await bridge.operation(id)
    expect(state).toBe('waiting')
    expect(await renewLease(store().db, id, fence, 30_000)).toBeUndefined()
    expect(await bridge.operation(id)).toMatchObject({ leaseOwner: null, leaseUntil: null })
  })
})
