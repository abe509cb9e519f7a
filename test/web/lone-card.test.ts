import { expect, test } from 'vitest'
import type { Card } from '../../core/card.ts'
import { inChromium } from './in-chromium.ts'
import { SAMPLE_CARDS } from './sample-cards.ts'

inChromium('the page in Chromium: a card of a chat service by itself', (at) => {
  const threadKey = '19:ops@thread.tacv2;messageid=1'
  const show = async (card: Card) => (await at.desk.show(card, { key: at.key(), threadKey, surface: 'teams' })).id

  test('is whole, to be read, says where its buttons are, and leads to the conversations', async () => {
    const id = await show(SAMPLE_CARDS.plan)
    await at.page.goto(`${at.desk.address}/#/c/${id}`)
    await at.page.getByRole('article', { name: SAMPLE_CARDS.plan.title }).waitFor()
    await at.page.getByText('As it stands in Microsoft Teams. Its buttons are there.').waitFor()
    await at.page.getByRole('heading', { name: 'Card', exact: true }).waitFor()
    expect(await at.page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    expect(await at.page.getByLabel('Message').count()).toBe(0)
    await at.page.getByRole('link', { name: 'To my conversations' }).click()
    await at.page.getByLabel('Message').waitFor()
    expect(await at.cards().count()).toBe(0)
  })

  test('that is not there says so; one of a conversation here is shown in it', async () => {
    await at.page.goto(`${at.desk.address}/#/c/dl-000000000000`)
    await at.page.getByRole('alert').filter({ hasText: 'There is no such card' }).waitFor()
    at.trouble.splice(0) // Chromium itself reports the 404
    const { id } = await at.desk.show(SAMPLE_CARDS.plan, { key: at.key(), threadKey: 'web-lone0001' })
    await at.page.goto(`${at.desk.address}/#/c/${id}`)
    await at.page.getByRole('button', { name: 'Approve' }).waitFor()
    expect(at.page.url()).toMatch(/#\/t\/web-lone0001$/)
  })

  test('is where a link leads also when the reader must sign in first', async () => {
    const id = await show(SAMPLE_CARDS.result)
    const nobody = JSON.stringify({
      person: null,
      login: {},
      switcher: { allowed: false, says: 'Here people sign in.' },
    })
    await at.page.route('**/api/session', (route) => route.fulfill({ contentType: 'application/json', body: nobody }))
    await at.page.route('**/api/login', (route) => route.fulfill({ status: 303, headers: { location: '/' } }))
    await at.page.goto(`${at.desk.address}/#/c/${id}`)
    const signIn = at.page.getByRole('link', { name: 'Sign in' })
    await signIn.waitFor()
    await at.page.unroute('**/api/session')
    await signIn.click()
    await at.page.getByRole('article', { name: SAMPLE_CARDS.result.title }).waitFor()
    // It is forgotten: whoever comes another time comes to the conversations.
    await at.page.goto('about:blank')
    await at.page.goto(at.desk.address)
    await at.page.getByLabel('Message').waitFor()
    expect(await at.cards().count()).toBe(0)
  })

  test('opens as often as there are links to follow: a browser has six connections for all pages of an address', async () => {
    const id = await show(SAMPLE_CARDS.result)
    for (let opened = 0; opened < 8; opened += 1) {
      const page = await at.page.context().newPage()
      await page.goto(`${at.desk.address}/#/c/${id}`)
      await page.getByRole('article', { name: SAMPLE_CARDS.result.title }).waitFor({ timeout: 30_000 })
    }
    // From such a page to the conversations: there what happens is told.
    const [last] = at.page.context().pages().slice(-1)
    await last?.getByRole('link', { name: 'To my conversations' }).click()
    await last?.locator('.connection.live').waitFor({ timeout: 30_000 })
  })
})
