import { expect, test } from 'vitest'
import { cardsPage, drawnBefore, keptCards, pageAsKept } from '../_harness/cards-page.ts'

test('docs/cards shows what the renderers draw now; run "npm run docs:cards -- --drawn" when it does not', () => {
  const page = pageAsKept()
  expect(cardsPage(keptCards(), drawnBefore(page)) === page).toBe(true)
})
