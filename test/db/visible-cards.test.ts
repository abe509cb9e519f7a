import { expect, test } from 'vitest'
import type { Card } from '../../core/card.ts'
import { visibleText } from '../../core/visible-text.ts'
import { deliveryByKey, putDelivery } from '../../db/deliveries.ts'
import { openThread } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from '../operations/bridge.ts'
import { SAMPLE_CARDS } from '../web/sample-cards.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
/** Turns the line round, hides a letter, clears a terminal. */
const HOSTILE = '\u202egnp\u200b\u001b[2J\u{e0041}'
/** Words of the card's own language; nobody from outside writes them. */
const FIXED = ['kind', 'tone', 'type', 'verb', 'style', 'state', 'show', 'person', 'time', 'operationId']

const mapTexts = (part: unknown, change: (text: string) => string): unknown => {
  if (typeof part === 'string') return change(part)
  if (Array.isArray(part)) return part.map((one) => mapTexts(one, change))
  if (typeof part !== 'object' || part === null) return part
  const entries = Object.entries(part)
  return Object.fromEntries(entries.map(([key, value]) => [key, FIXED.includes(key) ? value : mapTexts(value, change)]))
}

/** All texts but what is sent back or downloaded as it is. */
function textsOf(card: unknown): string[] {
  const texts: string[] = []
  const shown: unknown = JSON.parse(JSON.stringify(card, (key, value) => (/^(payload|file)$/.test(key) ? null : value)))
  mapTexts(shown, (text) => {
    texts.push(text)
    return text
  })
  return texts
}

describeOnStores('hidden characters in cards', (store) => {
  test.each(Object.entries(SAMPLE_CARDS))('are shown, wherever they stand: %s', async (name, sample) => {
    const thread = await openThread(store().db, { surface: 'web', surfaceKey: `hidden-${name}`, now: NOW })
    const card = mapTexts(sample, (text) => text + HOSTILE) as Card // the sample, with longer texts
    await store().transaction((tx) =>
      putDelivery(tx, { key: `hidden-${name}`, surface: 'web', threadId: thread.id, card, now: NOW }),
    )
    const stored = (await deliveryByKey(store().db, `hidden-${name}`))?.card
    const texts = textsOf(stored)
    expect(texts.length).toBeGreaterThan(0)
    expect(texts.filter((text) => visibleText(text) !== text)).toEqual([])
    expect(stored?.title).toContain('⟨U+202E⟩gnp⟨U+200B⟩⟨U+001B⟩[2J⟨U+E0041⟩')
  })

  test('are shown in an operation’s card from its plan to its end, in what people and skills wrote', async () => {
    const bridge = new Bridge(store())
    await bridge.clearSwitches()
    const input = { service: `hid${HOSTILE}`, environment: 'production', value: 3 }
    const id = await bridge.propose('mira', 'dial', input, { by: 'local', said: `dial ${HOSTILE}` })
    expect(textsOf(await bridge.card(id)).filter((text) => visibleText(text) !== text)).toEqual([])
    await bridge.click('ann', id, 'approve', { reason: `fine ${HOSTILE}` })
    await bridge.work(id)
    const card = await bridge.card(id)
    expect(textsOf(card).filter((text) => visibleText(text) !== text)).toEqual([])
    expect(card.title).toContain('⟨U+202E⟩')
  })

  test('go back as they came in what a button sends', async () => {
    const thread = await openThread(store().db, { surface: 'web', surfaceKey: 'hidden-payload', now: NOW })
    const payload = { text: 'a\u200bb' }
    const card: Card = {
      kind: 'notice',
      tone: 'neutral',
      title: 't',
      blocks: [],
      actions: [{ verb: 'say', label: 'a\u200bb', style: 'plain', payload }],
    }
    await store().transaction((tx) =>
      putDelivery(tx, { key: 'hidden-payload', surface: 'web', threadId: thread.id, card, now: NOW }),
    )
    expect((await deliveryByKey(store().db, 'hidden-payload'))?.card.actions).toEqual([
      { verb: 'say', label: 'a⟨U+200B⟩b', style: 'plain', payload },
    ])
  })
})
