import { expect, test } from 'vitest'
import { UpstreamError, UserError } from '../../core/errors.ts'
import type { ChangeSkill } from '../../core/skill.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { person } from './crew.ts'
import { type Dial, running, turn } from './running.ts'
import { dialSkill } from './world.ts'

describeOnStores('a run that meets trouble', (store) => {
  test('tries again while the outside does not answer, then gives up and puts back', async () => {
    let answers = false
    const skills = running(async (ctx, world, dial) => {
      await turn(ctx, world, dial, 3)
      await ctx.observe('look', async () => {
        if (!answers)
          throw new UpstreamError('The cluster does not answer.', { service: 'kubernetes', retryable: true })
        return 1
      })
      return { ok: true, says: 'It answers.' }
    })
    const bridge = new Bridge(store(), skills)
    const id = await bridge.dial('mira', 'rn-e', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    expect(JSON.stringify(await bridge.card(id))).toContain('The cluster does not answer. Trying again ')
    bridge.later(1_000)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    answers = true
    bridge.later(2_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'It answers.' })

    answers = false
    const lost = await bridge.dial('mira', 'rn-f', 'dev', 3)
    for (const ms of [0, 1_000, 2_000]) {
      bridge.later(ms)
      await bridge.work(lost)
    }
    expect(await bridge.operation(lost)).toMatchObject({ state: 'rolled_back', says: 'It is back at 1.' })
    expect(bridge.world.read('rn-f/dev')).toBe(1)
  })

  test('an effect that may have happened is never done again blindly: a person looks and settles', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, dial) => {
        await ctx.step('send', {
          do: async () => {
            world.effects.push(`sent ${dial}`)
            return null
          },
          probe: async () => ({ unknown: 'the mail server keeps no record', check: 'Ask the people on the list.' }),
        })
        return { ok: true, says: 'Sent.' }
      }),
    )
    const id = await bridge.dial('mira', 'rn-g', 'dev', 3)
    bridge.crashAfter = (act) => act === 'effect:send'
    await bridge.work(id).catch(() => {})
    bridge.crashAfter = undefined
    await bridge.workAfterCrash(id)
    expect(await bridge.state(id)).toBe('needs_human')
    const card = JSON.stringify(await bridge.card(id))
    expect(card).toContain('It cannot be told whether \\"send\\" happened: the mail server keeps no record')
    expect(card).toContain('Ask the people on the list.')
    // Nothing is under way while a person is waited for.
    const steps = (await bridge.card(id)).blocks.flatMap((block) => (block.type === 'steps' ? block.steps : []))
    expect(steps.map(({ name, state }) => `${name}: ${state}`)).toEqual(['turn: todo', 'check: todo', 'send: unknown'])
    expect(bridge.world.effects).toEqual(['sent rn-g/dev'])
    await bridge.advance(id)
    expect(await bridge.state(id)).toBe('needs_human')
    expect((await bridge.click('priya', id, 'settle', { payload: { outcome: 'succeeded' } })).ok).toBe(false)
    const settle = { payload: { outcome: 'succeeded' }, reason: 'two people got it' }
    expect((await bridge.click('sam', id, 'settle', settle)).ok).toBe(true)
    expect(await bridge.state(id)).toBe('succeeded')
    expect((await bridge.click('mira', id, 'settle', settle)).says).toContain('was settled by Sam')
  })

  test('a failed write is asked for before it is called failed', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, dial) => {
        const found = await ctx.step('turn', {
          do: async (): Promise<string> => {
            world.set(dial, 3)
            throw new Error('connection reset')
          },
          probe: async () => (world.read(dial) === 3 ? { happened: true, result: 'found' } : { happened: false }),
        })
        return { ok: true, says: String(found) }
      }),
    )
    const id = await bridge.dial('mira', 'rn-h', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'found' })
  })

  test('a refused write fails with that sentence; a bug with an id; neither harms what was there', async () => {
    const refuse = running(async (ctx) => {
      await ctx.step('turn', {
        do: (): Promise<null> => Promise.reject(new UserError('The dial is stuck.')),
        probe: async () => ({ happened: false }),
      })
      return { ok: true, says: 'never' }
    })
    const bridge = new Bridge(store(), refuse)
    const id = await bridge.dial('mira', 'rn-i', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: 'The dial is stuck. Nothing was changed.',
    })
    const broken = new Bridge(
      store(),
      running(async () => Promise.reject(new TypeError('x is not a function'))),
    )
    const bug = await broken.dial('mira', 'rn-j', 'dev', 3)
    await broken.work(bug)
    expect((await broken.operation(bug)).says).toMatch(
      /^Something went wrong inside Quarterdeck \(id \w{6}, in the log\)/,
    )
  })

  test('a run that is not the one that was recorded stops for a person', async () => {
    let first = true
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, dial) => {
        await turn(ctx, world, dial, 3, first ? 'turn' : 'twist')
        return { ok: true, says: 'done' }
      }),
    )
    const id = await bridge.dial('mira', 'rn-k', 'dev', 3)
    bridge.crashAfter = (act) => act === 'done:turn'
    await bridge.work(id).catch(() => {})
    bridge.crashAfter = undefined
    first = false
    await bridge.workAfterCrash(id)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'needs_human',
      says: expect.stringContaining('it recorded step "turn" at place 1 and now asks for step "twist" at place 1'),
    })
    expect(bridge.world.effects).toEqual(['rn-k/dev=3'])
  })

  test('an operation begun with an older release is finished by that release’s run', async () => {
    const old: Dial['run'] = async (plan, ctx) => {
      await ctx.wait('hold', new Date(ctx.now().getTime() + 60_000))
      return { ok: true, says: `old run of ${plan.input.service}` }
    }
    const bridge = new Bridge(store(), (world) => [dialSkill(world, { run: old })])
    const [kept, lost] = [await bridge.dial('mira', 'rn-l', 'dev', 3), await bridge.dial('mira', 'rn-m', 'dev', 3)]
    await bridge.work(kept)
    await bridge.work(lost)
    bridge.later(60_000)
    const compensate: Dial['compensate'] = undefined
    bridge.skills = [
      dialSkill(bridge.world, { version: 2, older: { 1: { run: old as ChangeSkill['run'], compensate } } }),
    ]
    await bridge.restart()
    await bridge.work(kept)
    expect(await bridge.operation(kept)).toMatchObject({ state: 'succeeded', says: 'old run of rn-l' })
    bridge.skills = [dialSkill(bridge.world, { version: 2 })]
    await bridge.restart()
    await bridge.work(lost)
    expect(await bridge.operation(lost)).toMatchObject({
      state: 'needs_human',
      says: 'This release no longer knows version 1 of "dial", with which the operation was begun.',
    })
  })

  test('a skill cannot swallow the end of its run', async () => {
    let caught = 0
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        try {
          await ctx.wait('hold', new Date(ctx.now().getTime() + 60_000))
        } catch {
          caught++
        }
        return { ok: true, says: 'done' }
      }),
    )
    const id = await bridge.dial('mira', 'rn-n', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    expect(caught).toBe(0)
  })

  test('who asked may leave while it runs: it ends in their name', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        await ctx.wait('hold', new Date(ctx.now().getTime() + 60_000))
        return { ok: true, says: `for ${ctx.person.name}` }
      }),
    )
    const id = await bridge.dial('mira', 'rn-o', 'dev', 3)
    await bridge.work(id)
    bridge.people = [person('jonas', [])]
    bridge.later(60_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'for mira' })
  })

  test('keeps no secret of another system, in what it is so already as in what holds it back', async () => {
    let asked = 0
    const bridge = new Bridge(store(), (world) => [
      dialSkill(world, {
        async preview(input) {
          const { service, environment } = input
          asked += 1
          if (service === 'rn-z' && asked > 1)
            throw new UpstreamError('No: password=Zq8kPw2m is wrong.', { service: 'kubernetes', retryable: true })
          const alreadySo = service === 'rn-y' ? 'it says password=Zq8kPw2m there.' : undefined
          const undo = { impossible: '-' }
          return {
            input,
            targets: [{ service, environment }],
            summary: 'Turn',
            changes: [],
            undo,
            steps: [],
            alreadySo,
          }
        },
      }),
    ])
    const held = await bridge.dial('mira', 'rn-z', 'dev', 3)
    await bridge.work(held)
    expect((await bridge.operation(held)).gate.held?.says).toBe('No: password=[redacted] is wrong.')
    const done = await bridge.dial('mira', 'rn-y', 'dev', 3)
    expect((await bridge.operation(done)).says).toBe('Nothing to do: it says password=[redacted] there.')
  })
})
