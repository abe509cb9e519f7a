import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launch, watchForTrouble } from '../web/browser.ts'

/**
 * `npm run screenshots -- [--url ADDRESS]`: takes the README's pictures from a program that runs with the sandbox: one change from the
 * sentence to the result, then the same on a phone and in the dark.
 */
const { values } = parseArgs({
  options: { url: { type: 'string', default: 'http://127.0.0.1:8321' }, out: { type: 'string' } },
})
const address = values.url.replace(/\/+$/, '')
const folder = values.out ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
const ROLLOUT_MS = 180_000

async function main() {
  const chromium = findChromium()
  if (!chromium) throw new Error('No Chromium was found. Install one, or name it in PLAYWRIGHT_CHROMIUM.')
  mkdirSync(folder, { recursive: true })
  const browser = await launch(chromium)
  try {
    const trouble = await shoot(browser)
    if (trouble.length > 0) throw new Error(`The page had trouble:\n${trouble.join('\n')}`)
  } finally {
    await browser.close()
  }
}

async function shoot(browser: Browser): Promise<string[]> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
  })
  page.setDefaultTimeout(20_000)
  const trouble = watchForTrouble(page, address)
  await page.goto(address)
  await page.locator('.connection.live').waitFor()
  await become(page, 'mira')
  await page.getByText('What should happen').waitFor()
  await picture(page, 'welcome')

  await page.getByLabel('Message').fill('deploy checkout 1.4.2 to staging')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await page.locator('.thread-link[aria-current="page"]').waitFor()
  await picture(page, 'plan')

  await become(page, 'jonas')
  await page.locator('.waiting .operation-link').waitFor()
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.locator('.waiting .operation-link').waitFor({ state: 'detached' })
  await page.locator('.card.kind-progress .step.doing').waitFor()
  await picture(page, 'progress')
  await page.locator('.card.kind-result').waitFor({ timeout: ROLLOUT_MS })
  await page.locator('.sidebar-operations').first().waitFor({ state: 'detached' })
  await page.locator('.thread-mark').waitFor({ state: 'detached' })
  await picture(page, 'result')

  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'result-dark')
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, 'phone-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await picture(page, 'phone')
  return trouble
}

async function become(page: Page, person: string) {
  await page.locator('.switcher summary').click()
  const people = await page.locator('.person-choice .who-name').allTextContents()
  const name = people.find((one) => one.toLowerCase().startsWith(person)) ?? person
  await page.locator('.person-choice', { hasText: name }).click()
  await page.locator('.switcher summary', { hasText: name }).waitFor()
}

async function picture(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

await main()
