import { expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import { delegations } from '../../db/schema/delegations.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { CREW, person, policy } from './crew.ts'

const twoApprovers = policy({
  approvals: [
    {
      name: 'two for production',
      when: { environments: ['production'] },
      require: { count: 2, role: 'approver' },
      expiresMs: 30 * 60_000,
      remindMs: 10 * 60_000,
      remind: [],
    },
  ],
})

describeOnStores('approvals', (store) => {
  test('a hundred clicks at once make one transition and one audit row', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-a', 'production', 3)
    const doors = [bridge.door, bridge.process(), bridge.process()]
    const clicks = Array.from({ length: 100 }, (_, n) =>
      bridge.click(n % 2 ? 'ann' : 'jonas', id, 'approve', { door: doors[n % 3] }),
    )
    const replies = await Promise.all(clicks)
    expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    expect(replies.find((reply) => !reply.ok)?.says).toMatch(/(Ann|Jonas) approved this at/)
    expect((await bridge.audit(id)).filter((kind) => kind === 'operation.approved')).toHaveLength(1)
    await bridge.work(id)
    expect(bridge.world.effects).toEqual(['ap-a/production=3', 'check ap-a/production'])
  })

  test('the same click delivered twice counts once', async () => {
    const bridge = new Bridge(store())
    bridge.policy = twoApprovers
    const id = await bridge.dial('mira', 'ap-b', 'production', 3)
    expect((await bridge.click('ann', id, 'approve', { key: 'ap-b-1' })).says).toBe(
      'Counted. 1 more approval is needed.',
    )
    expect((await bridge.click('ann', id, 'approve', { key: 'ap-b-1' })).says).toBe('This click was already counted.')
    // The same person from another account of theirs is still one person.
    expect((await bridge.click('ann', id, 'approve', { surface: 'cli' })).says).toBe(
      'You approved this already. 1 more approval is needed.',
    )
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect((await bridge.click('jonas', id, 'approve')).says).toBe('It starts now.')
  })

  test('where two are needed, a hundred clicks of each at once leave one audit row of each', async () => {
    const bridge = new Bridge(store())
    bridge.policy = twoApprovers
    const id = await bridge.dial('mira', 'ap-b2', 'production', 3)
    const clicks = (who: string) => Array.from({ length: 100 }, () => bridge.click(who, id, 'approve'))
    expect((await Promise.all(clicks('ann'))).filter((reply) => reply.says.startsWith('Counted.'))).toHaveLength(1)
    await Promise.all(clicks('jonas'))
    expect(await bridge.audit(id)).toEqual(['operation.awaiting_approval', 'operation.approve', 'operation.approved'])
    expect(await bridge.state(id)).toBe('approved')
  })

  test('after its time nobody can approve, and the plan expires', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-c', 'production', 3)
    bridge.later(10 * 60_000)
    await bridge.work(id)
    expect(JSON.stringify(await bridge.card(id, 'remind'))).toContain('Still waiting for approval')
    bridge.later(20 * 60_000)
    expect((await bridge.click('ann', id, 'approve')).says).toContain('has expired')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('expired')
    expect((await bridge.click('ann', id, 'approve')).says).toContain('This plan expired at 20 Nov 2026 10:30 UTC')
    expect(bridge.world.effects).toEqual([])
  })

  test('a plan whose ground moved is shown anew, and the yes does not count', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-d', 'production', 3)
    const old = await bridge.operation(id)
    bridge.world.set('ap-d/production', 2)
    expect((await bridge.click('ann', id, 'approve')).says).toContain('The plan changed since this card was shown')
    expect(JSON.stringify(await bridge.card(id))).toContain('dial of ap-d in production is now 2 (was 1).')
    expect((await bridge.click('ann', id, 'approve', { planHash: old.planHash })).says).toContain(
      'The plan changed after',
    )
    expect((await bridge.click('ann', id, 'approve')).ok).toBe(true)
  })

  test('a plan whose ground moves after the approval does not start', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-e', 'production', 3)
    await bridge.click('ann', id, 'approve')
    bridge.world.set('ap-e/production', 2)
    await bridge.work(id)
    const operation = await bridge.operation(id)
    expect(operation.state).toBe('awaiting_approval')
    expect(operation.planRevision).toBe(2)
    expect((await bridge.door.desk.operation(id))?.approvals).toEqual([
      expect.objectContaining({ by: 'Ann', decision: 'approve, voided' }),
    ])
    expect(bridge.world.effects).toEqual(['ap-e/production=2'])
    await bridge.click('ann', id, 'approve')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('an approver who left or lost the role before the first step counts no more', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-f', 'production', 3)
    await bridge.click('ann', id, 'approve')
    bridge.people = CREW.map((one) => (one.id === 'ann' ? person('ann', one.grants, false) : one))
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect((await bridge.click('ann', id, 'approve')).says).toContain('not active')
    await bridge.click('jonas', id, 'approve')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('a policy that was tightened meanwhile asks again', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-g', 'production', 3)
    await bridge.click('ann', id, 'approve')
    bridge.policy = { ...twoApprovers, version: 'policy-2' }
    await bridge.restart()
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect(JSON.stringify(await bridge.card(id))).toContain('The approval rules were changed.')
    await bridge.click('ann', id, 'approve')
    expect(await bridge.state(id)).toBe('awaiting_approval')
    await bridge.click('jonas', id, 'approve')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('a no ends it, with its reason', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'ap-h', 'production', 3)
    expect((await bridge.click('priya', id, 'reject')).ok).toBe(false)
    expect((await bridge.click('ann', id, 'reject', { reason: 'not on a Friday' })).ok).toBe(true)
    expect(await bridge.state(id)).toBe('rejected')
    expect((await bridge.operation(id)).says).toBe('Ann rejected it: not on a Friday')
    expect((await bridge.click('jonas', id, 'approve')).says).toContain('Ann rejected this at')
  })

  test('a correction voids what was approved; only the requester may make one', async () => {
    const bridge = new Bridge(store())
    bridge.policy = twoApprovers
    const id = await bridge.dial('mira', 'ap-i', 'production', 3)
    await bridge.click('ann', id, 'approve')
    const input = { service: 'ap-i', environment: 'production', value: 4 }
    const change = { operationId: id, input, said: 'make it 4', by: 'command' } as const
    await expect(bridge.door.edit({ ...change, personId: 'jonas' as PersonId })).rejects.toThrow('Only Mira')
    expect(await bridge.audit(id)).toContain('edit.denied')
    await bridge.door.edit({ ...change, personId: 'mira' as PersonId })
    expect((await bridge.operation(id)).planRevision).toBe(2)
    await bridge.click('jonas', id, 'approve')
    expect(await bridge.state(id)).toBe('awaiting_approval')
    await bridge.click('ann', id, 'approve')
    await bridge.work(id)
    expect(bridge.world.read('ap-i/production')).toBe(4)
  })

  test('a deputy approves for another until a date, never for the lender or beside them', async () => {
    const bridge = new Bridge(store())
    bridge.policy = twoApprovers
    const lend = { fromPerson: 'ann' as PersonId, toPerson: 'priya' as PersonId }
    const until = new Date(bridge.now.getTime() + 3_600_000)
    const id = await bridge.dial('mira', 'ap-j', 'production', 3)
    await store()
      .db.insert(delegations)
      .values({ ...lend, until, operationId: id })
    expect((await bridge.click('priya', id, 'approve')).says).toBe('Counted. 1 more approval is needed.')
    expect((await bridge.click('ann', id, 'approve')).says).toBe('Counted. 1 more approval is needed.')
    expect((await bridge.click('jonas', id, 'approve')).says).toBe('It starts now.')
    const approvals = (await bridge.door.desk.operation(id))?.approvals
    expect(approvals?.map((approval) => approval.by)).toEqual(['Priya', 'Ann', 'Jonas'])
    bridge.later(2 * 3_600_000)
    const late = await bridge.dial('mira', 'ap-k', 'production', 3)
    expect((await bridge.click('priya', late, 'approve')).ok).toBe(false)
  })
})

describeOnStores('what was read, not typed', (store) => {
  test('what the local reader read waits for the requester where nobody approves', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'rd-a', 'dev', 3, 'local')
    expect(await bridge.state(id)).toBe('planned')
    expect(JSON.stringify(await bridge.card(id))).toContain('“dial rd-a dev 3”')
    expect((await bridge.click('jonas', id, 'go')).says).toContain('Only Mira')
    expect((await bridge.click('mira', id, 'go')).says).toBe('It starts now.')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('what the local reader read needs only the approvers where they are asked', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'rd-b', 'production', 3, 'local')
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
  })

  test('what a language model read needs the requester first', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'rd-c', 'production', 3, 'model')
    expect(await bridge.state(id)).toBe('planned')
    expect((await bridge.click('ann', id, 'approve')).says).toContain('has to confirm first')
    expect((await bridge.click('mira', id, 'go')).ok).toBe(true)
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect((await bridge.click('ann', id, 'approve')).ok).toBe(true)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('a dry run, and a target that is as asked, end without a step', async () => {
    const bridge = new Bridge(store())
    const dry = await bridge.propose(
      'mira',
      'dial',
      { service: 'rd-d', environment: 'dev', value: 3 },
      { dryRun: true },
    )
    expect(await bridge.operation(dry)).toMatchObject({ state: 'cancelled', says: 'Dry run: nothing was changed.' })
    const same = await bridge.dial('mira', 'rd-d', 'dev', 1)
    expect(await bridge.operation(same)).toMatchObject({ state: 'succeeded', says: 'Nothing to do: it is at 1' })
    expect(await bridge.verbs(same)).toEqual([])
    expect(bridge.world.effects).toEqual([])
  })
})
