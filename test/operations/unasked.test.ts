import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import { loadSkills } from '../../core/skill-set.ts'
import { activeDelegations } from '../../db/delegations.ts'
import { unansweredRequests } from '../../db/requests.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { dialSkill } from './world.ts'

const REAL = await loadSkills(fileURLToPath(new URL('../../skills', import.meta.url)))
const NAMES = ['halt', 'resume', 'delegate', 'undo']

describeOnStores('nothing happens that nobody asked for', (store) => {
  let bridge: Bridge

  beforeEach(async () => {
    bridge = new Bridge(store(), (world) => [dialSkill(world), ...REAL.filter((skill) => NAMES.includes(skill.name))])
    await bridge.clearSwitches()
  })

  test('an undo that was refused is over: nothing takes it up again when it would pass', async () => {
    const id = await bridge.dial('mira', 'un-a', 'dev', 3)
    await bridge.work(id)
    await bridge.propose('sam', 'halt', {})
    expect((await bridge.click('mira', id, 'undo')).says).toContain('Changes are halted by Sam')
    const later = new Date(bridge.now.getTime() + 1)
    const left = (await unansweredRequests(store().db, { after: new Date(0), before: later }, 1_000)).map(
      ({ text }) => text,
    )
    expect(left).not.toContain(`undo ${id}`)
  })

  test('what changed nothing has nothing to take back, by button or by word', async () => {
    await bridge.propose('sam', 'halt', {})
    const second = await bridge.propose('jonas', 'halt', {}).catch((error: Error) => error)
    if (second instanceof Error) throw second
    expect(await bridge.operation(second)).toMatchObject({ state: 'succeeded', approvedAt: null })
    expect(await bridge.click('jonas', second, 'undo')).toMatchObject({
      ok: false,
      says: expect.stringContaining('changed nothing'),
    })
    await expect(bridge.propose('jonas', 'undo', { operation: second })).rejects.toThrow('changed nothing')
    expect(await bridge.door.desk.halted()).toBeDefined()
  })

  test('what takes an operation back cannot become another change on the way', async () => {
    const place = { service: 'un-b', environment: 'production' }
    const id = await bridge.propose('mira', 'dial', { ...place, value: 3 })
    await bridge.click('ann', id, 'approve')
    await bridge.work(id)
    await bridge.click('mira', id, 'undo')
    const undo = (await bridge.operation(id)).undoneBy
    if (!undo) throw new Error('not undone')
    const change = { personId: 'mira' as PersonId, input: { ...place, value: 9 }, said: 'make it 9' }
    await expect(bridge.door.edit({ operationId: undo, ...change, by: 'command' })).rejects.toThrow('takes op-')
  })

  test('a new deputy takes the place of the old one', async () => {
    await bridge.propose('jonas', 'delegate', { person: 'sam', until: '2026-11-25T10:00:00.000Z' })
    await bridge.propose('jonas', 'delegate', { person: 'priya', until: '2026-11-24T10:00:00.000Z' })
    const lent = (await activeDelegations(store().db, bridge.now)).filter(({ from }) => from === ('jonas' as PersonId))
    expect(lent.map(({ to }) => to)).toEqual(['priya'])
  })
})
