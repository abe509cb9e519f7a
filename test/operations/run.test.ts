import { expect, test } from 'vitest'
import { auditOfOperation } from '../../db/audit.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running, turn } from './running.ts'

describeOnStores('a run', (store) => {
  test('waits without a worker and puts itself back, across a restart', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, dial) => {
        await turn(ctx, world, dial, 3)
        const how = await ctx.wait('hold', new Date(ctx.now().getTime() + 3_600_000))
        await turn(ctx, world, dial, 1, 'turn back')
        return { ok: true, says: `It is back (${how}).` }
      }),
    )
    const id = await bridge.dial('mira', 'rn-a', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'waiting', leaseOwner: null })
    bridge.later(1_800_000)
    await bridge.advance(id)
    expect(await bridge.state(id)).toBe('waiting')
    await bridge.restart()
    bridge.later(1_800_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'It is back (due).' })
    expect(bridge.world.effects).toEqual(['rn-a/dev=3', 'rn-a/dev=1'])
  })

  test('ends a wait early when its condition comes true', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx, world) => {
        const when = async () => world.read('rn-signal') > 1
        const how = await ctx.wait('soak', new Date(ctx.now().getTime() + 3_600_000), { everyMs: 60_000, when })
        return { ok: true, says: how }
      }),
    )
    const id = await bridge.dial('mira', 'rn-b', 'dev', 3)
    await bridge.work(id)
    bridge.later(60_000)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    bridge.world.dials.set('rn-signal', 2)
    bridge.later(60_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'early' })
  })

  test('says in the audit that it waits, as it says everything else that becomes of it', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        await ctx.wait('hold', new Date(ctx.now().getTime() + 60_000))
        return { ok: true, says: 'Held.' }
      }),
    )
    const id = await bridge.dial('mira', 'rn-w', 'dev', 3)
    await bridge.work(id)
    bridge.later(60_000)
    await bridge.work(id)
    const kinds = (await auditOfOperation(store().db, id)).map(({ kind }) => kind.replace('operation.', ''))
    expect(kinds).toEqual(['approved', 'running', 'waiting', 'resumed', 'succeeded'])
  })

  test('asks a question in its middle; the first answer of somebody who may counts', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        const choices = [
          { value: 'on', label: 'Go on' },
          { value: 'back', label: 'Go back' },
        ]
        const { choice, by } = await ctx.decide('next', { says: 'Half is done. Go on?', choices, role: 'approver' })
        return { ok: true, says: `${choice} by ${by}` }
      }),
    )
    const id = await bridge.dial('jonas', 'rn-c', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.verbs(id)).toEqual(['decide', 'decide', 'cancel'])
    const payload = { decision: 'next', choice: 'on' }
    expect((await bridge.click('jonas', id, 'decide', { payload })).says).toContain('Nobody approves their own request')
    expect((await bridge.click('priya', id, 'decide', { payload })).ok).toBe(false)
    expect(await bridge.click('ann', id, 'decide', { payload })).toEqual({ ok: true, says: 'Ann decided: Go on.' })
    expect((await bridge.click('ann', id, 'decide', { payload })).says).toBe('Ann already decided this.')
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'on by Ann' })
  })

  test('a question nobody answers in time fails the run', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        const expiresAt = new Date(ctx.now().getTime() + 60_000)
        const choices = [{ value: 'on', label: 'Go on' }]
        await ctx.decide('next', { says: 'Go on?', choices, role: 'approver', expiresAt })
        return { ok: true, says: 'never' }
      }),
    )
    const id = await bridge.dial('mira', 'rn-d', 'dev', 3)
    await bridge.work(id)
    bridge.later(60_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('Nobody decided in time'),
    })
  })
})
