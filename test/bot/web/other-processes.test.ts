import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveHub } from '../../../bot/web/live-hub.ts'
import { meetNeighbours, type Neighbours } from '../../../bot/web/other-processes.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { putDelivery } from '../../../db/deliveries.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { relayTo } from '../../_harness/relay.ts'
import { soon } from '../../_harness/soon.ts'
import { privateDatabase, TEST_POSTGRES } from '../../_harness/store.ts'
import { PEOPLE } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'

if (!TEST_POSTGRES)
  console.warn('SKIPPED on PostgreSQL (QUARTERDECK_TEST_POSTGRES is not set): pages of several processes')

/** One bot process: its store, its hub, and a page that listens as a person. */
async function startProcess(url: string) {
  const store = await openStore({ backend: 'postgres', url, poolSize: 2 }, silentLogger)
  const hub = new LiveHub()
  const neighbours = await meetNeighbours(store, hub, silentLogger)
  const heard = { mira: [] as string[], jonas: [] as string[] }
  for (const [name, at] of [
    ['mira', 0],
    ['jonas', 1],
  ] as const)
    hub.listen(
      {
        person: PEOPLE[at].id,
        send: (frame) => heard[name].push(frame) > 0,
        isWelcome: () => true,
        end: () => undefined,
      },
      undefined,
    )
  return { store, hub, neighbours, heard }
}

describe.skipIf(!TEST_POSTGRES)('pages on another process than the sender', () => {
  let one: { store: Store; hub: LiveHub; neighbours: Neighbours; heard: { mira: string[]; jonas: string[] } }
  let other: typeof one
  let drop: (() => Promise<void>) | undefined

  beforeAll(async () => {
    const database = await privateDatabase()
    drop = database.drop
    one = await startProcess(database.url)
    other = await startProcess(database.url)
  })
  afterAll(async () => {
    for (const { hub, neighbours, store } of [one, other].filter(Boolean)) {
      hub.close()
      await neighbours.close()
      await store.close()
    }
    await drop?.()
  })

  test('are told of its cards once, private ones to their person only', async () => {
    const put = (key: string, only?: (typeof PEOPLE)[number]['id']) =>
      one.store.transaction(async (tx) => {
        const thread = await openThread(tx, { surface: 'web', surfaceKey: 'web-neighbours1', now: new Date() })
        const card = { ...SAMPLE_CARDS.answer, title: key }
        return putDelivery(tx, { key, surface: 'web', threadId: thread.id, card, only, now: new Date() })
      })
    const [open, secret] = [await put('for all'), await put('for mira', PEOPLE[0].id)]
    one.neighbours.tell(open.id)
    one.neighbours.tell(secret.id)
    await soon(() => expect(other.heard.mira.filter((frame) => frame.includes('event: card'))).toHaveLength(2))
    const cards = (frames: string[]) => frames.filter((frame) => frame.includes('event: card')).join()
    expect(cards(other.heard.jonas)).toContain('for all')
    expect(cards(other.heard.jonas)).not.toContain('for mira')
    // The one who told does not tell itself: its own surface has done so already.
    expect(cards(one.heard.mira)).toBe('')
  })

  test('read the store again when their process listens again: what was told meanwhile nobody heard', async () => {
    const { url, drop } = await privateDatabase()
    const relay = await relayTo(url)
    const { store, hub, neighbours, heard } = await startProcess(relay.url)
    hub.publish({ name: 'overview', data: {} })
    const id = /^id: (.*)$/m.exec(heard.mira.join('\n'))?.[1]
    expect(heard.mira.join()).not.toContain('event: reset')
    relay.cut()
    await relay.mend()
    await soon(() => expect(heard.mira.join()).toContain('event: reset'))
    // Who was away just then cannot go on from where it was.
    const frames: string[] = []
    const late = { person: PEOPLE[0].id, isWelcome: () => true, end: () => undefined }
    hub.listen({ ...late, send: (frame) => frames.push(frame) > 0 }, id)
    expect(frames.join()).toContain('event: reset')
    hub.close()
    await neighbours.close()
    await store.close()
    await relay.close()
    await drop()
  })
})
