import { afterEach, expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import type { OperationId, PersonId } from '../../core/ids.ts'
import type { ClickReply } from '../../core/ports/surface.ts'
import { locks } from '../../db/schema/locks.ts'
import { setSwitch } from '../../db/switches.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { policy } from './crew.ts'
import { running, turn } from './running.ts'
import { dialSkill, type World } from './world.ts'

const all = (service: string[], environment: string | string[], value = 3) => ({ service, environment, value })

/** Dials whose run turns them and then, at the named one, says that it does not work. */
const failsAt = (stuck: string) => (world: World) => [
  dialSkill(world, {
    async run({ input }, ctx) {
      const dial = `${input.service}/${input.environment}`
      await turn(ctx, world, dial, Number(input.value))
      return dial === stuck ? { ok: false, says: 'It squeaks.' } : { ok: true, says: 'It is turned.' }
    },
  }),
]

/** Dials of which one cannot be planned. */
const ownedBy = (helm: string) => (world: World) => [
  dialSkill(world, {
    async preview(input) {
      if (input.service === helm) throw new UserError(`${helm} is owned by Helm.`)
      const { service, environment } = input
      const summary = `Turn ${service}`
      return { input, targets: [{ service, environment }], summary, changes: [], undo: { impossible: '-' }, steps: [] }
    },
  }),
]

/** The operation that a reply names at its beginning. */
const idIn = ({ says }: ClickReply) => says.slice(0, says.indexOf(':')) as OperationId

const textOf = async (bridge: Bridge, id: OperationId) => JSON.stringify((await bridge.card(id)).blocks)

describeOnStores('several targets in one request', (store) => {
  afterEach(() => store().db.delete(locks))

  test('are one plan that lists each, one operation, and one undo that takes all of it back', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.propose('mira', 'dial', all(['s1a', 's1b'], ['dev', 'staging']))
    const { plan } = await bridge.operation(id)
    expect(plan.changes.map(({ target }) => target)).toEqual([
      's1a in dev',
      's1a in staging',
      's1b in dev',
      's1b in staging',
    ])
    expect(plan.summary).toBe('Turn s1a in dev to 3, s1a in staging to 3, s1b in dev to 3 and s1b in staging to 3')
    expect(plan.steps.slice(0, 3)).toEqual(['s1a in dev: turn', 's1a in dev: check', 's1a in staging: turn'])
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
    expect(bridge.world.effects.filter((effect) => effect.includes('='))).toEqual([
      's1a/dev=3',
      's1a/staging=3',
      's1b/dev=3',
      's1b/staging=3',
    ])
    const back = await bridge.click('mira', id, 'undo')
    expect(back).toMatchObject({ ok: true })
    const undo = idIn(back)
    await bridge.work(undo)
    expect(await bridge.state(undo)).toBe('succeeded')
    expect(bridge.world.effects.filter((effect) => effect.includes('=1'))).toEqual([
      's1b/staging=1',
      's1b/dev=1',
      's1a/staging=1',
      's1a/dev=1',
    ])
    expect(await bridge.verbs(id)).not.toContain('undo')
  })

  test('are refused as a whole when one of them cannot be planned, with a request for the others', async () => {
    const bridge = new Bridge(store(), ownedBy('s2b'))
    const refused = await bridge
      .propose('mira', 'dial', all(['s2a', 's2b', 's2c'], 'dev'))
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UserError)
    expect(refused).toMatchObject({
      message: 's2b in dev: s2b is owned by Helm. Nothing was planned; the others could go without it.',
      suggestions: ['dial s2a, s2c in dev value=3'],
    })
  })

  test('name what is so already and leave it out', async () => {
    const bridge = new Bridge(store())
    bridge.world.set('s3b/dev', 3)
    const id = await bridge.propose('mira', 'dial', all(['s3a', 's3b'], 'dev'))
    const { plan } = await bridge.operation(id)
    expect(plan).toMatchObject({ skill: 'dial', summary: 'Turn s3a in dev to 3', warnings: ['Left out: it is at 3'] })
    bridge.world.set('s3a/staging', 3)
    bridge.world.set('s3b/staging', 3)
    const none = await bridge.propose('mira', 'dial', all(['s3a', 's3b'], 'staging'))
    expect(await bridge.operation(none)).toMatchObject({ state: 'succeeded', approvedAt: null })
  })

  test('are thirteen too many, and are not held for a time together', async () => {
    const bridge = new Bridge(store())
    const many = Array.from({ length: 13 }, (_, n) => `s4-${n}`)
    await expect(bridge.propose('mira', 'dial', all(many, 'dev'))).rejects.toThrow('13 targets at once; 12 is the most')
    const held = bridge.propose('mira', 'dial', { ...all(['s4a', 's4b'], 'dev'), for: '2h' })
    await expect(held).rejects.toThrow('held one after the other')
  })

  test('wait for one approval of all, which the right for one of them alone does not give', async () => {
    const rule = { ...policy().approvals[0], when: {} }
    const bridge = new Bridge(store())
    bridge.policy = policy({ approvals: [rule as (typeof bridge.policy.approvals)[0]] })
    const id = await bridge.propose('mira', 'dial', all(['s5a', 's5b'], ['staging', 'production']))
    expect(await bridge.state(id)).toBe('awaiting_approval')
    // Lea approves for staging: it counts there, and production still waits.
    expect((await bridge.click('lea', id, 'approve')).says).toBe('Counted. 1 more approval is needed.')
    expect(await bridge.state(id)).toBe('awaiting_approval')
    expect((await bridge.operation(id)).gate.requirements).toMatchObject([
      { have: 0, count: 1, eligible: ['jonas', 'ann'] },
    ])
    expect((await bridge.click('ann', id, 'approve')).says).toBe('It starts now.')
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
  })

  test('are denied together when one of them is locked, and it is named', async () => {
    const bridge = new Bridge(store())
    const lock = { service: 's6b', environment: 'dev', personId: 'jonas', since: bridge.now, operationId: 'op-test' }
    await store()
      .db.insert(locks)
      .values(lock as typeof locks.$inferInsert) // ids of the test are ids
    const refused = bridge.propose('mira', 'dial', all(['s6a', 's6b'], 'dev'))
    await expect(refused).rejects.toThrow(
      /^Turn s6b in dev to 3: s6b in dev is locked by Jonas .* without that part\.$/,
    )
  })

  test('stop at the one that fails: it alone is put back, those before stay and have one undo', async () => {
    const bridge = new Bridge(store(), failsAt('s7b/dev'))
    const id = await bridge.propose('mira', 'dial', all(['s7a', 's7b', 's7c'], 'dev'))
    await bridge.work(id)
    const { state, says } = await bridge.operation(id)
    expect(state).toBe('failed')
    expect(says).toBe('s7b in dev: It is back at 1. Done before and left so: s7a in dev. Not begun: s7c in dev.')
    expect(bridge.world.effects).toEqual(['s7a/dev=3', 's7b/dev=3', 's7b/dev=1'])
    expect((await bridge.card(id)).actions).toMatchObject([
      { verb: 'undo', label: 'Undo: s7a in dev: Turn it back to 1' },
    ])
    await bridge.work(idIn(await bridge.click('mira', id, 'undo')))
    expect(bridge.world.effects.slice(3)).toEqual(['s7a/dev=1'])
    expect(await bridge.verbs(id)).toEqual([])
  })

  test('that fail at the first, before anything was changed, say so', async () => {
    const bridge = new Bridge(
      store(),
      running(async () => {
        throw new UserError('The dial is stuck.')
      }),
    )
    const id = await bridge.propose('mira', 'dial', all(['s8a', 's8b'], 'dev'))
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: 's8a in dev: The dial is stuck. Not begun: s8b in dev. Nothing was changed.',
    })
    expect(await bridge.verbs(id)).toEqual([])
  })

  test('cancelled in the middle put back the one under way and skip the rest', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, at) => {
        await turn(ctx, world, at, 3)
        if (at === 's9b/dev') await ctx.wait('settle', new Date(ctx.now().getTime() + 60_000))
        return { ok: true, says: `${at} is at 3.` }
      }),
    )
    const id = await bridge.propose('mira', 'dial', all(['s9a', 's9b', 's9c'], 'dev'))
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('waiting')
    await bridge.click('mira', id, 'cancel')
    await bridge.work(id)
    const { state, says } = await bridge.operation(id)
    expect(state).toBe('cancelled')
    expect(says).toBe(
      'Cancelled by Mira. s9b in dev: It is back at 1. Done before and left so: s9a in dev. Not begun: s9c in dev.',
    )
    expect(bridge.world.effects).toEqual(['s9a/dev=3', 's9b/dev=3', 's9b/dev=1'])
    expect(await bridge.verbs(id)).toEqual(['undo'])
    expect(await textOf(bridge, id)).toContain('s9c in dev: turn')
  })

  test('halted between two of them do not begin the next', async () => {
    const row = { name: 'halt', value: 'on', personId: 'root' as PersonId, reason: null, operationId: null }
    const bridge = new Bridge(
      store(),
      running(async (ctx, world, at) => {
        await turn(ctx, world, at, 3)
        await store().transaction((tx) => setSwitch(tx, { ...row, since: new Date() }))
        return { ok: true, says: `${at} is at 3.` }
      }),
    )
    const id = await bridge.propose('mira', 'dial', all(['sha', 'shb'], 'dev'))
    await bridge.work(id)
    await bridge.clearSwitches()
    expect(await bridge.operation(id)).toMatchObject({
      state: 'failed',
      says: 'Changes were halted by Root before shb in dev began. Done before and left so: sha in dev.',
    })
    expect(bridge.world.effects).toEqual(['sha/dev=3'])
    expect(await bridge.verbs(id)).toEqual(['undo'])
  })

  test('keep the version of each skill: what this release no longer knows is for a person', async () => {
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        await ctx.wait('settle', new Date(ctx.now().getTime() + 60_000))
        return { ok: true, says: 'Done.' }
      }),
    )
    const id = await bridge.propose('mira', 'dial', all(['sva', 'svb'], 'dev'))
    await bridge.work(id)
    bridge.skills = bridge.skills.map((skill) => ({ ...skill, version: 2 }))
    await bridge.restart()
    bridge.later(120_000)
    await bridge.work(id)
    expect(await bridge.operation(id)).toMatchObject({ state: 'needs_human' })
    expect((await bridge.operation(id)).says).toContain('version 1 of "dial"')
  })
})
