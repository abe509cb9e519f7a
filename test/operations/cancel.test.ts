import { expect, test } from 'vitest'
import type { RunContext } from '../../core/skill.ts'
import { soon } from '../_harness/soon.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { dialSkill, type World } from './world.ts'

/** A run whose parts a test opens one by one. */
class Gate {
  #arrived = Promise.withResolvers<void>()
  #open = Promise.withResolvers<void>()
  arrived = this.#arrived.promise
  open = () => this.#open.resolve()
  async pass(): Promise<void> {
    this.#arrived.resolve()
    await this.#open.promise
  }
}

const held = (at: { step?: Gate; look?: Gate }) => (world: World) => [
  dialSkill(world, {
    async run(plan, ctx: RunContext) {
      const dial = `${plan.input.service}/${plan.input.environment}`
      await ctx.step('turn', {
        do: async () => {
          await at.step?.pass()
          world.set(dial, 3)
          return null
        },
        probe: async () => (world.read(dial) === 3 ? { happened: true, result: null } : { happened: false }),
      })
      await ctx.observe('look', async (_read, { signal }) => {
        await Promise.race([at.look?.pass(), new Promise((_, reject) => signal.addEventListener('abort', reject))])
        return 1
      })
      await ctx.step('check', {
        do: async () => {
          world.effects.push('check')
          return null
        },
        probe: async () => ({ happened: false }),
      })
      return { ok: true, says: 'done' }
    },
  }),
]

describeOnStores('cancel', (store) => {
  test('before the start ends at once, three times as once', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'cn-a', 'production', 3)
    expect((await bridge.click('priya', id, 'cancel')).ok).toBe(false)
    expect(await bridge.click('mira', id, 'cancel')).toEqual({ ok: true, says: 'Cancelled; nothing was changed.' })
    for (const who of ['mira', 'jonas'])
      expect((await bridge.click(who, id, 'cancel')).says).toContain('Mira cancelled this at')
    expect((await bridge.audit(id)).filter((kind) => kind === 'operation.cancelled')).toHaveLength(1)
    const approved = await bridge.dial('mira', 'cn-b', 'dev', 3)
    await bridge.click('jonas', approved, 'cancel')
    await bridge.work(approved)
    expect(await bridge.state(approved)).toBe('cancelled')
    expect(bridge.world.effects).toEqual([])
  })

  test('during a write lets it end, begins nothing after it, and puts it back', async () => {
    const step = new Gate()
    const bridge = new Bridge(store(), held({ step }))
    const id = await bridge.dial('mira', 'cn-c', 'dev', 3)
    const work = bridge.work(id)
    await step.arrived
    const clicks = await Promise.all(['mira', 'jonas', 'mira'].map((who) => bridge.click(who, id, 'cancel')))
    expect(clicks.filter((reply) => reply.ok)).toHaveLength(1)
    expect(await bridge.state(id)).toBe('cancelling')
    step.open()
    await work
    expect(await bridge.operation(id)).toMatchObject({
      state: 'cancelled',
      says: expect.stringContaining('It is back at 1.'),
    })
    expect(bridge.world.effects).toEqual(['cn-c/dev=3', 'cn-c/dev=1'])
  })

  test('during a long look ends the look, also from another process', async () => {
    const look = new Gate()
    const bridge = new Bridge(store(), held({ look }))
    const id = await bridge.dial('mira', 'cn-d', 'dev', 3)
    const work = bridge.work(id)
    await look.arrived
    const elsewhere = bridge.process()
    expect((await bridge.click('mira', id, 'cancel', { door: elsewhere })).ok).toBe(true)
    await work
    await elsewhere.close()
    expect(await bridge.state(id)).toBe('cancelled')
    expect(bridge.world.effects).toEqual(['cn-d/dev=3', 'cn-d/dev=1'])
  })

  test('while it waits for its time wakes it', async () => {
    const bridge = new Bridge(store(), (world) => [
      dialSkill(world, {
        async run(_plan, ctx) {
          await ctx.step('turn', {
            do: async () => {
              world.set('cn-e/dev', 3)
              return null
            },
            probe: async () => ({ happened: false }),
          })
          await ctx.wait('hold', new Date(ctx.now().getTime() + 3_600_000))
          return { ok: true, says: 'done' }
        },
      }),
    ])
    const id = await bridge.dial('mira', 'cn-e', 'dev', 3)
    await bridge.work(id)
    await bridge.click('mira', id, 'cancel')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('cancelled')
    expect(bridge.world.effects).toEqual(['cn-e/dev=3', 'cn-e/dev=1'])
  })

  test('without a way back stops where it is and says what was done', async () => {
    const step = new Gate()
    const bridge = new Bridge(store(), (world) => [{ ...held({ step })(world)[0], compensate: undefined } as never])
    const id = await bridge.dial('mira', 'cn-f', 'dev', 3)
    const work = bridge.work(id)
    await step.arrived
    await bridge.click('mira', id, 'cancel')
    step.open()
    await work
    expect(await bridge.operation(id)).toMatchObject({
      state: 'cancelled',
      says: 'Cancelled by Mira. It stopped where it was; done before: "turn".',
    })
  })

  test('that cannot put things back asks for a person', async () => {
    const step = new Gate()
    const says = 'The dial broke off. Put it back by hand: dialctl set cn-g 1'
    const compensate = async () => ({ ok: false, says })
    const bridge = new Bridge(store(), (world) => [{ ...held({ step })(world)[0], compensate } as never])
    const id = await bridge.dial('mira', 'cn-g', 'dev', 3)
    const work = bridge.work(id)
    await step.arrived
    await bridge.click('mira', id, 'cancel')
    step.open()
    await work
    expect(await bridge.operation(id)).toMatchObject({
      state: 'needs_human',
      says: expect.stringContaining(says),
      progress: { check: expect.stringContaining('then “settle') },
    })
    // What is said is what a person can say: in the command form, with every value named.
    const said = (await bridge.operation(id)).progress.check ?? ''
    expect(/say “dial ([^”]+)”/.exec(said)?.[1]?.split(' ').sort()).toEqual([
      'environment=dev',
      'service=cn-g',
      'value=1',
    ])
    expect(said).toContain(`then “settle ${id} rolled_back”`)
  })

  test('is done by whoever took it, when no queue brings it to a worker', async () => {
    const bridge = new Bridge(store(), (world) => [
      dialSkill(world, {
        async run(_plan, ctx) {
          await ctx.step('turn', {
            do: async () => {
              world.set('cn-h/dev', 3)
              return null
            },
            probe: async () => ({ happened: false }),
          })
          await ctx.wait('hold', new Date(ctx.now().getTime() + 3_600_000))
          return { ok: true, says: 'done' }
        },
      }),
    ])
    const id = await bridge.dial('mira', 'cn-h', 'dev', 3)
    await bridge.work(id)
    const door = bridge.process({ timing: { cancelGraceMs: 1 } })
    await bridge.click('mira', id, 'cancel', { door })
    await soon(async () => expect(await bridge.state(id)).toBe('cancelled'))
    await door.close()
    expect(bridge.world.effects).toEqual(['cn-h/dev=3', 'cn-h/dev=1'])
  })
})

describeOnStores('two workers', (store) => {
  test('never hold one operation; who lost it writes nothing more', async () => {
    const look = new Gate()
    const bridge = new Bridge(store(), held({ look }))
    const id = await bridge.dial('mira', 'fe-a', 'dev', 3)
    const [first, second] = [bridge.process({ inlineWorkerId: 'a' }), bridge.process({ inlineWorkerId: 'b' })]
    const signal = new AbortController().signal
    const slow = first.advance(id, { workerId: 'slow', signal })
    await look.arrived
    // Another worker knocks while the claim holds: nothing happens.
    await second.advance(id, { workerId: 'other', signal })
    expect(await bridge.operation(id)).toMatchObject({ leaseOwner: 'slow', fence: 1 })
    // The slow one is taken for dead and its claim passed on; both now go past the same point.
    await second.recover('slow')
    look.open()
    await second.advance(id, { workerId: 'other', signal })
    await slow
    expect(await bridge.state(id)).toBe('succeeded')
    expect(bridge.world.effects).toEqual(['fe-a/dev=3', 'check'])
    expect((await bridge.audit(id)).filter((kind) => kind === 'operation.succeeded')).toHaveLength(1)
  })

  test('a worker that leaves hands its run on', async () => {
    const look = new Gate()
    const bridge = new Bridge(store(), held({ look }))
    const id = await bridge.dial('mira', 'fe-b', 'dev', 3)
    const leaving = new AbortController()
    const work = bridge.door.advance(id, { workerId: 'leaving', signal: leaving.signal })
    await look.arrived
    leaving.abort()
    await work
    expect(await bridge.operation(id)).toMatchObject({ state: 'running', leaseOwner: null })
    look.open()
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
    expect(bridge.world.effects).toEqual(['fe-b/dev=3', 'check'])
  })
})
