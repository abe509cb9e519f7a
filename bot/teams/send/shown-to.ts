import { channelOfThread } from '../../../core/channel-key.ts'
import type { DeliveryId, OperationId, PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import { type DeliveryRow, deliveryById } from '../../../db/deliveries.ts'
import { operationById } from '../../../db/operations.ts'
import { threadById } from '../../../db/threads.ts'
import { channelOf } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'

/** Who may decide on an operation as it stands: those its gate asks, and whoever may break the glass. Undefined where nobody is asked. */
export async function deciders(deps: TeamsDeps, id: OperationId | undefined): Promise<readonly Person[] | undefined> {
  const operation = id && (await operationById(deps.store.db, id))
  if (operation?.state !== 'awaiting_approval') return undefined
  const asked = new Set<PersonId>(operation.gate.requirements.flatMap(({ eligible }) => eligible))
  return deps.people
    .all()
    .filter(({ id, active, grants }) => active && (asked.has(id) || grants.some(({ role }) => role === 'breakglass')))
}

/** The Teams ids of people in a conversation; undefined where Teams cannot say now: then nobody is left out. */
export async function teamsIds(
  { members, log }: TeamsDeps,
  people: readonly Person[],
  place: Place,
): Promise<readonly string[] | undefined> {
  const accounts = people.flatMap((person) => person.accounts.filter(({ surface }) => surface === 'teams'))
  try {
    const standings = await Promise.all(accounts.map(({ id }) => members.standing(place, id)))
    return standings.flatMap((standing) => (standing.kind === 'member' ? [standing.teamsId] : []))
  } catch (error) {
    log.warn({ err: error }, 'Teams does not say who is in a conversation; everybody there sees the buttons')
    return undefined
  }
}

/** A card that this person sees in this conversation; a forged id finds nothing. */
export async function visibleCard(
  { store }: TeamsDeps,
  id: unknown,
  seenBy: { readonly person: Person | undefined; readonly conversationId: string },
): Promise<DeliveryRow | undefined> {
  if (typeof id !== 'string' || !/^[\w-]{1,60}$/.test(id)) return undefined
  // A wrong id is simply not found: the brand only says what it is looked up as.
  const row = await deliveryById(store.db, id as DeliveryId)
  if (row?.surface !== 'teams') return undefined
  if (row.onlyPerson !== null) return row.onlyPerson === seenBy.person?.id ? row : undefined
  const thread = await threadById(store.db, row.threadId)
  const channel = thread && channelOfThread('teams', thread.surfaceKey)
  return channel === channelOf(seenBy.conversationId) ? row : undefined
}
