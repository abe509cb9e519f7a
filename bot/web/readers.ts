import { isDirect } from '../../core/channel-key.ts'
import type { Person } from '../../core/person.ts'
import type { DeliveryRow } from '../../db/deliveries.ts'
import { operationById } from '../../db/operations.ts'
import { requestById } from '../../db/requests.ts'
import { mayDecide } from '../../operations/gate/may-decide.ts'
import type { WebDeps } from './deps.ts'

/**
 * Whether somebody may read here a card that was shown in a channel of a chat service: whoever reads it there, who asked for it, who is
 * asked to decide on it, and admins. Where somebody is alone with the bot it is for who asked. Throws UpstreamError when the service cannot
 * say who reads it there.
 */
export async function mayRead(deps: WebDeps, row: DeliveryRow, channel: string, person: Person): Promise<boolean> {
  const { db } = deps.store
  const request = row.requestId ? await requestById(db, row.requestId) : undefined
  if (request?.personId === person.id) return true
  if (isDirect(row.surface, channel)) return false
  if (person.grants.some(({ role }) => role === 'admin')) return true
  const operation = row.operationId ? await operationById(db, row.operationId) : undefined
  if (operation && (operation.personId === person.id || mayDecide(operation, person))) return true
  return deps.admits(row.surface, channel, person)
}
