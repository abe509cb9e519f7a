import type { RequestId } from '../../core/ids.ts'
import type { RequestTrail } from '../../core/ports/trail.ts'
import { deliveriesAbout } from '../../db/deliveries.ts'
import { operationById } from '../../db/operations.ts'
import { requestById } from '../../db/requests.ts'
import type { Store } from '../../db/store.ts'

/** What the store knows of a request's way. */
export async function readTrail(
  { db }: Pick<Store, 'db'>,
  id: RequestId,
  nameOf: (person: string) => string,
): Promise<RequestTrail | undefined> {
  const request = await requestById(db, id)
  if (!request) return undefined
  const { surface, text: said, personId, receivedAt, interpretation, threadId, operationId } = request
  const operation = operationId ? await operationById(db, operationId) : undefined
  const cards = await deliveriesAbout(db, { requestId: id, threadId, operationId })
  const read = interpretation ?? (operation && { by: operation.readBy, ...operation })
  return {
    ...{ id, surface, said, receivedAt },
    by: personId ? { id: personId, name: nameOf(personId) } : undefined,
    answeredAt: request.answeredAt ?? undefined,
    outcome: request.outcome ?? undefined,
    read: read && { by: read.by, skill: read.skill, confidence: read.confidence },
    operation: operationId ?? undefined,
    claims: operation?.fence ?? 0,
    worker: operation?.leaseOwner ?? undefined,
    cards: cards.map((card) => ({
      ...{ surface: card.surface, sends: card.sends, failures: card.failures },
      isPrivate: card.onlyPerson !== null,
      lastSentAt: card.sentAt ?? undefined,
      isDue: card.revision > card.sentRevision,
      isGivenUp: card.givenUpAt !== null,
      lastError: card.lastError ?? undefined,
    })),
  }
}
