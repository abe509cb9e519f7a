import { expect, test } from 'vitest'
import { soon } from '../_harness/soon.ts'
import { inChromium } from './in-chromium.ts'
import { SAMPLE_CARDS } from './sample-cards.ts'

inChromium('the page in Chromium: cards', (at) => {
  const { open, say, become, show, operation, cards } = at

  test('goes the whole way: say it, see the plan, a second person approves, one card lives to its end', async () => {
    at.desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await say('deploy checkout 1.4.2 to staging')
    await at.page.locator('.message', { hasText: 'deploy checkout 1.4.2 to staging' }).waitFor()
    await at.page.getByRole('article', { name: 'Deploy checkout 1.4.2 to staging' }).waitFor()
    expect(await at.page.locator('.reading').count()).toBe(0)

    at.desk.reply = async () => ({ ok: false, says: 'Nobody approves their own request.' })
    await at.page.getByRole('button', { name: 'Approve' }).click()
    await at.page.locator('.reply.not-ok', { hasText: 'Nobody approves their own request.' }).waitFor()

    await become('Jonas Weber')
    await at.page.locator('.reply').waitFor({ state: 'detached' })
    let approve: (() => void) | undefined
    at.desk.reply = () => new Promise((resolve) => (approve = () => resolve({ ok: true, says: 'Approved.' })))
    await at.page.getByRole('button', { name: 'Approve' }).click()
    await soon(() => expect(approve).toBeDefined())
    expect(await at.page.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true)
    approve?.()
    expect(at.desk.clicks.map(({ verb, account }) => [verb, account.id])).toEqual([
      ['approve', 'mira'],
      ['approve', 'jonas'],
    ])

    await show(SAMPLE_CARDS.progress)
    await at.page.getByText('2 of 3 pods are new and ready').waitFor()
    await show(SAMPLE_CARDS.result)
    await at.page.getByRole('button', { name: 'Undo: deploy 1.4.1 again' }).waitFor()
    expect(await cards().count()).toBe(1)
  })

  test('asks for a reason before it sends a click, and sends nothing on Escape', async () => {
    at.desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await say('deploy')
    await at.page.getByRole('button', { name: 'Break glass…' }).click()
    const dialog = at.page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('Goes without a second person.')
    expect(await dialog.getByRole('button', { name: 'Break glass…' }).isDisabled()).toBe(true)
    await at.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(at.desk.clicks).toEqual([])
    await at.page.getByRole('button', { name: 'Break glass…' }).press('Enter')
    await dialog.getByRole('button', { name: 'Back' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    // Who came by keyboard is where they were.
    await soon(async () =>
      expect(await at.page.evaluate(() => document.activeElement?.textContent)).toBe('Break glass…'),
    )
    await at.page.getByRole('button', { name: 'Break glass…' }).click()
    await dialog.getByLabel('What is burning?').fill('payments are down')
    await dialog.getByRole('button', { name: 'Break glass…' }).click()
    await at.page.locator('.reply.ok').waitFor()
    expect(at.desk.clicks).toEqual([expect.objectContaining({ verb: 'break-glass', reason: 'payments are down' })])
  })

  test('sends a form, and says which field is needed', async () => {
    at.desk.answer = () => SAMPLE_CARDS.form
    await open()
    await say('scale')
    await at.page.getByRole('button', { name: 'Make the plan' }).click()
    expect(await at.page.locator('.hint.missing').count()).toBe(2)
    expect(at.desk.clicks).toEqual([])
    await at.page.getByLabel('Service').selectOption('cart')
    await at.page.getByLabel('Replicas').fill('+2')
    await at.page.getByLabel('Replicas').press('Enter')
    await soon(() => expect(at.desk.clicks).toHaveLength(1))
    expect(at.desk.clicks[0]?.payload).toEqual({ question: 'q2', values: { service: 'cart', replicas: '+2' } })
    await show(SAMPLE_CARDS.form)
    await cards().nth(1).waitFor()
    await at.page.getByRole('button', { name: 'Never mind' }).last().click()
    await soon(() => expect(at.desk.clicks).toHaveLength(2))
    expect(at.desk.clicks[1]?.payload).toEqual({ question: 'q2', drop: true })
  })

  test('draws hostile text as text', async () => {
    at.desk.answer = () => SAMPLE_CARDS.hostile
    await open()
    await say('<img src=x onerror=alert(1)>\u202E')
    await cards().first().waitFor()
    expect(await at.page.locator('.conversation img, .conversation script, .conversation a').count()).toBe(0)
    expect(await at.page.locator('.card h3').textContent()).toContain(
      '<img src=x onerror=alert(1)> ⟨U+202E⟩gnol⟨U+202C⟩',
    )
    expect(await at.page.locator('.card .block-text').textContent()).toContain('⟨U+001B⟩[31mred')
    expect(await at.page.locator('.message-text').textContent()).toContain('⟨U+202E⟩')
  })

  test('shows every kind of card at 360 px without scrolling sideways', async () => {
    const threadKey = 'web-everycard001'
    for (const [name, card] of Object.entries(SAMPLE_CARDS))
      await at.desk.show(card, { key: `every:${name}`, threadKey })
    for (const width of [360, 390, 768, 1280]) {
      await at.page.setViewportSize({ width, height: 800 })
      await open(threadKey)
      await cards()
        .nth(Object.keys(SAMPLE_CARDS).length - 1)
        .waitFor()
      const wider = await at.page.evaluate(
        () =>
          [...document.querySelectorAll('html, .scroller, .card')].filter((one) => one.scrollWidth > one.clientWidth)
            .length,
      )
      expect(wider, `at ${width} px`).toBe(0)
    }
  })

  test('completes words with Tab, and is usable by keyboard alone', async () => {
    at.desk.answer = () => operation(SAMPLE_CARDS.plan)
    await open()
    await at.page.getByLabel('Message').focus()
    await at.page.keyboard.type('dep')
    await at.page.getByRole('option', { name: /deploy/ }).waitFor()
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.type('check')
    await at.page.keyboard.press('Tab')
    expect(await at.page.getByLabel('Message').inputValue()).toBe('deploy checkout ')
    await at.page.keyboard.type('now')
    await at.page.keyboard.press('Enter')
    await at.page.getByRole('button', { name: 'Approve' }).waitFor()
    await at.page.getByRole('button', { name: 'Approve' }).focus()
    await at.page.keyboard.press('Enter')
    await at.page.locator('.reply.ok').waitFor()
  })
})
