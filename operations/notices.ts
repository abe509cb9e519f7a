import type { Card, Span } from '../core/card.ts'
import type { ThreadId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import { STATE_WORDS } from '../core/states.ts'
import { type Audience, audiencesOf } from '../db/audiences.ts'
import type { Transaction } from '../db/database.ts'
import { closeNotices, putDelivery } from '../db/deliveries.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { threadById } from '../db/threads.ts'
import { clock } from './cards/view.ts'
import type { House } from './deps.ts'
import type { Scene } from './scene.ts'

/** Where nobody looks unless they are told: an edit of a card reaches nobody there. */
const CHATS: readonly SurfaceName[] = ['slack', 'teams']
const NAMED = 10

/** A card beside the operation's own, in every thread that shows it; or only in those of chat services. */
export async function putNotice(
  house: Pick<House, 'surfaces'>,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  about: string,
  card: Card,
  where: 'everywhere' | 'in chats' = 'everywhere',
): Promise<void> {
  const { id: operationId, threadId: own, requestId } = operation
  const places: readonly Audience[] = [
    { threadId: own, surface: await surfaceOf(house, tx, own) },
    ...(await audiencesOf(tx, operationId)),
  ]
  for (const { threadId, surface } of places) {
    if (where === 'in chats' && !CHATS.includes(surface)) continue
    const key = `${about}:${operationId}${threadId === own ? '' : `:${threadId}`}`
    await putDelivery(tx, { key, surface, threadId, requestId, operationId, card, now: scene.now })
  }
}

/** Each revision of a plan is asked for, and reminded of, in messages of its own. */
export const reminderOf = ({ planRevision }: StoredOperation): string =>
  planRevision > 1 ? `remind-${planRevision}` : 'remind'
const askedOf = ({ planRevision }: StoredOperation) => `asked-${planRevision}`

/** Once a plan is decided, or another one takes its place, the messages that asked for its approval say so. Before its card is written: closeNotices. */
export async function closeAsked(
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  after: StoredOperation,
): Promise<void> {
  if (before.state !== 'awaiting_approval' || stillAsks(before, after)) return
  const { id, plan } = after
  const says =
    before.planRevision === after.planRevision
      ? `${plan.summary}: ${STATE_WORDS[after.state]}.`
      : 'The plan changed; its card shows the new one.'
  const card: Card = {
    kind: 'notice',
    tone: 'neutral',
    title: 'No longer waits for approval',
    blocks: [{ type: 'text', text: says }],
    operationId: id,
  }
  await closeNotices(tx, { operationId: id, about: [askedOf(before), reminderOf(before)], card, now: scene.now })
}

/** A plan that was on show before it began to wait for approvals names its approvers in a new message, once for each revision; a card that is new does so itself. */
export async function tellApprovers(
  house: Pick<House, 'surfaces'>,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  after: StoredOperation,
): Promise<void> {
  if (after.state !== 'awaiting_approval' || stillAsks(before, after) || eligible(after).length === 0) return
  await putNotice(house, tx, scene, after, askedOf(after), askCard(scene, after), 'in chats')
}

const stillAsks = (before: StoredOperation, after: StoredOperation) =>
  before.state === after.state && before.planRevision === after.planRevision

const eligible = ({ gate }: StoredOperation) => [
  ...new Set(gate.requirements.filter((item) => item.have < item.count).flatMap((item) => item.eligible)),
]

function askCard(scene: Scene, operation: StoredOperation): Card {
  const { plan, expiresAt } = operation
  const people = eligible(operation)
  const named = people.slice(0, NAMED).flatMap((person, index): Span[] => {
    const span = { person, name: scene.nameOf(person) }
    return index > 0 ? [', ', span] : [span]
  })
  const more = people.length > NAMED ? ` and ${people.length - NAMED} more` : ''
  return {
    kind: 'notice',
    tone: 'warn',
    title: `Waits for approval: ${plan.summary}`,
    blocks: [
      { type: 'text', text: [...named, `${more} may approve; the plan is on its card.`] },
      ...(expiresAt ? [{ type: 'text' as const, text: ['Expires ', clock(expiresAt), '.'] }] : []),
    ],
    operationId: operation.id,
  }
}

/** A thread never changes its surface. */
async function surfaceOf(house: Pick<House, 'surfaces'>, tx: Transaction, threadId: ThreadId): Promise<SurfaceName> {
  const known = house.surfaces.get(threadId)
  if (known) return known
  const thread = await threadById(tx, threadId)
  if (!thread) throw new Error(`the thread ${threadId} of an operation is gone`)
  if (house.surfaces.size >= SURFACES_REMEMBERED) house.surfaces.clear()
  house.surfaces.set(threadId, thread.surface)
  return thread.surface
}

const SURFACES_REMEMBERED = 10_000
