import { expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import type { Skill } from '../../core/skill.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge, CrashError } from './bridge.ts'
import { turn } from './running.ts'
import { dialSkill, type World } from './world.ts'

const propose = (bridge: Bridge, name: string) =>
  bridge.propose('mira', 'dial', { service: [`${name}-a`, `${name}-b`, `${name}-c`], environment: 'dev', value: 3 })

/** Dials of which every second one fails for a reason of its own, after its effect. */
const failing = (world: World): Skill[] => [
  dialSkill(world, {
    async run({ input }, ctx) {
      const dial = `${input.service}/${input.environment}`
      await turn(ctx, world, dial, 3)
      return String(input.service).endsWith('-b') ? { ok: false, says: 'It squeaks.' } : { ok: true, says: 'Turned.' }
    },
  }),
]

async function actsOf(bridge: Bridge, name: string): Promise<string[]> {
  const acts: string[] = []
  bridge.crashAfter = (act) => {
    acts.push(act)
    return false
  }
  await bridge.work(await propose(bridge, name))
  return acts
}

async function crashAt(bridge: Bridge, name: string, place: number): Promise<OperationId> {
  let passed = 0
  bridge.crashAfter = () => passed++ === place
  const id = await propose(bridge, name)
  await bridge.work(id).catch((error) => {
    if (!(error instanceof CrashError)) throw error
  })
  expect(passed).toBeGreaterThan(place)
  bridge.crashAfter = undefined
  return id
}

describeOnStores('a crash after any durable act of a plan for several targets', (store) => {
  test('loses no step of any part and does none twice', async () => {
    const acts = await actsOf(new Bridge(store()), 'sr-0')
    const ofPart = (part: string, index: number) => [
      ...(index > 0 ? [`done:${part}: look for a halt`] : []),
      `intent:${part}: turn`,
      `effect:${part}: turn`,
      `done:${part}: turn`,
      `done:${part}: look`,
      `intent:${part}: check`,
      `effect:${part}: check`,
      `done:${part}: check`,
      `done:${part}: how it ended`,
    ]
    const parts = ['a', 'b', 'c'].flatMap((one, index) => ofPart(`sr-0-${one} in dev`, index))
    expect(acts).toEqual(['claim', ...parts, 'end'])
    for (const place of acts.keys()) {
      const bridge = new Bridge(store())
      const name = `sr-${place + 1}`
      const id = await crashAt(bridge, name, place)
      await bridge.workAfterCrash(id)
      const effects = ['a', 'b', 'c'].flatMap((one) => [`${name}-${one}/dev=3`, `check ${name}-${one}/dev`])
      expect(bridge.world.effects, acts[place]).toEqual(effects)
      expect(await bridge.state(id), acts[place]).toBe('succeeded')
    }
  })

  test('when the second part fails puts that part back once, leaves the first and begins no third', async () => {
    const acts = await actsOf(new Bridge(store(), failing), 'sf-0')
    expect(acts).toContain('effect:sf-0-b in dev: turn back')
    for (const place of acts.keys()) {
      const bridge = new Bridge(store(), failing)
      const name = `sf-${place + 1}`
      const id = await crashAt(bridge, name, place)
      await bridge.workAfterCrash(id)
      expect(bridge.world.effects, acts[place]).toEqual([`${name}-a/dev=3`, `${name}-b/dev=3`, `${name}-b/dev=1`])
      const { state, outcome } = await bridge.operation(id)
      expect(state, acts[place]).toBe('failed')
      expect(outcome?.undo, acts[place]).toMatchObject({ skill: 'dial', input: { service: `${name}-a`, value: 1 } })
    }
  })

  test('with a cancel while nobody works puts back the part under way and nothing else', async () => {
    const acts = await actsOf(new Bridge(store()), 'sc-0')
    for (const place of acts.keys()) {
      const bridge = new Bridge(store())
      const name = `sc-${place + 1}`
      const id = await crashAt(bridge, name, place)
      const over = (await bridge.state(id)) === 'succeeded'
      const ended = (await bridge.ledger(id)).filter((line) => line.endsWith('how it ended:done')).length
      expect((await bridge.click('mira', id, 'cancel')).ok).toBe(!over)
      const begun = bridge.world.effects.filter((effect) => effect.includes('=3')).length
      await bridge.workAfterCrash(id)
      expect(await bridge.state(id), acts[place]).toBe(over ? 'succeeded' : 'cancelled')
      // The last part is the one under way until the whole is over.
      const kept = over ? 3 : Math.min(ended, 2)
      const at = ['a', 'b', 'c'].map((one) => bridge.world.read(`${name}-${one}/dev`))
      expect(at, acts[place]).toEqual([0, 1, 2].map((index) => (index < kept ? 3 : 1)))
      expect(bridge.world.effects.filter((effect) => effect.includes('=3'))).toHaveLength(begun)
    }
  })
})
