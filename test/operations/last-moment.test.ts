import { expect, test } from 'vitest'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const asksUntil = (expiresAt: Date) =>
  running(async (ctx) => {
    const choices = [{ value: 'go', label: 'Go on' }]
    const { choice, by } = await ctx.decide('how', { says: 'And now?', role: 'approver', choices, expiresAt })
    return { ok: true, says: `${by} said ${choice}.` }
  })
const GO = { payload: { decision: 'how', choice: 'go' } }

describeOnStores('a question in the middle of a run', (store) => {
  test('answered while its run finds that its time is over: the answer that was counted counts', async () => {
    const bridge = new Bridge(store())
    const deadline = new Date(bridge.now.getTime() + 60_000)
    bridge.skills = asksUntil(deadline)(bridge.world)
    const id = await bridge.dial('mira', 'lm-a', 'dev', 3)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    bridge.later(60_000)
    const replies: unknown[] = []
    const late = bridge.process({
      // Asked outside a transaction it is the run's own look at the time, after it was taken up.
      storeClock: async (db) => {
        if (db === store().db) replies.push(await bridge.click('ann', id, 'decide', GO))
        return deadline
      },
    })
    await bridge.advance(id, late)
    expect(replies).toEqual([{ ok: true, says: 'Ann decided: Go on.' }])
    expect(await bridge.operation(id)).toMatchObject({ state: 'succeeded', says: 'Ann said go.' })
    await late.close()
  })

  test('cannot be answered any more once a person has to look at its run', async () => {
    const bridge = new Bridge(store())
    bridge.skills = asksUntil(new Date(bridge.now.getTime() + 60_000))(bridge.world)
    const id = await bridge.dial('mira', 'lm-b', 'dev', 3)
    await bridge.work(id)
    const newer = bridge.process({ skills: bridge.skills.map((skill) => ({ ...skill, version: 2 })) })
    bridge.later(60_000)
    await bridge.work(id, newer)
    expect(await bridge.state(id)).toBe('needs_human')
    expect(await bridge.click('ann', id, 'decide', GO)).toMatchObject({ ok: false })
    expect(await bridge.audit(id)).not.toContain('operation.decided')
    await newer.close()
  })
})
