import { randomUUID } from 'node:crypto'
import { renderText } from '../../bot/cli/render-text.ts'
import type { TestProgram } from '../_harness/program.ts'
import type { SeenCard, WebPerson } from '../_harness/web-person.ts'
import { conversationsOn } from './conversations.ts'
import { lookFor, newestOf, type Place, type Seen, shown, type Talker } from './talker.ts'

/** Over the API of the page, which draws exactly what it gets (test/e2e/page.test.ts looks at it in Chromium). */
conversationsOn('web', async () => ({
  config: {},
  open: async (q) => openWeb(q),
  close: async () => {},
}))

interface WebSeen extends Seen {
  readonly card: SeenCard
}

function openWeb(q: TestProgram): Place {
  let thread = ''
  return {
    q,
    async elsewhere() {
      thread = `web-${randomUUID().replaceAll('-', '')}`
    },
    as: async (person) => webTalker(person, await q.as(person, thread)),
    async close() {},
  }
}

function webTalker(person: string, page: WebPerson): Talker {
  const cards = async (): Promise<WebSeen[]> =>
    (await page.cards()).map((card) => ({
      card,
      message: card.deliveryId,
      words: renderText(card.card, { width: 5_000, colour: false, now: new Date(), timezone: 'UTC' }),
      buttons: (card.card.actions ?? []).map(({ label }) => label),
    }))
  const known = new Map<string, SeenCard>()
  const cardOf = (seen: Seen) => {
    const card = known.get(`${seen.message} ${seen.words}`)
    if (!card) throw new Error(`${person} never saw this card`)
    return card
  }
  return {
    person,
    says: async (text) => {
      const response = await page.request(`threads/${page.thread}/messages`, { text, key: randomUUID() })
      if (response.status !== 202) throw new Error(`"${text}" was not taken: ${await response.text()}`)
    },
    async sees(words, button) {
      const found = await lookFor(
        `${person} seeing ${words}${button ? ` with the button ${button}` : ''}`,
        async () => newestOf(await cards(), words, button),
        async () => shown(await cards()),
      )
      known.set(`${found.message} ${found.words}`, found.card)
      return found
    },
    presses: async (seen, button, answers) => (await page.clicks(cardOf(seen), button, answers)).says,
    async fills(seen, values) {
      const card = cardOf(seen)
      const action = card.card.actions?.find(({ verb, payload }) => verb === 'answer' && payload?.drop !== true)
      if (!action) throw new Error('this card has no form')
      return (await page.click(card, action, { values })).says
    },
  }
}
