import type { ApiError } from '../api.ts'
import { ask } from '../api.ts'
import type { LoneCardView } from '../api-types.ts'
import { goToThread } from '../route.ts'
import { page } from './page.ts'

/** Puts a card by itself on screen: where a link from a chat service leads. One of a conversation here is shown in it, with its buttons. */
export async function loadLoneCard(id: string): Promise<void> {
  page.set(({ lone }) => ({ lone: lone?.id === id ? lone : { id } }))
  const show = (part: { shown?: LoneCardView; says?: string }) =>
    page.set(({ lone }) => (lone?.id === id ? { lone: { id, ...part } } : {}))
  try {
    const shown = await ask<LoneCardView>('GET', `/api/cards/${id}`)
    if (shown.surface === 'web' || shown.surface === 'cli') goToThread(shown.item.threadKey)
    else show({ shown })
  } catch (error) {
    show({ says: (error as ApiError).message }) // `ask` throws nothing else
  }
}
