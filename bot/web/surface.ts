import type { DeliveryId } from '../../core/ids.ts'
import type { Surface } from '../../core/ports/surface.ts'
import { cardItem } from './card-item.ts'
import type { LiveHub } from './live-hub.ts'

/**
 * The local page and the terminal: both read cards from the store through the API, so "sending" is telling whoever is connected
 * that a card has a new revision. No round trip, nothing to lose: who is not connected reads it later.
 */
export function createHubSurface(
  name: 'web' | 'cli',
  hub: LiveHub,
  shown: (id: DeliveryId) => void = () => undefined,
): Surface {
  const tell: Surface['post'] = async (message) => {
    hub.publish({ name: 'card', only: message.only, data: cardItem(message) })
    shown(message.deliveryId)
    return { ref: message.deliveryId }
  }
  return {
    name,
    post: tell,
    update: tell,
  }
}
