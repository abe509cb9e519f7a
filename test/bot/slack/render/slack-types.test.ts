import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderCard } from '../../../../bot/slack/render/card.ts'
import { type HomeData, homeView } from '../../../../bot/slack/render/home.ts'
import { askOf, formModal, reasonModal, shortcutModal } from '../../../../bot/slack/render/modals.ts'
import { chunksSince, planBlock, progressOf } from '../../../../bot/slack/render/progress.ts'
import type { Card } from '../../../../core/card.ts'
import type { DeliveryId, PersonId } from '../../../../core/ids.ts'
import { faultsByType, type Shown as ShownAs } from '../../../_harness/by-type.ts'
import { SAMPLE_CARDS } from '../../../web/sample-cards.ts'
import { anyCard } from './any-card.ts'
import { KNOWN_USER } from './what-lives.ts'

/** Views hold known blocks only: Slack's own type of a view takes an object with any `type` for a block. Lengths are block-kit.ts's. */
const TYPES = `import type { types } from '@slack/bolt'
type Message = { text: string; blocks: types.KnownBlock[] }
type Stream = { chunks: types.AnyChunk[] }
type Modal = Omit<types.ModalView, 'blocks'> & { blocks: types.KnownBlock[] }
type Home = Omit<types.HomeView, 'blocks'> & { blocks: types.KnownBlock[] }`
type Shown = ShownAs<'Message' | 'Modal' | 'Home' | 'Stream'>

/** Newer than Slack's types; block-kit-chart.ts has them from Slack's reference. */
const UNKNOWN_TO_THE_TYPES = ['data_visualization']

const context = {
  ...{ deliveryId: 'dl-0123456789ab' as DeliveryId, planHash: 'ab'.repeat(32) },
  mention: (person: PersonId) => (['known', 'mira'].includes(person) ? KNOWN_USER : undefined),
}

/** All that a card becomes in Slack: the message in its two drawings, and the dialogs of its buttons. */
function shownOf(name: string, card: Card): Shown[] {
  const messages = [true, false].map((rich): Shown => {
    const { text, blocks } = renderCard(card, { ...context, rich })
    const known = blocks.filter(({ type }) => !UNKNOWN_TO_THE_TYPES.includes(type))
    return { name: `${name}, ${rich ? 'with every block' : 'plainly'}`, kind: 'Message', sent: { text, blocks: known } }
  })
  const form = formModal(card, context)
  const asks = (card.actions ?? []).flatMap((action) => askOf(action) ?? [])
  const dialogs = [...(form ? [form] : []), ...asks.map((ask) => reasonModal(ask, '{}'))]
  const progress = progressOf(card)
  const steps: Shown[] = progress
    ? [
        { name: `the steps of ${name}`, kind: 'Stream', sent: { chunks: chunksSince(undefined, progress) } },
        { name: `the plan of ${name}`, kind: 'Message', sent: { text: 'x', blocks: [planBlock(progress)] } },
      ]
    : []
  return [
    ...messages,
    ...steps,
    ...dialogs.map((sent): Shown => ({ name: `a dialog of ${name}`, kind: 'Modal', sent })),
  ]
}

function homeOf(cards: readonly Card[]): Shown {
  const at = '2026-11-21T09:00:00Z'
  const lines = cards.map(({ tone, title }) => ({
    tone,
    title,
    about: ['since ', { time: at, show: 'clock' as const }],
  }))
  const waiting = lines.map((line, index) => ({
    ...line,
    ...{ deliveryId: context.deliveryId, actions: cards[index]?.actions ?? [] },
  }))
  const may = [{ what: 'Release', example: 'deploy cart 1.2 to dev' }, { what: 'Look' }]
  const data: HomeData = { name: 'Mira', waiting, running: lines, mine: lines, recent: lines, may, at }
  return { name: 'Home', kind: 'Home', sent: homeView(data, context.mention) }
}

test('everything that is shown in Slack is what Slack’s own types say it may be', () => {
  // Those that the program made in a conversation (npm run docs:cards), those of the tests, and any.
  const kept: { cards: { name: string; card: Card }[] } = JSON.parse(readFileSync('docs/cards/cards.json', 'utf8'))
  const samples: [string, Card][] = Object.entries(SAMPLE_CARDS)
  const any = fc.sample(anyCard, { numRuns: 40, seed: 5 }).map((card, at): [string, Card] => [`any card ${at}`, card])
  const cards = [...kept.cards.map(({ name, card }): [string, Card] => [name, card]), ...samples, ...any]
  const shortcut = shortcutModal({ source: 'Jonas', text: 'checkout is slow', metadata: '{}' })
  const shown: Shown[] = [
    ...cards.flatMap(([name, card]) => shownOf(name, card)),
    homeOf(samples.map(([, card]) => card)),
    homeOf([]),
    { name: 'the dialog of the shortcut', kind: 'Modal', sent: shortcut },
  ]
  expect(new Set(shown.map(({ kind }) => kind))).toEqual(new Set(['Message', 'Stream', 'Modal', 'Home']))
  expect(faultsByType(TYPES, shown)).toEqual([])
})

const text = { type: 'plain_text', text: 'x' }
const button = { type: 'button', text, action_id: 'a' }
const message = (...blocks: object[]) => ({ kind: 'Message' as const, sent: { text: 'x', blocks } })
const WRONG: Record<string, Omit<Shown, 'name'> & { readonly says: RegExp }> = {
  'a misspelt field': {
    ...message({ type: 'actions', elements: [{ ...button, vlaue: '1' }] }),
    says: /"vlaue"' does not exist/,
  },
  'a missing field': {
    ...message({ type: 'actions', elements: [{ type: 'button' }] }),
    says: /'{ type: "button"; }' is not assignable/,
  },
  'a value that there is not': {
    ...message({ type: 'actions', elements: [{ ...button, style: 'warning' }] }),
    says: /"warning"/,
  },
  'a button where there may be none': { ...message({ type: 'context', elements: [button] }), says: /"button"/ },
  'markup in a header': { ...message({ type: 'header', text: { type: 'mrkdwn', text: 'x' } }), says: /"mrkdwn"/ },
  'a block that there is not': {
    kind: 'Home',
    sent: { type: 'home', blocks: [{ type: 'haeder', text }] },
    says: /"haeder"/,
  },
  'a state that no step has': {
    kind: 'Stream',
    sent: { chunks: [{ type: 'task_update', id: 'a', title: 'x', status: 'done' }] },
    says: /"done"/,
  },
  'a dialog without a title': { kind: 'Modal', sent: { type: 'modal', blocks: [] }, says: /title/ },
  // When Slack's types know it, it comes off the list above.
  'a chart': { ...message({ type: 'data_visualization', title: 'x', chart: {} }), says: /"data_visualization"/ },
}

test('what they do not allow is found, each by its name', () => {
  const faults = faultsByType(
    TYPES,
    Object.entries(WRONG).map(([name, { kind, sent }]) => ({ name, kind, sent })),
  )
  for (const [name, { says }] of Object.entries(WRONG))
    expect(faults.filter((fault) => fault.startsWith(`${name}: `)).join('\n')).toMatch(says)
})
