import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import type { Card } from '../../core/card.ts'
import type { OperationId } from '../../core/ids.ts'
import { findChromium, launch, watchForTrouble } from './browser.ts'
import { type Desk, startDesk } from './desk.ts'

/** A desk and a page on it, fresh for every test, with what people do there by name. */
export class Visit {
  desk!: Desk
  page!: Page
  /** What the page must not have had when a test ends. */
  trouble: string[] = []
  round = 0

  open = async (thread?: string) => {
    await this.page.goto(thread ? `${this.desk.address}/#/t/${thread}` : this.desk.address)
    await this.page.locator('.connection.live').waitFor()
  }
  say = async (text: string) => {
    await this.page.getByLabel('Message').fill(text)
    await this.page.keyboard.press('Enter')
  }
  become = async (name: string) => {
    await this.page.locator('.switcher summary').click()
    await this.page.locator('.person-choice', { hasText: name }).click()
    await this.page.locator('.switcher summary', { hasText: name }).waitFor()
  }
  key = () => `operation:page-${this.round}`
  /** The card as that of this test's own operation. */
  operation = (card: Card): Card => ({
    ...card,
    operationId: `op-page${String(this.round).padStart(4, '0')}` as OperationId,
  })
  /** Shows the next revision of this test's operation in the thread that is open. */
  show = (card: Card) => {
    const threadKey = /#\/t\/(.+)$/.exec(this.page.url())?.[1] ?? ''
    return this.desk.show(this.operation(card), { key: `operation:${this.operation(card).operationId}`, threadKey })
  }
  cards = () => this.page.locator('.card')
}

/** Tests that drive the page; skipped, and said so, where there is no Chromium. A console error or a foreign request fails any of them. */
export function inChromium(title: string, tests: (at: Visit) => void): void {
  const chromium = findChromium()
  if (!chromium) console.warn(`SKIPPED, because no Chromium was found (PLAYWRIGHT_CHROMIUM names one): ${title}`)
  describe.skipIf(!chromium)(title, () => {
    const at = new Visit()
    let browser: Browser
    let context: BrowserContext
    beforeAll(async () => {
      ;[at.desk, browser] = await Promise.all([startDesk({ page: true }), launch(chromium ?? '')])
    })
    afterAll(async () => {
      await browser?.close()
      await at.desk?.close()
    })
    beforeEach(async () => {
      at.round += 1
      at.desk.answer = () => undefined
      at.desk.reply = async () => ({ ok: true, says: 'Noted.' })
      at.desk.clicks.length = 0
      context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
      at.page = await context.newPage()
      at.page.setDefaultTimeout(8_000)
      at.trouble = watchForTrouble(at.page, at.desk.address)
    })
    afterEach(async () => {
      await context.close()
      expect(at.trouble).toEqual([])
    })
    tests(at)
  })
}
