import { expect, test } from 'vitest'
import type { Deed } from '../../core/ports/telemetry.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

/** A bridge whose door tells, and what it told. */
function listening(store: ConstructorParameters<typeof Bridge>[0]) {
  const bridge = new Bridge(store)
  const deeds: Deed[] = []
  const door = bridge.process({ telemetry: { tell: (deed) => deeds.push(deed) } })
  const states = () => deeds.flatMap((deed) => (deed.what === 'moved' ? [deed.state] : []))
  return { bridge, door, deeds, states }
}

describeOnStores('what the door tells of an operation', (store) => {
  test('each state once, each step, and how long people took to decide', async () => {
    const { bridge, door, deeds, states } = listening(store())
    const asked = bridge.now
    const id = await bridge.propose(
      'mira',
      'dial',
      { service: 'tell-a', environment: 'production', value: 3 },
      { door },
    )
    bridge.later(90_000)
    expect((await bridge.click('ann', id, 'approve', { door })).ok).toBe(true)
    await door.advance(id, { workerId: 'w-1', signal: new AbortController().signal })
    const { requestId } = await bridge.operation(id)

    expect(states()).toEqual(['awaiting_approval', 'approved', 'running', 'succeeded'])
    const approved = deeds.find((deed) => deed.what === 'moved' && deed.state === 'approved')
    expect(approved).toMatchObject({
      requestId,
      operationId: id,
      before: 'awaiting_approval',
      since: asked,
      at: bridge.now,
    })
    expect(
      deeds.flatMap((deed) => (deed.what === 'step' ? [`${deed.kind} ${deed.name} ${deed.outcome}`] : [])),
    ).toEqual(['step turn done', 'observe look done', 'step check done'])
    expect(deeds.filter((deed) => deed.what === 'ran')).toMatchObject([
      { requestId, operationId: id, fence: 1, workerId: 'w-1', state: 'succeeded', readyAt: bridge.now },
    ])
    expect(deeds.filter((deed) => deed.what === 'planned' || deed.what === 'gated')).toMatchObject([
      { what: 'planned', requestId, skill: 'dial', ok: true },
      { what: 'gated', requestId, skill: 'dial', verdict: 'awaiting_approval' },
    ])
  })

  test('nothing of what was rolled back', async () => {
    const { bridge, door, states } = listening(store())
    const id = await bridge.propose(
      'mira',
      'dial',
      { service: 'tell-b', environment: 'production', value: 3 },
      { door },
    )
    const told: string[] = []
    const broken = bridge.process({
      telemetry: { tell: (deed) => told.push(deed.what) },
      store: {
        ...bridge.store,
        transaction: (work) =>
          bridge.store.transaction(async (tx) => {
            await work(tx)
            throw new Error('the connection broke before the commit')
          }),
      },
    })
    expect((await bridge.click('ann', id, 'approve', { door: broken })).ok).toBe(false)
    expect(told).toEqual([])
    expect(states()).toEqual(['awaiting_approval'])
    expect(await bridge.state(id)).toBe('awaiting_approval')
  })

  test('a refusal, without the words of who asked', async () => {
    const { bridge, door, deeds, states } = listening(store())
    const input = { service: 'tell-c', environment: 'dev', value: 3 }
    await expect(bridge.propose('priya', 'dial', input, { door, said: 'a secret wish' })).rejects.toThrow()
    expect(states()).toEqual([])
    expect(JSON.stringify(deeds)).not.toContain('secret wish')
  })
})
