import { channelToBeginIn } from '../../core/channel-key.ts'
import type { OutgoingMessage } from '../../core/ports/surface.ts'
import type { DueDelivery } from '../../db/due-deliveries.ts'

/** A delivery as its surface gets it; with `ref` where it was posted. */
export function messageFrom(row: DueDelivery): OutgoingMessage & { readonly ref?: string } {
  return {
    ...(row.ref === null ? {} : { ref: row.ref }),
    deliveryId: row.id,
    threadId: row.threadId,
    threadKey: row.threadKey,
    begins: channelToBeginIn(row.threadKey),
    card: row.card,
    revision: row.revision,
    only: row.onlyPerson ?? undefined,
    operationId: row.operationId ?? undefined,
    requestId: row.requestId ?? undefined,
    final: row.final,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
