import { expect, test } from 'vitest'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

describeOnStores('the way of a change', (store) => {
  test('a command that needs no approval runs at once, and can be taken back once', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'way-a', 'dev', 3)
    expect(await bridge.state(id)).toBe('approved')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
    expect(bridge.world.effects).toEqual(['way-a/dev=3', 'check way-a/dev'])
    expect(await bridge.verbs(id)).toEqual(['undo'])
    expect(await bridge.audit(id)).toEqual(['operation.approved', 'operation.running', 'operation.succeeded'])

    const reply = await bridge.click('mira', id, 'undo')
    expect(reply.ok).toBe(true)
    const undo = (await bridge.operation(id)).undoneBy
    if (!undo) throw new Error('not undone')
    expect(await bridge.verbs(id)).toEqual([])
    await bridge.work(undo)
    expect(bridge.world.read('way-a/dev')).toBe(1)
    const again = await bridge.click('jonas', id, 'undo')
    expect(again).toEqual({ ok: false, says: expect.stringContaining(`already taken back by ${undo}`) })
    expect(JSON.stringify(await bridge.card(id))).toContain(`Undone by ${undo}`)
  })

  test('a production change waits for a second person', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('jonas', 'way-b', 'production', 3)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect(await bridge.verbs(id)).toEqual(['approve', 'reject', 'cancel', 'break-glass'])
    expect(await bridge.click('jonas', id, 'approve')).toEqual({
      ok: false,
      says: 'Nobody approves their own request. Somebody else has to.',
    })
    expect((await bridge.click('priya', id, 'approve')).says).toContain('Root can grant it')
    expect((await bridge.click('lea', id, 'approve')).ok).toBe(false)
    expect(await bridge.click('ann', id, 'approve')).toEqual({ ok: true, says: 'It starts now.' })
    const dead = await bridge.click('ann', id, 'approve')
    expect(dead.ok).toBe(false)
    expect(dead.says).toContain('Ann approved this at 20 Nov 2026 10:00 UTC')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })
})
