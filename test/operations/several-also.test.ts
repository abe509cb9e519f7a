import { expect, test } from 'vitest'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { newRequestId, type OperationId, type PersonId } from '../../core/ids.ts'
import { Service } from '../../core/parameters.ts'
import { defineSkill } from '../../core/skill.ts'
import lock from '../../skills/lock.ts'
import unlock from '../../skills/unlock.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

const weather = defineSkill({
  name: 'weather',
  summary: 'How a service feels',
  examples: ['weather a', 'weather b', 'weather c'],
  input: z.object({ service: Service }),
  risk: 'read',
  async run({ service }) {
    if (service === 'gone') throw new UserError('Nobody knows gone.')
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
})
