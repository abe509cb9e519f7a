import { type ApiError, ask, randomKey } from '../api.ts'
import type { CardItem, ClickReply, ClickRequest } from '../api-types.ts'
import type { Action, JsonObject } from '../card-types.ts'
import { page } from './page.ts'

/** If no new revision of the card comes after a click that was taken, its buttons come back after this long. */
const GIVE_BACK_MS = 8_000

/** What a click carries besides the action itself. */
export interface ClickExtra {
  readonly reason?: string
  /** A form's values, by field name. */
  readonly values?: JsonObject
}

/** Clicks a button of a card. The buttons of that card are dead until the server has answered and the card has moved. */
export async function click(item: CardItem, action: Action, extra: ClickExtra = {}): Promise<void> {
  if (page.get().clicking[item.deliveryId]) return
  mark(item.deliveryId, action.label)
  const payload: JsonObject = { ...action.payload, ...(extra.values && { values: extra.values }) }
  const planHash = action.payload?.planHash
  const request: ClickRequest = {
    verb: action.verb,
    payload,
    key: randomKey(20),
    ...(extra.reason && { reason: extra.reason }),
    ...(typeof planHash === 'string' && { planHash }),
  }
  const reply = await send(item.deliveryId, request)
  page.set((state) => ({ replies: { ...state.replies, [item.deliveryId]: { ...reply, revision: item.revision } } }))
  // What is shown to one person alone leaves the card as it is.
  if (!reply.ok || action.verb === 'reveal') return mark(item.deliveryId, undefined)
  if (revisionOf(item) > item.revision) return mark(item.deliveryId, undefined)
  const giveBack = setTimeout(done, GIVE_BACK_MS)
  const unsubscribe = page.subscribe(() => revisionOf(item) > item.revision && done())
  function done() {
    clearTimeout(giveBack)
    unsubscribe()
    mark(item.deliveryId, undefined)
  }
}

/** The same key both times: a click whose answer was lost counts once. */
async function send(deliveryId: string, request: ClickRequest): Promise<ClickReply> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask<ClickReply>('POST', `/api/cards/${deliveryId}/click`, request)
    } catch (error) {
      const { message, retryable } = error as ApiError // `ask` throws nothing else
      if (!retryable || attempt === 2) return { ok: false, says: message }
      await new Promise((resolve) => setTimeout(resolve, 700 * (attempt + 1)))
    }
  }
}

function revisionOf({ threadKey, deliveryId, revision }: CardItem): number {
  const items = page.get().loaded[threadKey]?.items ?? []
  const now = items.find((item) => item.type === 'card' && item.deliveryId === deliveryId)
  return now?.type === 'card' ? now.revision : revision
}

function mark(deliveryId: string, label: string | undefined): void {
  page.set((state) => {
    const { [deliveryId]: _, ...others } = state.clicking
    return { clicking: label === undefined ? others : { ...others, [deliveryId]: label } }
  })
}
