import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { findChromium, launch, watchForTrouble } from '../web/browser.ts'

const chromium = findChromium()
if (!chromium)
  console.warn('SKIPPED, because no Chromium was found (PLAYWRIGHT_CHROMIUM names one): the page, end to end')

describe.skipIf(!chromium || !kubectlPath())('the page of the real program in Chromium', { timeout: 120_000 }, () => {
  let q: TestProgram
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let trouble: string[]
  beforeAll(async () => {
    ;[q, browser] = await Promise.all([startTestProgram(), launch(chromium ?? '')])
  })
  afterAll(async () => {
    await browser?.close()
    await q?.close()
  })
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
    page = await context.newPage()
    page.setDefaultTimeout(45_000)
    trouble = watchForTrouble(page, q.address)
    await page.goto(q.address)
    await page.locator('.connection.live').waitFor()
    await become('Mira Vogel')
  })
  afterEach(async () => {
    await q.lever('pause', { paused: false })
    await context.close()
    expect(trouble).toEqual([])
  })

  test('opens as whom the configuration lists first, then as who was there last in this browser', async () => {
    const fresh = await browser.newContext()
    const first = await fresh.newPage()
    const who = first.locator('.switcher summary')
    await first.goto(q.address)
    await who.filter({ hasText: 'Mira Vogel' }).waitFor()
    await who.click()
    expect(await first.locator('.person-choice').first().textContent()).toContain('Mira Vogel')
    await first.locator('.person-choice', { hasText: 'Sam Carter' }).click()
    await who.filter({ hasText: 'Sam Carter' }).waitFor()
    // The session ends with the day; the browser still knows.
    await fresh.clearCookies()
    await first.reload()
    await who.filter({ hasText: 'Sam Carter' }).waitFor()
    await fresh.close()
  })

  const card = (title: string | RegExp) => page.getByRole('article', { name: title })
  const click = (title: string | RegExp, button: string) => card(title).getByRole('button', { name: button }).click()
  const say = async (text: string) => {
    await page.getByLabel('Message').fill(text)
    await page.keyboard.press('Enter')
  }
  const become = async (name: string) => {
    await page.locator('.switcher summary').click()
    await page.locator('.person-choice', { hasText: name }).click()
    await page.locator('.switcher summary', { hasText: name }).waitFor()
  }
  const imageOf = (service: string) =>
    q.kubectl(
      ...['-n', 'shop-staging', 'get', 'deploy', service, '-o'],
      'jsonpath={.spec.template.spec.containers[0].image}',
    )
  const scrollsSideways = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, .scroller, .card')].some((one) => one.scrollWidth > one.clientWidth),
    )

  test('request, question, plan, approval by a second person, progress, result, undo', async () => {
    await say('deploy checkout to staging')
    await card(/Deploy: which version/)
      .getByLabel('Version')
      .fill('1.4.2')
    await click(/Deploy: which version/, 'Continue')
    const title = 'Deploy checkout 1.4.2 to staging'
    await card(title).getByText('1.4.1').first().waitFor()

    await click(title, 'Approve')
    await page.locator('.reply.not-ok', { hasText: 'Nobody approves their own request' }).waitFor()
    await become('Jonas Lind')
    await page.locator('.waiting .operation-link', { hasText: 'checkout 1.4.2' }).waitFor()
    await q.lever('pause', { paused: true })
    await click(title, 'Approve')
    await page.locator('.card.kind-progress .step.doing').waitFor()

    // A reload in the middle: the same conversation, the same card, the same person; and it goes on living.
    await page.reload()
    await page.locator('.connection.live').waitFor()
    await page.locator('.message', { hasText: 'deploy checkout to staging' }).waitFor()
    await page.locator('.card.kind-progress .step.doing').waitFor()
    await page.locator('.switcher summary', { hasText: 'Jonas Lind' }).waitFor()
    expect(await card(title).count()).toBe(1)
    await q.lever('pause', { paused: false })
    await page.locator('.card.kind-result').waitFor()
    expect(await card(title).count()).toBe(1)
    expect(await imageOf('checkout')).toContain('checkout:1.4.2@sha256:')

    await become('Mira Vogel')
    await click(title, 'Undo')
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
    const back = 'Deploy checkout 1.4.1 (sha256:'
    await card(back).getByRole('button', { name: 'Approve' }).waitFor()
    await become('Jonas Lind')
    await click(back, 'Approve')
    await page.locator('.card.kind-result').nth(1).waitFor()
    expect(await imageOf('checkout')).toContain('checkout:1.4.1')
  })

  test('a change is cancelled in the middle, and put back', async () => {
    const before = await imageOf('checkout')
    await say('deploy checkout 1.4.2 to staging')
    const title = 'Deploy checkout 1.4.2 to staging'
    await card(title).getByRole('button', { name: 'Approve' }).waitFor()
    await become('Jonas Lind')
    await q.lever('pause', { paused: true })
    await click(title, 'Approve')
    await page.locator('.card.kind-progress .step.done').waitFor()
    expect(await imageOf('checkout')).toContain(':1.4.2@')
    await become('Mira Vogel')
    await click(title, 'Cancel')
    await q.lever('pause', { paused: false })
    await card(title)
      .getByText(/Cancelled by Mira Vogel/)
      .first()
      .waitFor()
    await page.locator('.card.kind-result').waitFor()
    expect(await imageOf('checkout')).toBe(before)
  })

  test('the same on a phone: nothing scrolls sideways from the question to the result', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.reload()
    await page.locator('.connection.live').waitFor()
    await say('scale search in staging')
    const question = card(/Scale: how many replicas/)
    await question.getByLabel('Replicas').fill('3')
    expect(await scrollsSideways()).toBe(false)
    await question.getByRole('button', { name: 'Continue' }).click()
    const plan = card(/^Scale search in staging/)
    await plan.waitFor()
    expect(await scrollsSideways()).toBe(false)
    await page.locator('.card.kind-result').waitFor()
    expect(await scrollsSideways()).toBe(false)
    expect(await q.kubectl('-n', 'shop-staging', 'get', 'deploy', 'search', '-o', 'jsonpath={.spec.replicas}')).toBe(
      '3',
    )
    await page.getByRole('button', { name: /^Conversations/ }).click()
    await page.locator('.thread-link', { hasText: 'scale search' }).waitFor()
  })
})
