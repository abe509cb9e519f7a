import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscriptionsOf } from '../../../db/subscriptions.ts'
import { startTestProgram, type TestProgram } from '../../_harness/program.ts'
import { soon } from '../../_harness/soon.ts'
import { slackConfig } from './places.ts'
import { type Message, Town } from './town.ts'

let town: Town
let q: TestProgram
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-names-'))
  town = await Town.open()
  // The emulator does not know this method; these are its channels.
  town.front.instead.push(({ method }) => {
    if (method !== 'users.conversations') return undefined
    const channels = ['prod', 'random'].map((name) => ({ name, id: town.channel(name) }))
    return { body: { ok: true, channels, response_metadata: { next_cursor: '' } } }
  })
  const place = (name: string, more: object = {}) => ({ cluster: 'sandbox', namespace: `shop-${name}`, ...more })
  const environments = {
    ...{ dev: place('dev'), staging: place('staging') },
    production: place('production', { aliases: ['prod'], protected: true, channels: ['slack:#prod'] }),
  }
  q = await startTestProgram({ config: { ...slackConfig(town, folder), environments } })
  town.program = q.address
})
afterAll(async () => {
  await q.close()
  await town.close()
  rmSync(folder, { recursive: true, force: true })
})

const ours = (messages: readonly Message[]) =>
  messages.filter(({ metadata }) => metadata?.event_type === 'quarterdeck_card')
const hears = async () => {
  const channel = `${town.team}:${town.channel('prod')}`
  return subscriptionsOf(q.program.store.db, { surface: 'slack', channel })
}
const known = () => soon(async () => expect(await hears()).toHaveLength(1))
const operationOf = (message: Message | undefined) => message?.metadata?.event_payload.operation

describe('a channel that the configuration names', () => {
  test('is known when a change is asked in it: it is shown no second card', async () => {
    await known()
    const thread = await town.mentions('mira', 'scale cart to 6 in production')
    const [plan] = await soon(async () => {
      const found = ours(await town.thread(thread))
      expect(found).toHaveLength(1)
      return found
    })
    // What is asked elsewhere comes after it, in its turn: then a second card would have come as well.
    // Not a service with an autoscaler: at quiet hours it has as many already.
    const elsewhere = await town.mentions('mira', 'scale inventory to 9 in production', { channel: 'random' })
    await soon(async () => expect(ours(await town.thread(elsewhere, 'random'))).toHaveLength(1))
    const begun = await soon(async () => {
      const found = ours(await town.history('prod')).filter(({ thread_ts: inThread }) => inThread === undefined)
      expect(found.map(operationOf)).not.toEqual([])
      return found
    })
    expect(begun.map(operationOf)).not.toContain(operationOf(plan))
    expect(begun).toHaveLength(1)
  })

  test('is still known after a restart, though Slack does not say it any more', async () => {
    await known()
    town.front.instead.unshift(({ method }) =>
      method === 'users.conversations' ? { body: { ok: false, error: 'missing_scope' } } : undefined,
    )
    await q.restart()
    town.program = q.address
    expect(await hears()).toHaveLength(1)
  })
})
