import { expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { policy } from './crew.ts'
import { dialSkill } from './world.ts'

const approvals = (count: number) =>
  policy({
    approvals: [
      {
        name: 'production changes',
        when: { environments: ['production'] },
        require: { count, role: 'approver' },
        expiresMs: 30 * 60_000,
        remindMs: 10 * 60_000,
        remind: [],
      },
    ],
  })

describeOnStores('a change that a language model read', (store) => {
  test('runs nowhere before its requester clicked, needed approval or not', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'mr-a', 'dev', 3, 'model')
    expect(await bridge.state(id)).toBe('planned')
    expect(JSON.stringify(await bridge.card(id))).toContain('by a language model')
    await bridge.work(id)
    expect(bridge.world.effects).toEqual([])
    for (const who of ['jonas', 'sam', 'root'])
      expect((await bridge.click(who, id, 'go')).says).toContain('Only Mira, who asked for it')
    expect((await bridge.click('mira', id, 'go')).says).toBe('It starts now.')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('takes nobody’s approval, and offers none, before its requester clicked', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'mr-b', 'production', 3, 'model')
    expect(await bridge.verbs(id)).toEqual(['go', 'cancel'])
    expect(await bridge.click('ann', id, 'approve')).toEqual({
      ok: false,
      says: expect.stringContaining('has to confirm first'),
    })
    expect(await bridge.click('sam', id, 'break-glass', { reason: 'it burns' })).toEqual({
      ok: false,
      says: expect.stringContaining('has to confirm first'),
    })
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('planned')
    expect(bridge.world.effects).toEqual([])
    expect(await bridge.click('mira', id, 'go')).toEqual({ ok: true, says: 'Counted. 1 more approval is needed.' })
    expect(await bridge.verbs(id)).toContain('approve')
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
  })

  test('reminds its approvers once they are asked, and not of what waits for its requester', async () => {
    const bridge = new Bridge(store())
    bridge.policy = approvals(1)
    const id = await bridge.dial('mira', 'mr-remind', 'production', 3, 'model')
    bridge.later(15 * 60_000)
    await bridge.work(id)
    await expect(bridge.card(id, 'remind')).rejects.toThrow('no card remind')
    await bridge.click('mira', id, 'go')
    await bridge.work(id)
    await expect(bridge.card(id, 'remind')).rejects.toThrow('no card remind')
    bridge.later(11 * 60_000)
    await bridge.work(id)
    expect(JSON.stringify(await bridge.card(id, 'remind'))).toContain('Still waiting for approval')
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
    expect(JSON.stringify(await bridge.card(id, 'remind'))).toContain('No longer waits for approval')
  })

  test('is not approved by its requester’s click, not even where they are an approver', async () => {
    const bridge = new Bridge(store())
    bridge.policy = approvals(2)
    const id = await bridge.dial('jonas', 'mr-c', 'production', 3, 'model')
    expect((await bridge.click('jonas', id, 'go')).says).toBe('Counted. 2 more approvals are needed.')
    expect((await bridge.click('jonas', id, 'approve')).says).toContain('Nobody approves their own request')
    expect((await bridge.click('ann', id, 'approve')).says).toBe('Counted. 1 more approval is needed.')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect(bridge.world.effects).toEqual([])
  })

  test('is confirmed as it was shown: a plan that changed since asks its requester again', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'mr-d', 'production', 3, 'model')
    await bridge.click('mira', id, 'go')
    bridge.world.set('mr-d/production', 2)
    expect((await bridge.click('ann', id, 'approve')).says).toContain('The plan changed since this card was shown')
    expect(await bridge.state(id)).toBe('planned')
    expect((await bridge.click('ann', id, 'approve')).says).toContain('has to confirm first')
    expect((await bridge.click('mira', id, 'go')).ok).toBe(true)
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
  })

  test('waits for the click though its requester corrected a part of it, whoever read the correction', async () => {
    const bridge = new Bridge(store())
    for (const [service, by] of [
      ['mr-e', 'local'],
      ['mr-f', 'command'],
      ['mr-g', 'form'],
    ] as const) {
      const id = await bridge.dial('mira', service, 'production', 3, 'model')
      const input = { service, environment: 'production', value: 4 }
      await bridge.door.edit({ operationId: id, personId: 'mira' as PersonId, input, said: 'make it 4', by })
      expect(await bridge.operation(id)).toMatchObject({ state: 'planned', readBy: 'model', planRevision: 2 })
      expect((await bridge.click('ann', id, 'approve')).says).toContain('has to confirm first')
    }
    const own = await bridge.dial('mira', 'mr-h', 'production', 3, 'command')
    const input = { service: 'mr-h', environment: 'production', value: 4 }
    await bridge.door.edit({ operationId: own, personId: 'mira' as PersonId, input, said: 'better 4', by: 'model' })
    expect(await bridge.operation(own)).toMatchObject({ state: 'planned', readBy: 'model' })
  })

  test('waits even where a typed one would run at once and ask nobody', async () => {
    const bridge = new Bridge(store(), (world) => [dialSkill(world, { inline: true, needsNoApproval: true })])
    const typed = await bridge.dial('mira', 'mr-i', 'production', 3, 'command')
    expect(await bridge.state(typed)).toBe('succeeded')
    const read = await bridge.dial('mira', 'mr-j', 'production', 3, 'model')
    expect(await bridge.state(read)).toBe('planned')
    expect(bridge.world.read('mr-j/production')).toBe(1)
    expect((await bridge.click('mira', read, 'go')).ok).toBe(true)
    expect(await bridge.state(read)).toBe('succeeded')
  })

  test('expires like any other when its requester never clicks', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'mr-k', 'dev', 3, 'model')
    bridge.later(16 * 60_000)
    expect((await bridge.click('mira', id, 'go')).says).toContain('has expired')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('expired')
  })
})
