import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Card } from '../../core/card.ts'
import type { OperationId } from '../../core/ids.ts'
import { findChromium, launch, watchForTrouble } from './browser.ts'
import { type Desk, PEOPLE, startDesk } from './desk.ts'
import { SAMPLE_CARDS } from './sample-cards.ts'

const chromium = findChromium()
if (!chromium) console.warn('SKIPPED: the page was not driven, because no Chromium was found. Set PLAYWRIGHT_CHROMIUM.')

describe.skipIf(!chromium)('the page in Chromium', () => {
  let desk: Desk
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let trouble: string[]
  let round = 0

  beforeAll(async () => {
    ;[desk, browser] = await Promise.all([startDesk({ page: true }), launch(chromium ?? '')])
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.close()
  })
  beforeEach(async () => {
    round += 1
    desk.answer = () => undefined
    desk.reply = async () => ({ ok: true, says: 'Noted.' })
    desk.clicks.length = 0
    context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
    page = await context.newPage()
    page.setDefaultTimeout(8_000)
    trouble = watchForTrouble(page, desk.address)
  })
  afterEach(async () => {
    expect(trouble).toEqual([])
    await context.close()
  })

  const open = async (thread?: string) => {
    await page.goto(thread ? `${desk.address}/#/t/${thread}` : desk.address)
    await page.locator('.connection.live').waitFor()
  }
  const say = async (text: string) => {
    await page.getByLabel('Message').fill(text)
    await page.keyboard.press('Enter')
  }
  const become = async (name: string) => {
    await page.locator('.switcher summary').click()
    await page.locator('.person-choice', { hasText: name }).click()
    await page.locator('.switcher summary', { hasText: name }).waitFor()
  }
  const key = () => `operation:page-${round}`
  const operation = (card: Card): Card => ({
    ...card,
    operationId: `op-page${String(round).padStart(4, '0')}` as OperationId,
  })
  const threadOf = () => /#\/t\/(.+)$/.exec(page.url())?.[1] ?? ''
  const show = (card: Card) =>
    desk.show(operation(card), { key: `operation:${operation(card).operationId}`, threadKey: threadOf() })
  const cards = () => page.locator('.card')

  test('goes the whole way: say it, see the plan, a second person approves, one card lives to its end', async () => {
    desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await say('deploy checkout 1.4.2 to staging')
    await page.locator('.message', { hasText: 'deploy checkout 1.4.2 to staging' }).waitFor()
    await page.getByRole('article', { name: 'Deploy checkout 1.4.2 to staging' }).waitFor()
    expect(await page.locator('.reading').count()).toBe(0)

    desk.reply = async () => ({ ok: false, says: 'Nobody approves their own request.' })
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.locator('.reply.not-ok', { hasText: 'Nobody approves their own request.' }).waitFor()

    await become('Jonas Weber')
    await page.locator('.reply').waitFor({ state: 'detached' })
    let approve: (() => void) | undefined
    desk.reply = () => new Promise((resolve) => (approve = () => resolve({ ok: true, says: 'Approved.' })))
    await page.getByRole('button', { name: 'Approve' }).click()
    await vi.waitFor(() => expect(approve).toBeDefined(), 5_000)
    expect(await page.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true)
    approve?.()
    expect(desk.clicks.map(({ verb, account }) => [verb, account.id])).toEqual([
      ['approve', 'mira'],
      ['approve', 'jonas'],
    ])

    await show(SAMPLE_CARDS.progress)
    await page.getByText('2 of 3 pods are new and ready').waitFor()
    await show(SAMPLE_CARDS.result)
    await page.getByRole('button', { name: 'Undo: deploy 1.4.1 again' }).waitFor()
    expect(await cards().count()).toBe(1)
  })

  test('asks for a reason before it sends a click, and sends nothing on Escape', async () => {
    desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await say('deploy')
    await page.getByRole('button', { name: 'Break glass…' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('Goes without a second person.')
    expect(await dialog.getByRole('button', { name: 'Break glass…' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(desk.clicks).toEqual([])
    await page.getByRole('button', { name: 'Break glass…' }).click()
    await dialog.getByLabel('What is burning?').fill('payments are down')
    await dialog.getByRole('button', { name: 'Break glass…' }).click()
    await page.locator('.reply.ok').waitFor()
    expect(desk.clicks).toEqual([expect.objectContaining({ verb: 'break-glass', reason: 'payments are down' })])
  })

  test('sends a form, and says which field is needed', async () => {
    desk.answer = () => SAMPLE_CARDS.form
    await open()
    await say('scale')
    await page.getByRole('button', { name: 'Make the plan' }).click()
    expect(await page.locator('.hint.missing').count()).toBe(2)
    expect(desk.clicks).toEqual([])
    await page.getByLabel('Service').selectOption('cart')
    await page.getByLabel('Replicas').fill('+2')
    await page.getByLabel('Replicas').press('Enter')
    await vi.waitFor(() => expect(desk.clicks).toHaveLength(1), 5_000)
    expect(desk.clicks[0]?.payload).toEqual({ question: 'q2', values: { service: 'cart', replicas: '+2' } })
    await show(SAMPLE_CARDS.form)
    await cards().nth(1).waitFor()
    await page.getByRole('button', { name: 'Never mind' }).last().click()
    await vi.waitFor(() => expect(desk.clicks).toHaveLength(2), 5_000)
    expect(desk.clicks[1]?.payload).toEqual({ question: 'q2', drop: true })
  })

  test('draws hostile text as text', async () => {
    desk.answer = () => SAMPLE_CARDS.hostile
    await open()
    await say('<img src=x onerror=alert(1)>\u202E')
    await cards().first().waitFor()
    expect(await page.locator('.conversation img, .conversation script, .conversation a').count()).toBe(0)
    expect(await page.locator('.card h3').textContent()).toContain('<img src=x onerror=alert(1)> ⟨U+202E⟩gnol⟨U+202C⟩')
    expect(await page.locator('.card .block-text').textContent()).toContain('⟨U+001B⟩[31mred')
    expect(await page.locator('.message-text').textContent()).toContain('⟨U+202E⟩')
  })

  test('shows every kind of card at 360 px without scrolling sideways', async () => {
    const threadKey = 'web-everycard001'
    for (const [name, card] of Object.entries(SAMPLE_CARDS)) await desk.show(card, { key: `every:${name}`, threadKey })
    for (const width of [360, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      await open(threadKey)
      await cards()
        .nth(Object.keys(SAMPLE_CARDS).length - 1)
        .waitFor()
      const wider = await page.evaluate(
        () =>
          [...document.querySelectorAll('html, .scroller, .card')].filter((one) => one.scrollWidth > one.clientWidth)
            .length,
      )
      expect(wider, `at ${width} px`).toBe(0)
    }
  })

  test('keeps everything over a reload: what was said, the cards, the draft, who I am', async () => {
    desk.answer = () => SAMPLE_CARDS.answer
    await open()
    await become('Priya Raman')
    await say('status checkout')
    await cards().first().waitFor()
    await page.getByLabel('Message').fill('half a thou')
    await page.reload()
    await cards().first().waitFor()
    expect(await page.locator('.message').count()).toBe(1)
    expect(await page.getByLabel('Message').inputValue()).toBe('half a thou')
    expect(await page.locator('.switcher summary .who-name').textContent()).toBe('Priya Raman')
    await page.getByLabel('Message').fill('')
    await page.getByLabel('Message').press('ArrowUp')
    expect(await page.getByLabel('Message').inputValue()).toBe('status checkout')
  })

  test('tells what it could not send, and sends it again with the same key', async () => {
    await open()
    await page.route('**/api/threads/*/messages', (route) => route.abort(), { times: 1 })
    await say('deploy cart')
    await page.getByText('Not sent yet, trying again').waitFor()
    await vi.waitFor(() => expect(desk.received.at(-1)?.text).toBe('deploy cart'), 8_000)
    await page.locator('.message.pending').waitFor({ state: 'detached' })
    expect(desk.received.filter(({ text }) => text === 'deploy cart')).toHaveLength(1)
    trouble.splice(0) // Chromium itself reports the request that was cut
  })

  test('shows a refused message with its reason, to be sent again or dropped', async () => {
    await open()
    await page.route('**/api/threads/*/messages', (route) =>
      route.fulfill({ status: 422, contentType: 'application/json', body: '{"error":"That is too long to read."}' }),
    )
    await say('far too long')
    await page.getByText('That is too long to read.').waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.locator('.message').waitFor({ state: 'detached' })
    trouble.splice(0) // as above
  })

  test('marks what is new elsewhere, what waits for me, and the kill switch, as they happen', async () => {
    const threadKey = 'web-elsewhere001'
    await open()
    await desk.show(operation(SAMPLE_CARDS.plan), { key: key(), threadKey })
    await page.locator('.thread-link.unread').first().waitFor()
    const requestedBy = { id: PEOPLE[1].id, name: 'Jonas Weber' }
    const about = { skill: 'deploy', summary: 'Deploy checkout 1.4.2', requestedBy, requestedAt: new Date() }
    desk.waiting = [
      { ...about, id: operation(SAMPLE_CARDS.plan).operationId ?? ('' as OperationId), state: 'awaiting_approval' },
    ]
    desk.halted = { by: 'Jonas Weber', since: new Date(), reason: 'the network is on fire' }
    await desk.show(operation(SAMPLE_CARDS.plan), { key: key(), threadKey })
    await page.getByText('Everything is halted.').waitFor()
    await page.locator('.waiting .operation-link').click()
    await page.locator(`.thread-link[href="#/t/${threadKey}"][aria-current="page"]`).waitFor()
    await cards().first().waitFor()
    expect(await page.locator(`.thread-link.unread[href="#/t/${threadKey}"]`).count()).toBe(0)
    desk.waiting = []
    desk.halted = undefined
  })

  test('shows private cards to their person only, also after switching', async () => {
    const threadKey = `web-privatecards${round}`
    await desk.show(SAMPLE_CARDS.refusal, { key: key(), threadKey, only: PEOPLE[0].id })
    await open(threadKey)
    await page.getByText('Only you', { exact: true }).waitFor()
    await become('Jonas Weber')
    await page.locator('.card').waitFor({ state: 'detached' })
  })

  test('completes words with Tab, and is usable by keyboard alone', async () => {
    desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await page.getByLabel('Message').focus()
    await page.keyboard.type('dep')
    await page.getByRole('option', { name: /deploy/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('check')
    await page.keyboard.press('Tab')
    expect(await page.getByLabel('Message').inputValue()).toBe('deploy checkout ')
    await page.keyboard.type('now')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await page.getByRole('button', { name: 'Approve' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.reply.ok').waitFor()
  })

  test('works with touch at 390 px: the list is a drawer', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open('web-everycard001')
    expect(await page.locator('.sidebar').isVisible()).toBe(false)
    await page.getByRole('button', { name: /^Conversations/ }).click()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.getByText('What should happen').waitFor()
    await page.locator('.sidebar').waitFor({ state: 'hidden' })
  })
})
