import { expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import { liveOutboxOf } from '../../db/outbox.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const WRONG_MS = 600_000
const MINUTE_MS = 60_000

const fromNow = (ms: number) => new Date(Date.now() + ms)
const waitsUntil = (until: Date) =>
  running(async (ctx) => {
    await ctx.wait('a while', until)
    return { ok: true, says: 'Waited.' }
  })
const asksUntil = (expiresAt: Date) =>
  running(async (ctx) => {
    const choices = [{ value: 'go', label: 'Go on' }]
    const { choice } = await ctx.decide('how', { says: 'And now?', role: 'approver', choices, expiresAt })
    return { ok: true, says: choice }
  })

/** This process's clock is also the store's; the door's is wrong by so much. */
describeOnStores('what a process with a wrong clock waits for', (store) => {
  const begun = (skills: ReturnType<typeof running>, aheadMs: number) => {
    const bridge = new Bridge(store(), skills)
    bridge.now = fromNow(aheadMs)
    return { bridge, door: bridge.process({ storeClock: undefined }) }
  }
  const lastDueInMs = async (id: OperationId) =>
    Math.max(...(await liveOutboxOf(store().db, id)).map(({ dueAt }) => dueAt.getTime() - Date.now()))

  test('behind: a time that has come by the store is over', async () => {
    const { bridge, door } = begun(waitsUntil(fromNow(-1_000)), -WRONG_MS)
    const id = await bridge.dial('mira', 'dc-wait-behind', 'dev', 3)
    await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })

  test('ahead: a time that has not come by the store is waited for, also by who is woken early', async () => {
    const { bridge, door } = begun(waitsUntil(fromNow(MINUTE_MS)), WRONG_MS)
    const id = await bridge.dial('mira', 'dc-wait-ahead', 'dev', 3)
    for (let knock = 0; knock < 3; knock++) await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('waiting')
    expect(await lastDueInMs(id)).toBeLessThan(MINUTE_MS)
    await door.close()
  })

  test('a hold counts from the time that the store says when it is asked, not from what it said a while ago', async () => {
    const asked = new Date('2026-11-20T10:00:00.300Z')
    const holds = running(async (ctx) => {
      const since = await ctx.observe('note the time', async () => (await ctx.time()).toISOString())
      await ctx.wait('hold', new Date(Date.parse(since) + MINUTE_MS))
      return { ok: true, says: 'Held.' }
    })
    const bridge = new Bridge(store(), holds)
    const door = bridge.process({ clock: () => new Date('2026-11-20T10:00:00.000Z'), storeClock: async () => asked })
    const id = await bridge.dial('mira', 'dc-hold', 'dev', 3)
    await bridge.advance(id, door)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'waiting',
      wakeAt: new Date(asked.getTime() + MINUTE_MS),
    })
    await door.close()
  })

  test('behind: who is woken when the time has come by the store goes on', async () => {
    const { bridge, door } = begun(waitsUntil(fromNow(MINUTE_MS)), -WRONG_MS)
    const id = await bridge.dial('mira', 'dc-woken', 'dev', 3)
    await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('waiting')
    const later = bridge.process({ storeClock: async () => fromNow(MINUTE_MS) })
    await bridge.advance(id, later)
    expect(await bridge.state(id)).toBe('succeeded')
    await Promise.all([door.close(), later.close()])
  })

  test('behind: a question is closed at its deadline by the store', async () => {
    const { bridge, door } = begun(asksUntil(fromNow(-1_000)), -WRONG_MS)
    const id = await bridge.dial('mira', 'dc-ask-behind', 'dev', 3)
    await bridge.advance(id, door)
    expect(await bridge.operation(id)).toMatchObject({ state: 'failed' })
    await door.close()
  })

  test('ahead: a question stays open until its deadline by the store, and its answer counts at once', async () => {
    const { bridge, door } = begun(asksUntil(fromNow(MINUTE_MS)), WRONG_MS)
    const id = await bridge.dial('mira', 'dc-ask-ahead', 'dev', 3)
    await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('waiting')
    const payload = { decision: 'how', choice: 'go' }
    expect(await bridge.click('ann', id, 'decide', { payload, door })).toMatchObject({ ok: true })
    await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })

  test('behind: a plan whose time is over by the store expires', async () => {
    const bridge = new Bridge(store())
    bridge.now = fromNow(0)
    const id = await bridge.dial('mira', 'dc-expire', 'production', 3)
    const { expiresAt, planRevision: revision } = await bridge.operation(id)
    if (!expiresAt) throw new Error('the plan does not expire')
    const door = bridge.process({ storeClock: async () => expiresAt })
    await door.timer({ kind: 'expire', operationId: id, payload: { revision } })
    expect(await bridge.state(id)).toBe('expired')
    await door.close()
  })
})
