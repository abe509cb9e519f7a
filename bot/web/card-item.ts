import type { Block, Card } from '../../core/card.ts'
import type { DeliveryId, OperationId, PersonId, RequestId } from '../../core/ids.ts'

/** A card as the page gets it: web/src/api-types.ts has the other end. Files come without content; they have an address. */
export interface CardItem {
  readonly type: 'card'
  readonly deliveryId: DeliveryId
  readonly threadKey: string
  readonly revision: number
  readonly card: object
  readonly requestId: RequestId | null
  readonly operationId: OperationId | null
  readonly personal: boolean
  readonly final: boolean
  readonly at: string
  readonly updatedAt: string
}

export interface CardSource {
  readonly deliveryId: DeliveryId
  readonly threadKey: string
  readonly revision: number
  readonly card: Card
  readonly requestId?: RequestId | null
  readonly operationId?: OperationId | null
  readonly only?: PersonId | null
  readonly final: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function cardItem(source: CardSource): CardItem {
  const { deliveryId, threadKey, revision, card, requestId, operationId, only, final, createdAt, updatedAt } = source
  return {
    type: 'card',
    deliveryId,
    threadKey,
    revision,
    card: { ...card, blocks: card.blocks.map(withoutContent) },
    requestId: requestId ?? null,
    operationId: operationId ?? null,
    personal: only !== undefined && only !== null,
    final,
    at: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

function withoutContent(block: Block): object {
  if (block.type !== 'code' || !block.file) return block
  const { content: _, ...file } = block.file
  return { ...block, file }
}

/** A card of a surface where its buttons are: to read. Every block keeps its place, because files are asked for by it. */
export function toRead({ actions: _, ...card }: Card): Card {
  const says = 'What is asked here is answered where the card was shown.'
  const blocks = card.blocks.map((block): Block => (block.type === 'form' ? { type: 'text', text: says } : block))
  return { ...card, blocks }
}
