import type { DeliveryId } from '../../core/ids.ts'
import { randomCode } from '../../core/ids.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { notify, type Store } from '../../db/store.ts'
import { cardsById } from '../../db/thread-view.ts'
import { cardItem } from './card-item.ts'
import type { LiveHub } from './live-hub.ts'

const TOPIC = 'shown'
const MOST_IDS = 200
const GATHER_MS = 30

/** Passes on to the other processes which cards this one showed. */
export interface Neighbours {
  tell(id: DeliveryId): void
  close(): Promise<void>
}

/**
 * With several bot processes on PostgreSQL, a page may hang on another process than the one that claimed a card's delivery.
 * Each tells the others which cards moved; they read those and tell their own pages, and have them read the store again where they may have
 * missed some. The embedded store has one process only.
 */
export async function meetNeighbours(store: Store, hub: LiveHub, log: Logger): Promise<Neighbours> {
  if (store.backend === 'pglite') return { tell() {}, async close() {} }
  const self = randomCode(8)
  const moved = new Set<DeliveryId>()
  let timer: NodeJS.Timeout | undefined

  const tellThem = async () => {
    timer = undefined
    const ids = [...moved]
    moved.clear()
    for (let at = 0; at < ids.length; at += MOST_IDS)
      await notify(store.db, TOPIC, `${self} ${ids.slice(at, at + MOST_IDS).join(' ')}`)
  }
  const failed = (error: unknown) => log.warn({ err: error }, 'pages of other processes were not told of new cards')

  const hear = (payload: string) => {
    const [from, ...ids] = payload.split(' ')
    if (from === self || hub.listeners === 0) return
    const publish = async () => {
      // Our own ids, echoed: the brand only says what they are looked up as.
      for (const row of await cardsById(store.db, ids as DeliveryId[]))
        hub.publish({
          name: 'card',
          only: row.onlyPerson ?? undefined,
          data: cardItem({ ...row, deliveryId: row.id, only: row.onlyPerson }),
        })
    }
    publish().catch(failed)
  }
  const stop = await store.listen(TOPIC, hear, () => hub.reset())
  return {
    tell(id) {
      moved.add(id)
      timer ??= setTimeout(() => void tellThem().catch(failed), GATHER_MS)
    },
    async close() {
      clearTimeout(timer)
      await stop()
    },
  }
}
