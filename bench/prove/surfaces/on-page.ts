import type { Card } from '../../../core/card.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { type SeenCard, WebPerson } from '../../../test/_harness/web-person.ts'
import type { Conversations, Seen, Speaker } from './speaker.ts'

interface OnPage extends Speaker {
  readonly thread: string
}

/** At the page, over its API. */
export function talkOnPage(address: () => string): Conversations {
  const threads = new WeakMap<Speaker, string>()
  const open = async (person: string, thread?: string): Promise<Speaker> => {
    const speaker = speakerAt(await WebPerson.enter(address, person, thread))
    threads.set(speaker, speaker.thread)
    return speaker
  }
  return { open, beside: (speaker, person) => open(person, threads.get(speaker)) }
}

function speakerAt(page: WebPerson): OnPage {
  const known = new Map<string, SeenCard>()
  const seen = (one: SeenCard): Seen => {
    known.set(one.deliveryId, one)
    const { operationId, final, card } = one
    const deliveryId = one.deliveryId as DeliveryId // the API's own
    return { deliveryId, operationId, final, words: wordsOf(card), verbs: (card.actions ?? []).map(({ verb }) => verb) }
  }
  return {
    thread: page.thread,
    says: async (text) => seen(await page.says(text)),
    sees: async (is, what, patienceMs) => seen(await page.sees((one) => is(seen(one)), what, patienceMs)),
    async presses({ deliveryId }, verb) {
      const action = known.get(deliveryId)?.card.actions?.find((one) => one.verb === verb)
      // A button that is gone is pressed all the same.
      return page.click({ deliveryId }, action ?? { verb })
    },
  }
}

/** A line an element, as far as elements are plain words. */
export const wordsOf = ({ title, subtitle, blocks, footer }: Card): string =>
  [title, subtitle, ...blocks, footer]
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join('\n')
