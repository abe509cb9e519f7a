import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import { loadSkills } from '../../core/skill-set.ts'
import { auditOfOperation } from '../../db/audit.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { policy } from './crew.ts'
import { dialSkill } from './world.ts'

const REAL = await loadSkills(fileURLToPath(new URL('../../skills', import.meta.url)))
const NAMES = ['cancel', 'settle', 'halt', 'resume', 'lock', 'unlock', 'mode', 'delegate', 'link', 'undo', 'operations']

describeOnStores('what keeps production safe', (store) => {
  let bridge: Bridge

  beforeEach(async () => {
    bridge = new Bridge(store(), (world) => [dialSkill(world), ...REAL.filter((skill) => NAMES.includes(skill.name))])
    await bridge.clearSwitches()
  })

  const says = async (id: OperationId) => (await bridge.operation(id)).says

  test('a refused request leaves an audit row and nothing else', async () => {
    await expect(bridge.dial('priya', 'sf-a', 'dev', 3)).rejects.toThrow('You need the role operator')
    await expect(bridge.dial('gone', 'sf-a', 'dev', 3)).rejects.toThrow('not active')
    expect(bridge.world.effects).toEqual([])
  })

  test('halt: what is approved waits, what is asked is refused, stopping works; resume lets it go on', async () => {
    const waiting = await bridge.dial('mira', 'sf-b', 'dev', 3)
    const halt = await bridge.propose('sam', 'halt', { reason: 'bad day' })
    expect(await bridge.state(halt)).toBe('succeeded')
    expect(await says(halt)).toMatch(/^Halted\. \d+ operations? waits?/)
    await bridge.work(waiting)
    expect(await bridge.state(waiting)).toBe('approved')
    expect(JSON.stringify(await bridge.card(waiting))).toContain('Changes are halted by Sam since')
    await expect(bridge.dial('mira', 'sf-c', 'dev', 3)).rejects.toThrow('Changes are halted by Sam')
    expect(bridge.world.effects).toEqual([])
    expect(await bridge.state(await bridge.propose('jonas', 'resume', {}))).toBe('succeeded')
    await bridge.work(waiting)
    expect(await bridge.state(waiting)).toBe('succeeded')
    expect(bridge.world.effects).toHaveLength(2)
  })

  test('a lock keeps others away until it ends by itself', async () => {
    const place = { service: 'checkout', environment: 'dev' }
    const lock = await bridge.propose('sam', 'lock', { ...place, reason: 'load test', for: '1h' })
    expect(await says(lock)).toBe('checkout in dev is locked by Sam.')
    await expect(bridge.dial('mira', 'checkout', 'dev', 3)).rejects.toThrow(
      'checkout in dev is locked by Sam since 20 Nov 2026 10:00 UTC, until 20 Nov 2026 11:00 UTC (load test).',
    )
    await expect(bridge.propose('mira', 'lock', place)).rejects.toThrow('already locked by')
    const own = await bridge.dial('sam', 'checkout', 'dev', 3)
    await bridge.work(own)
    expect(await bridge.state(own)).toBe('succeeded')
    bridge.later(3_600_000)
    await bridge.work(lock)
    expect((await bridge.card(lock, 'unlock')).title).toBe('checkout in dev is free again')
    expect(await bridge.state(await bridge.dial('mira', 'checkout', 'dev', 4))).toBe('approved')
  })

  test('a lock taken after the approval holds the first step', async () => {
    const place = { service: 'checkout', environment: 'staging' }
    const id = await bridge.dial('mira', 'checkout', 'staging', 3)
    await bridge.propose('sam', 'lock', place)
    await bridge.work(id)
    expect(await says(id)).toContain('Not started, nothing was changed: checkout in staging is locked by Sam')
    await bridge.propose('sam', 'unlock', place)
    expect(await bridge.state(await bridge.dial('mira', 'checkout', 'staging', 3))).toBe('approved')
  })

  test('an unlock opens the lock it saw, not one that somebody took meanwhile', async () => {
    const place = { service: 'checkout', environment: 'production' }
    await bridge.propose('sam', 'lock', place)
    bridge.crashAfter = (act) => act === 'claim'
    const late = await bridge.propose('sam', 'unlock', place)
    bridge.crashAfter = undefined
    expect(await bridge.state(late)).toBe('running')
    await bridge.propose('sam', 'unlock', place)
    bridge.later(1_000)
    await bridge.propose('mira', 'lock', place)
    bridge.later(60_000)
    await bridge.workAfterCrash(late)
    expect(await bridge.operation(late)).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('checkout in production is locked by Mira since 20 Nov 2026 10:00 UTC'),
    })
    expect(await bridge.door.desk.locks(place)).toMatchObject([{ by: { name: 'mira' } }])
    await bridge.propose('mira', 'unlock', place)
    expect(await bridge.door.desk.locks(place)).toEqual([])
  })

  test('suggest mode shows plans and runs none', async () => {
    await bridge.propose('root', 'mode', { name: 'suggest' })
    const id = await bridge.dial('mira', 'sf-d', 'dev', 3)
    expect(await bridge.operation(id)).toMatchObject({ state: 'cancelled', dryRun: true })
    expect(await says(id)).toContain('The mode in dev is suggest: plans are shown, nothing runs.')
    await bridge.propose('root', 'mode', { name: 'read-only' })
    await expect(bridge.dial('mira', 'sf-d', 'dev', 3)).rejects.toThrow('The mode in dev is read-only')
    await bridge.propose('root', 'mode', { name: 'review' })
    expect(await bridge.state(await bridge.dial('mira', 'sf-d', 'dev', 3))).toBe('approved')
  })

  test('break-glass: alone, with a reason, loudly, for a while, reviewed by somebody else', async () => {
    const id = await bridge.dial('sam', 'sf-e', 'production', 3)
    expect((await bridge.click('mira', id, 'break-glass', { reason: 'fire' })).says).toContain(
      'needs the role breakglass',
    )
    expect((await bridge.click('sam', id, 'break-glass')).says).toContain('needs a reason')
    expect((await bridge.click('sam', id, 'break-glass', { reason: 'checkout is down' })).ok).toBe(true)
    expect(JSON.stringify(await bridge.card(id, 'break-glass'))).toContain('checkout is down')
    const toReview = async () => (await bridge.door.desk.operation(id))?.toReview
    expect(await toReview()).toBe(true)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
    expect(await bridge.audit(id)).toContain('operation.break-glass')
    bridge.later(24 * 3_600_000)
    await bridge.work(id)
    expect((await bridge.card(id, 'review')).title).toContain('Review is due')
    expect((await bridge.click('sam', id, 'review')).says).toBe('Who broke the glass cannot review it.')
    expect((await bridge.click('mira', id, 'review')).ok).toBe(false)
    expect((await bridge.click('jonas', id, 'review', { card: 'review', reason: 'fine' })).ok).toBe(true)
    expect((await bridge.click('root', id, 'review')).says).toContain('Jonas reviewed this at')
    expect(await toReview()).toBeUndefined()
    expect(await bridge.audit(id)).toContain('operation.reviewed')
  })

  test('broken glass that is not used in time counts no more', async () => {
    const id = await bridge.dial('sam', 'sf-f', 'production', 3)
    await bridge.click('sam', id, 'break-glass', { reason: 'checkout is down' })
    bridge.later(16 * 60_000)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('expired')
    expect(bridge.world.effects).toEqual([])
  })

  test('a freeze is refused to most, kept for who may break the glass', async () => {
    const span = { from: '2026-11-20T00:00', to: '2026-11-21T00:00' }
    const freeze = { name: 'launch', environments: ['dev'], timezone: 'Europe/Berlin', span, because: 'launch day' }
    bridge.policy = policy({ freezes: [freeze] })
    await expect(bridge.dial('mira', 'sf-g', 'dev', 3)).rejects.toThrow('Frozen by "launch" until 21 Nov 2026 00:00')
    const id = await bridge.dial('sam', 'sf-g', 'dev', 3)
    expect(await bridge.verbs(id)).toEqual(['go', 'cancel', 'break-glass'])
    expect((await bridge.click('sam', id, 'go')).says).toContain('Frozen by "launch"')
    expect((await bridge.click('sam', id, 'break-glass', { reason: 'fire' })).ok).toBe(true)
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('a freeze that begins after the approval holds the first step', async () => {
    const id = await bridge.dial('mira', 'sf-h', 'dev', 3)
    const span = { from: '2026-11-20T00:00', to: '2026-11-21T00:00' }
    const freezes = [{ name: 'launch', environments: ['dev'], timezone: 'Europe/Berlin', span, because: 'launch day' }]
    // The same version on purpose: what is asked is the gate, not the hash.
    bridge.policy = policy({ freezes })
    await bridge.restart()
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('Not started, nothing was changed: Frozen by "launch"'),
    })
  })

  test('cancel, undo and settle by word do what their buttons do', async () => {
    const open = await bridge.dial('mira', 'sf-i', 'production', 3)
    const cancel = await bridge.propose('jonas', 'cancel', { operation: open })
    expect(await says(cancel)).toContain('is cancelled; nothing had been changed')
    expect(await bridge.state(open)).toBe('cancelled')
    const done = await bridge.dial('mira', 'sf-j', 'dev', 3)
    await bridge.work(done)
    const undo = await bridge.propose('mira', 'undo', { operation: done })
    await bridge.work(undo)
    expect(await bridge.operation(undo)).toMatchObject({ skill: 'dial', undoes: done, state: 'succeeded' })
    expect((await bridge.operation(done)).undoneBy).toBe(undo)
    await expect(bridge.propose('mira', 'undo', { operation: done })).rejects.toThrow('already taken back')
  })

  test('a desk write repeated after a crash happens once', async () => {
    bridge.crashAfter = (act) => act.startsWith('effect:')
    const halt = await bridge.propose('sam', 'halt', { reason: 'once' })
    bridge.crashAfter = undefined
    expect(await bridge.state(halt)).toBe('running')
    bridge.later(60_000)
    await bridge.workAfterCrash(halt)
    expect(await bridge.state(halt)).toBe('succeeded')
    const rows = (await auditOfOperation(store().db, halt)).filter((row) => row.kind === 'desk.halt')
    expect(rows).toHaveLength(1)
    await bridge.propose('jonas', 'resume', {})
  })

  test('the desk reads what is, for the skills that show it', async () => {
    const id = await bridge.dial('mira', 'sf-k', 'production', 3)
    const desk = bridge.door.desk
    const ids = (list: readonly { id: string }[]) => list.map((row) => row.id)
    expect(ids(await desk.approvalsFor('ann' as never))).toContain(id)
    expect(ids(await desk.approvalsFor('mira' as never))).not.toContain(id)
    expect(ids(await desk.waitingFor('mira' as never))).toContain(id)
    expect(ids(await desk.operations({ state: 'open', service: 'sf-k', limit: 5 }))).toEqual([id])
    expect(await desk.operation(id)).toMatchObject({ said: 'dial sf-k production 3', requestedBy: { name: 'Mira' } })
    const linked = await bridge.propose('priya', 'link', { account: 'slack:U1' })
    expect(await says(linked)).toBe('Press “Show the code”, then say it from slack:U1.')
  })
})
