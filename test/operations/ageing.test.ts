import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { planHash } from '../../core/plan.ts'
import { loadSkills } from '../../core/skill-set.ts'
import { approvalsOf } from '../../db/approvals.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { dialSkill } from './world.ts'

const REAL = await loadSkills(fileURLToPath(new URL('../../skills', import.meta.url)))
const MINUTE_MS = 60_000

describeOnStores('approvals that grow old', (store) => {
  async function heldByHalt(service: string): Promise<{ bridge: Bridge; id: Awaited<ReturnType<Bridge['dial']>> }> {
    const bridge = new Bridge(store(), (world) => [
      dialSkill(world),
      ...REAL.filter((skill) => ['halt', 'resume'].includes(skill.name)),
    ])
    await bridge.clearSwitches()
    const id = await bridge.dial('mira', service, 'production', 3)
    await bridge.click('ann', id, 'approve')
    await bridge.propose('sam', 'halt', { reason: 'bad night' })
    await bridge.work(id)
    return { bridge, id }
  }

  test('a yes that a halt outlasts is asked for again, and the card says why', async () => {
    const { bridge, id } = await heldByHalt('ag-a')
    expect(await bridge.state(id)).toBe('approved')
    expect(JSON.stringify(await bridge.card(id))).toContain('"time":"2026-11-20T10:30:00.000Z"')
    bridge.later(30 * MINUTE_MS)
    await bridge.propose('jonas', 'resume', {})
    await bridge.work(id)
    expect(bridge.world.effects).toEqual([])
    expect(await bridge.operation(id)).toMatchObject({ state: 'awaiting_approval', planRevision: 2, approvedAt: null })
    const card = JSON.stringify(await bridge.card(id))
    expect(card).toContain('Ann approved this more than 30 min ago')
    expect(card).toContain('0 of 1 approvals')
    expect(card).not.toContain('Decided')
    expect(await bridge.audit(id)).toContain('operation.approval-lapsed')
    expect(await approvalsOf(store().db, id)).toMatchObject([{ voidedBecause: 'It is older than 30 min.' }])
    // The new wait has an end of its own, and the same person may say yes anew.
    expect((await bridge.operation(id)).expiresAt).toEqual(new Date('2026-11-20T11:00:00.000Z'))
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('a yes that is still young starts by itself when the halt ends', async () => {
    const { bridge, id } = await heldByHalt('ag-b')
    bridge.later(30 * MINUTE_MS - 1)
    await bridge.propose('jonas', 'resume', {})
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('what is asked for again is the plan that was shown, though a newer release spells its way back differently', async () => {
    const { bridge, id } = await heldByHalt('ag-d')
    const { plan: shown, planHash: hash } = await bridge.operation(id)
    const undo = { skill: 'dial', input: { service: 'ag-d', environment: 'production', value: 1 }, says: 'Back' }
    const newer = dialSkill(bridge.world, { preview: async () => ({ ...shown, undo }) })
    bridge.skills = bridge.skills.map((skill) => (skill.name === 'dial' ? newer : skill))
    await bridge.restart()
    bridge.later(30 * MINUTE_MS)
    await bridge.propose('jonas', 'resume', {})
    await bridge.work(id)
    const asked = await bridge.operation(id)
    expect(asked).toMatchObject({ state: 'awaiting_approval', planRevision: 2, planHash: hash, plan: shown })
    expect(planHash(asked.plan, asked.policyVersion)).toBe(hash)
  })

  test('a yes that waited for a worker grows old as well', async () => {
    const bridge = new Bridge(store())
    await bridge.clearSwitches()
    const id = await bridge.dial('mira', 'ag-c', 'production', 3)
    await bridge.click('ann', id, 'approve')
    bridge.later(8 * 60 * MINUTE_MS)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect(bridge.world.effects).toEqual([])
  })
})
