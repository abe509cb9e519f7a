import { readFileSync } from 'node:fs'
import type { IAdaptiveCard } from '@microsoft/teams.cards'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderCard } from '../../../../bot/teams/render/card.ts'
import type { Card } from '../../../../core/card.ts'
import { faultsByType, type Shown as ShownAs } from '../../../_harness/by-type.ts'
import { SAMPLE_CARDS } from '../../../web/sample-cards.ts'
import { anyCard } from './any-card.ts'

/**
 * Microsoft publishes no JSON Schema on npm, but types of Adaptive Cards for Teams. They write the full width small, Teams' own pages as we do
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format, "Full width Adaptive Card").
 */
const TYPES = `import type { IAdaptiveCard, ITeamsCardProperties } from '@microsoft/teams.cards'
type CardInTeams = Omit<IAdaptiveCard, 'msteams'> & { msteams?: Omit<ITeamsCardProperties, 'width'> & { width?: 'Full' } }`
type Shown = ShownAs<'CardInTeams'>

const now = new Date('2026-11-21T12:00:00Z')
/** As everybody sees it, and as its approvers do. */
const shownOf = (name: string, card: Card): Shown[] =>
  [false, true].map((forDecider) => ({
    ...{ name: `${name}, ${forDecider ? 'for its approvers' : 'for all'}`, kind: 'CardInTeams' },
    sent: renderCard(card, { deliveryId: 'dl-1', now, deciders: ['29:jonas'], forDecider }).card,
  }))

test('everything that is shown in Teams is what Microsoft’s own types say it may be', () => {
  // Those that the program made in a conversation (npm run docs:cards), those of the tests, and any.
  const kept: { cards: { name: string; card: Card }[] } = JSON.parse(readFileSync('docs/cards/cards.json', 'utf8'))
  const any = fc.sample(anyCard, { numRuns: 40, seed: 5 }).map((card, at): [string, Card] => [`any card ${at}`, card])
  const samples: [string, Card][] = Object.entries(SAMPLE_CARDS)
  const cards = [...kept.cards.map(({ name, card }): [string, Card] => [name, card]), ...samples, ...any]
  expect(
    faultsByType(
      TYPES,
      cards.flatMap(([name, card]) => shownOf(name, card)),
    ),
  ).toEqual([])
})

const text = { type: 'TextBlock', text: 'x' }
const RIGHT: IAdaptiveCard = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x' }] }
const card = (...body: object[]) => ({ ...RIGHT, body })
const WRONG: Record<string, { readonly sent: object; readonly says: RegExp }> = {
  'a misspelt field': { sent: card({ ...text, wrpa: true }), says: /"wrpa"' does not exist/ },
  'a missing field': { sent: card({ type: 'Container' }), says: /Container/ },
  'a value that there is not': { sent: card({ ...text, weight: 'Bold' }), says: /"Bold"/ },
  'an action where there may be none': { sent: card({ type: 'Action.Submit', title: 'x' }), says: /"Action\.Submit"/ },
  'an element that there is not': { sent: card({ type: 'TextBlok', text: 'x' }), says: /"TextBlok"/ },
  'a version that there is not': { sent: { ...card(text), version: '1.50' }, says: /"1\.50"/ },
}

test('what they do not allow is found, each by its name', () => {
  const wrong = Object.entries(WRONG).map(([name, { sent }]): Shown => ({ name, kind: 'CardInTeams', sent }))
  const faults = faultsByType(TYPES, wrong)
  for (const [name, { says }] of Object.entries(WRONG))
    expect(faults.filter((fault) => fault.startsWith(`${name}: `)).join('\n')).toMatch(says)
  expect(faultsByType(TYPES, [{ name: 'what is right', kind: 'CardInTeams', sent: RIGHT }])).toEqual([])
})
