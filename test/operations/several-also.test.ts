import { expect, test } from 'vitest'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { newRequestId, type OperationId, type PersonId } from '../../core/ids.ts'
import { Service } from '../../core/parameters.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { defineSkill } from '../../core/skill.ts'
import { listSwitches } from '../../db/switches.ts'
import lock from '../../skills/lock.ts'
import mode from '../../skills/mode.ts'
import undo from '../../skills/undo.ts'
import unlock from '../../skills/unlock.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { dialSkill } from './world.ts'

const weather = defineSkill({
  name: 'weather',
  summary: 'How a service feels',
  examples: ['weather a', 'weather b', 'weather c'],
  input: z.object({ service: Service }),
  risk: 'read',
  async run({ service }) {
    if (service === 'gone') throw new UserError('Nobody knows gone.')
    if (service === 'odd') throw new TypeError("Cannot read properties of undefined (reading 'rain')")
    const tone = service === 'b' ? 'bad' : 'good'
    return { kind: 'answer', tone, title: `${service} is well`, blocks: [{ type: 'text', text: 'sun' }] }
  },
})

describeOnStores('several targets', (store) => {
  test('lock each of several places, and open each of them again', async () => {
    const bridge = new Bridge(store(), () => [lock, unlock])
    const id = await bridge.propose('mira', 'lock', { service: 'checkout', environment: ['dev', 'staging'], for: '1h' })
    await bridge.work(id)
    expect(await bridge.state(id)).toBe('succeeded')
    const held = async () => (await bridge.door.desk.locks({})).map(({ environment }) => environment).sort()
    expect(await held()).toEqual(['dev', 'staging'])
    const { says } = await bridge.click('mira', id, 'undo')
    await bridge.work(says.slice(0, says.indexOf(':')) as OperationId) // the reply begins with the id
    expect(await held()).toEqual([])
  })

  test('get each its mode, and each its own one back', async () => {
    const bridge = new Bridge(store(), () => [mode])
    const modes = async () => (await listSwitches(bridge.store.db)).map(({ name, value }) => `${name}=${value}`)
    const id = await bridge.propose('root', 'mode', { name: 'suggest', scope: ['staging', 'production'] })
    await bridge.work(id)
    const set = await modes()
    const { says } = await bridge.click('root', id, 'undo')
    await bridge.work(says.slice(0, says.indexOf(':')) as OperationId) // the reply begins with the id
    const back = await modes()
    await bridge.clearSwitches()
    expect(set).toEqual(['mode:production=suggest', 'mode:staging=suggest'])
    expect(back).toEqual(['mode:production=review', 'mode:staging=review'])
  })

  test('that were all done when a cancel came, and that nothing puts back, stay done and can be taken back as one', async () => {
    const bridge = new Bridge(store(), (world) => [dialSkill(world, { compensate: undefined })])
    const id = await bridge.propose('mira', 'dial', { service: ['sxa', 'sxb'], environment: 'dev', value: 3 })
    bridge.crashAfter = (act) => act === 'done:sxb in dev: how it ended'
    await expect(bridge.work(id)).rejects.toThrow('done:sxb')
    bridge.crashAfter = undefined
    await bridge.click('mira', id, 'cancel')
    await bridge.workAfterCrash(id)
    const { state, says, outcome } = await bridge.operation(id)
    expect({ state, says }).toEqual({
      state: 'cancelled',
      says: 'Cancelled by Mira. Done before and left so: sxa in dev and sxb in dev.',
    })
    expect(outcome?.undo).toMatchObject({ says: 'Take back sxa and sxb in dev' })
  })

  test('are corrected together, and what was said of the plan before is void', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.propose('mira', 'dial', { service: ['sea', 'seb'], environment: 'production', value: 3 })
    const input = { service: ['sea', 'seb'], environment: 'production', value: 4 }
    const said = { operationId: id, personId: 'mira' as PersonId, said: 'make it 4', by: 'command' as const }
    await bridge.door.edit({ ...said, skill: 'dial', input })
    expect(await bridge.operation(id)).toMatchObject({ state: 'awaiting_approval', planRevision: 2, skill: 'several' })
    expect((await bridge.operation(id)).plan.changes.map(({ to }) => to)).toEqual([4, 4])
  })

  test('are answered in one card by a read, six at most; what fails is said in it', async () => {
    const bridge = new Bridge(store(), () => [weather])
    const ask = { requestId: newRequestId(), personId: 'priya' as PersonId, skill: 'weather' }
    const card = await bridge.door.answer({ ...ask, input: { service: ['a', 'b', 'gone'] } })
    expect(card).toMatchObject({ title: 'Weather of a, b and gone', tone: 'bad' })
    expect(card.blocks).toEqual([
      { type: 'text', text: [{ bold: 'a is well' }] },
      { type: 'text', text: 'sun' },
      { type: 'text', text: [{ bold: 'b is well' }] },
      { type: 'text', text: 'sun' },
      { type: 'note', tone: 'warn', text: 'gone: Nobody knows gone.' },
    ])
    await expect(bridge.door.answer({ ...ask, input: { service: ['gone'] } })).rejects.toThrow('Nobody knows gone.')
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    await expect(bridge.door.answer({ ...ask, input: { service: many } })).rejects.toThrow('7 targets at once; 6')
  })

  test('are answered without what a bug said; that is in the log, under the id that is told', async () => {
    const bridge = new Bridge(store(), () => [weather])
    const logged: object[] = []
    const door = bridge.process({ log: { ...silentLogger, error: (fields) => void logged.push(fields) } })
    const ask = { requestId: newRequestId(), personId: 'priya' as PersonId, skill: 'weather' }
    const card = JSON.stringify(await door.answer({ ...ask, input: { service: ['a', 'odd'] } }))
    const [, bug] = /odd: Something went wrong inside Quarterdeck \(id (\w+), in the log\)/.exec(card) ?? []
    expect(card).not.toContain('undefined')
    expect(logged).toMatchObject([{ bug, skill: 'weather', error: expect.any(TypeError) }])
    await door.close()
  })

  test('are found among the operations of each of them, and of no other', async () => {
    const bridge = new Bridge(store())
    const one = await bridge.propose('mira', 'dial', {
      service: ['sla', 'slb'],
      environment: ['dev', 'staging'],
      value: 3,
    })
    const two = await bridge.propose('mira', 'dial', { service: 'sla', environment: ['staging', 'dev'], value: 4 })
    const alone = await bridge.dial('mira', 'slb', 'dev', 5)
    const found = async (filter: object) =>
      (await bridge.door.desk.operations({ ...filter, limit: 9 })).map(({ id }) => id).sort()
    expect(await found({ service: 'sla' })).toEqual([one, two].sort())
    expect(await found({ service: 'slb' })).toEqual([one, alone].sort())
    expect(await found({ service: 'sla', environment: 'dev' })).toEqual([one, two].sort())
    expect(await found({ service: 'sla', environment: 'production' })).toEqual([])
    expect(await found({ service: 'slc' })).toEqual([])
  })

  test('are taken back by name as by the button', async () => {
    const bridge = new Bridge(store(), (world) => [dialSkill(world), undo])
    const id = await bridge.propose('mira', 'dial', { service: ['sua', 'sub'], environment: 'dev', value: 3 })
    await bridge.work(id)
    const back = await bridge.propose('mira', 'undo', { operation: id })
    expect(await bridge.operation(back)).toMatchObject({ skill: 'several', undoes: id })
    await bridge.work(back)
    expect([bridge.world.read('sua/dev'), bridge.world.read('sub/dev')]).toEqual([1, 1])
  })

  test('of which one is only left are taken back as that one', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.propose('mira', 'dial', { service: ['swa', 'swb'], environment: 'dev', value: 3 })
    await bridge.work(id)
    bridge.world.set('swa/dev', 1)
    const { says } = await bridge.click('mira', id, 'undo')
    const back = says.slice(0, says.indexOf(':')) as OperationId // the reply begins with the id
    expect(await bridge.operation(back)).toMatchObject({ skill: 'dial', undoes: id })
    await bridge.work(back)
    expect([bridge.world.read('swa/dev'), bridge.world.read('swb/dev')]).toEqual([1, 1])
  })
})
