import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { isChange } from '../../core/skill.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { policy } from './crew.ts'
import { dialSkill, type World } from './world.ts'

/** Dials of which something happens before each preview. */
const dialsWith = (beforePreview: () => void) => (world: World) => {
  const plain = dialSkill(world)
  return [
    dialSkill(world, {
      async preview(input, ctx) {
        beforePreview()
        if (!isChange(plain)) throw new Error('a dial is a change')
        return plain.preview(input, ctx)
      },
    }),
  ]
}

describeOnStores('the beginning of a run', (store) => {
  test('is tried once at a time while the outside does not answer, by whoever just stored it too', async () => {
    let down = false
    const skills = dialsWith(() => {
      if (down) throw new UpstreamError('The cluster does not answer.', { service: 'kubernetes', retryable: true })
    })
    const bridge = new Bridge(store(), skills)
    const id = await bridge.dial('mira', 'bg-a', 'dev', 3)
    down = true
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'approved', progress: { retry: { count: 1 } } })
    expect((await bridge.audit(id)).filter((kind) => kind === 'operation.retry')).toHaveLength(1)
    down = false
    bridge.later(1_000)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('is held back by a freeze that began while the plan was looked at again', async () => {
    let takesMs = 0
    const bridge: Bridge = new Bridge(
      store(),
      dialsWith(() => bridge.later(takesMs)),
    )
    const span = { from: '2026-11-20T10:00:10', to: '2026-11-20T12:00:00' }
    bridge.policy = policy({
      freezes: [{ name: 'show', environments: ['*'], timezone: 'utc', span, because: 'people watch' }],
    })
    const id = await bridge.dial('mira', 'bg-b', 'dev', 3)
    takesMs = 20_000
    await bridge.work(id)
    expect(bridge.world.effects).toEqual([])
    expect((await bridge.operation(id)).says).toContain('Frozen by "show"')
  })
})
