import type { App } from '@slack/bolt'
import { z } from 'zod'
import { deliveryById } from '../../../db/deliveries.ts'
import type { SlackContext } from '../context.ts'
import { clickFrom } from '../render/action.ts'
import { OPTIONS_ACTION, optionsMatching } from '../render/modals.ts'
import { whereOf } from './kept-where.ts'

const Asked = z.object({
  block_id: z.string(),
  value: z.string().default(''),
  view: z.object({ private_metadata: z.string() }),
})

/** Forms of which the options were asked for lately: people type, and every letter asks again. */
const MOST_KEPT = 100

/** The options of a menu that is too long to be sent whole, as the person types. */
export function listenToOptions(app: App, { deps }: SlackContext): void {
  const cards = new Map<string, Awaited<ReturnType<typeof cardOf>>>()

  async function cardOf(id: Parameters<typeof deliveryById>[1]) {
    return (await deliveryById(deps.store.db, id))?.card
  }

  app.options(OPTIONS_ACTION, async ({ body, ack }) => {
    const asked = Asked.safeParse(body)
    const click = asked.success ? clickFrom(whereOf(asked.data.view.private_metadata).rest) : undefined
    if (!asked.success || !click) return ack({ options: [] })
    const card = cards.get(click.deliveryId) ?? (await cardOf(click.deliveryId))
    if (!card) return ack({ options: [] })
    cards.delete(click.deliveryId)
    cards.set(click.deliveryId, card)
    for (const oldest of cards.keys()) {
      if (cards.size <= MOST_KEPT) break
      cards.delete(oldest)
    }
    await ack({ options: optionsMatching(card, asked.data.block_id, asked.data.value) })
  })
}
