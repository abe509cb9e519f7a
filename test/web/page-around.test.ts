import { expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import { soon } from '../_harness/soon.ts'
import { PEOPLE } from './desk.ts'
import { inChromium } from './in-chromium.ts'
import { SAMPLE_CARDS } from './sample-cards.ts'

inChromium('the page in Chromium: what is round the cards', (at) => {
  const { open, say, become, operation, key, cards } = at

  test('keeps everything over a reload: what was said, the cards, the draft, who I am', async () => {
    at.desk.answer = () => SAMPLE_CARDS.answer
    await open()
    await become('Priya Raman')
    await say('status checkout')
    await cards().first().waitFor()
    await at.page.getByLabel('Message').fill('half a thou')
    await at.page.reload()
    await cards().first().waitFor()
    expect(await at.page.locator('.message').count()).toBe(1)
    expect(await at.page.getByLabel('Message').inputValue()).toBe('half a thou')
    expect(await at.page.locator('.switcher summary .who-name').textContent()).toBe('Priya Raman')
    await at.page.getByLabel('Message').fill('')
    await at.page.getByLabel('Message').press('ArrowUp')
    expect(await at.page.getByLabel('Message').inputValue()).toBe('status checkout')
  })

  test('tells what it could not send, and sends it again with the same key', async () => {
    await open()
    await at.page.route('**/api/threads/*/messages', (route) => route.abort(), { times: 1 })
    await say('deploy cart')
    await at.page.getByText('Not sent yet, trying again').waitFor()
    await soon(() => expect(at.desk.received.at(-1)?.text).toBe('deploy cart'))
    await at.page.locator('.message.pending').waitFor({ state: 'detached' })
    expect(at.desk.received.filter(({ text }) => text === 'deploy cart')).toHaveLength(1)
    at.trouble.splice(0) // Chromium itself reports the request that was cut
  })

  test('shows a refused message with its reason, to be sent again or dropped', async () => {
    await open()
    await at.page.route('**/api/threads/*/messages', (route) =>
      route.fulfill({ status: 422, contentType: 'application/json', body: '{"error":"That is too long to read."}' }),
    )
    await say('far too long')
    await at.page.getByText('That is too long to read.').waitFor()
    await at.page.getByRole('button', { name: 'Discard' }).click()
    await at.page.locator('.message').waitFor({ state: 'detached' })
    at.trouble.splice(0) // as above
  })

  test('marks what is new elsewhere, what waits for me, and the kill switch, as they happen', async () => {
    const threadKey = 'web-elsewhere001'
    await open()
    await at.desk.show(operation(SAMPLE_CARDS.plan), { key: key(), threadKey })
    await at.page.locator('.thread-link.unread').first().waitFor()
    const requestedBy = { id: PEOPLE[1].id, name: 'Jonas Weber' }
    const about = { skill: 'deploy', summary: 'Deploy checkout 1.4.2', requestedBy, requestedAt: new Date() }
    at.desk.waiting = [
      { ...about, id: operation(SAMPLE_CARDS.plan).operationId ?? ('' as OperationId), state: 'awaiting_approval' },
    ]
    at.desk.halted = { by: 'Jonas Weber', since: new Date(), reason: 'the network is on fire' }
    await at.desk.show(operation(SAMPLE_CARDS.plan), { key: key(), threadKey })
    await at.page.getByText('Everything is halted.').waitFor()
    await at.page.locator('.waiting .operation-link').click()
    await at.page.locator(`.thread-link[href="#/t/${threadKey}"][aria-current="page"]`).waitFor()
    await cards().first().waitFor()
    expect(await at.page.locator(`.thread-link.unread[href="#/t/${threadKey}"]`).count()).toBe(0)
    at.desk.waiting = []
    at.desk.halted = undefined
  })

  test('shows private cards to their person only, also after switching', async () => {
    const threadKey = `web-privatecards${at.round}`
    await at.desk.show(SAMPLE_CARDS.refusal, { key: key(), threadKey, only: PEOPLE[0].id })
    await open(threadKey)
    await at.page.getByText('Only you', { exact: true }).waitFor()
    await become('Jonas Weber')
    await at.page.locator('.card').waitFor({ state: 'detached' })
  })

  test('says that it cannot copy where the browser lets no page copy, as it does without TLS', async () => {
    const threadKey = `web-copythread${at.round}xx`
    await at.desk.show(SAMPLE_CARDS.failed, { key: key(), threadKey })
    await at.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await open(threadKey)
    await at.page.getByRole('button', { name: 'Copy' }).first().click()
    await at.page.getByRole('button', { name: 'Not allowed' }).waitFor()
  })

  test('skips to the message box by keyboard and stays in the conversation', async () => {
    const threadKey = `web-skipthread${at.round}x`
    await at.desk.show(SAMPLE_CARDS.answer, { key: key(), threadKey })
    await open(threadKey)
    await cards().first().waitFor()
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Enter')
    await soon(async () => expect(await at.page.evaluate(() => document.activeElement?.id)).toBe('composer'))
    expect(at.page.url()).toContain(`#/t/${threadKey}`)
    expect(await cards().count()).toBe(1)
  })

  test('closes the list of conversations on Escape at 390 px, and the button that opened it has the focus', async () => {
    await at.page.setViewportSize({ width: 390, height: 844 })
    await open(`web-drawerescape${at.round}`)
    const opener = at.page.getByRole('button', { name: /^Conversations/ })
    await opener.click()
    await at.page.getByRole('button', { name: 'New conversation' }).waitFor()
    await soon(async () =>
      expect(await at.page.evaluate(() => !!document.activeElement?.closest('.sidebar'))).toBe(true),
    )
    await at.page.keyboard.press('Escape')
    await at.page.locator('.sidebar').waitFor({ state: 'hidden' })
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true)
  })

  test('shows a table of a command and a sentence whole at 390 px, and breaks no id in two', async () => {
    await at.page.setViewportSize({ width: 390, height: 844 })
    at.desk.answer = () => ({
      kind: 'answer',
      tone: 'neutral',
      title: 'Operations',
      blocks: [
        {
          type: 'table',
          columns: ['Operation', 'When', 'What'],
          rows: [
            [
              [{ code: 'op-7f3k9m2q' }],
              '09:17 AM',
              'Sam broke the glass for it: customers cannot pay, and nobody else is awake',
            ],
          ],
        },
      ],
    })
    await at.open()
    await at.say('operations')
    const table = at.page.locator('.table-scroll')
    await table.waitFor()
    expect(await table.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
    const lines = await table.locator('td code').evaluate((element) => element.getClientRects().length)
    expect(lines).toBe(1)
  })

  test('works with touch at 390 px: the list is a drawer', async () => {
    await at.page.setViewportSize({ width: 390, height: 844 })
    await open(`web-drawerthread${at.round}`)
    expect(await at.page.locator('.sidebar').isVisible()).toBe(false)
    await at.page.getByRole('button', { name: /^Conversations/ }).click()
    await at.page.getByRole('button', { name: 'New conversation' }).click()
    await at.page.getByText('What should happen').waitFor()
    await at.page.locator('.sidebar').waitFor({ state: 'hidden' })
  })
})
