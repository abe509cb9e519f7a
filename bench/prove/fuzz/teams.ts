import { renderCard } from '../../../bot/teams/render/card.ts'
import type { Card } from '../../../core/card.ts'
import { AdaptiveCardOfOurs, complaints, skeleton, textsOf } from '../../../test/bot/teams/render/adaptive-card.ts'
import { hiddenIn } from './hostile.ts'

/** Whatever Adaptive Cards replace by a time; ours are made of nothing but the time. */
const FUNCTION = /\{\{\s*(?:DATE|TIME)\b/i
const OURS = /^(?:\{\{(?:DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?:, SHORT)?\)\}\} ?){1,2}$/

/** What hostile text did to a card in Teams; `tame` is the same card with nothing but a word in its places. */
export function faultsInTeams(card: Card, tame: Card): string[] {
  const now = new Date()
  const drawn = renderCard(card, { deliveryId: 'dl-fuzz', now })
  const faults = complaints(drawn.card).map((what) => `teams: the library says ${what}`)
  const wrong = AdaptiveCardOfOurs.safeParse(drawn.card)
  if (!wrong.success)
    faults.push(`teams: ${wrong.error.issues[0]?.message} at ${wrong.error.issues[0]?.path.join('.')}`)
  const texts = textsOf(drawn.card)
  for (const text of [...texts, drawn.summary]) {
    const hidden = hiddenIn(text)
    if (hidden) faults.push(`teams: ${hidden} came out`)
  }
  // The summary is no part of the card; nothing in it is run.
  if (texts.some((text) => FUNCTION.test(text) && !OURS.test(text)))
    faults.push('teams: a function of theirs would be run')
  // What is cut says so, which is an element more.
  const isCut = drawn.files.some(({ name }) => name === 'card.txt')
  const other = renderCard(tame, { deliveryId: 'dl-fuzz', now })
  if (!isCut && JSON.stringify(skeleton(drawn.card)) !== JSON.stringify(skeleton(other.card)))
    faults.push('teams: it became other elements')
  return faults
}
