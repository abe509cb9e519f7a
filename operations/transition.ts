import type { OperationId, PersonId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { isTerminal, mayBecome } from '../core/states.ts'
import { approvalsOf, type StoredApproval } from '../db/approvals.ts'
import type { Transaction } from '../db/database.ts'
import { holdCards } from '../db/deliveries.ts'
import type { OperationPatch, StoredOperation } from '../db/operation-records.ts'
import { operationById, operationForUpdate, patchOperation } from '../db/operations.ts'
import type { OutboxKind } from '../db/outbox.ts'
import { type Publication, publishOperation } from '../db/publish.ts'
import { type StoredStep, stepsOf } from '../db/steps.ts'
import { operationCard } from './cards/operation-card.ts'
import type { OperationView } from './cards/view.ts'
import type { House } from './deps.ts'
import { closeAsked, tellApprovers } from './notices.ts'
import type { Scene } from './scene.ts'
import { tellMoveOnCommit } from './tell.ts'

export interface OutboxRow {
  readonly kind: OutboxKind
  readonly dueAt: Date
  readonly payload?: JsonObject
}

/** One audit row. */
export interface Told {
  readonly actor: PersonId | 'system'
  readonly kind: string
  /** A plain sentence. */
  readonly says: string
  readonly data?: JsonObject
}

export interface Transition {
  readonly patch: OperationPatch
  readonly told: readonly Told[]
  readonly outbox?: readonly OutboxRow[]
  /** Only while this claim holds. */
  readonly fence?: number
  readonly releaseLease?: boolean
  /** The ledger, when the caller has it at hand. */
  readonly steps?: readonly StoredStep[]
}

/**
 * The one way in which an operation changes: state, audit, outbox, card and hints in the caller's transaction. `before` is read under
 * the row's lock, or is what the claim in `fence` knows. Returns undefined when that claim is no longer ours; nothing was
 * written then.
 */
export async function transition(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  change: Transition,
): Promise<StoredOperation | undefined> {
  checkMove(before, change.patch)
  const { fence, releaseLease } = change
  const options = { fence, releaseLease, at: scene.now }
  if (!(await patchOperation(tx, before.id, change.patch, options))) return undefined
  const lease = releaseLease ? { leaseOwner: null, leaseUntil: null } : {}
  const after: StoredOperation = { ...before, ...change.patch, ...lease, updatedAt: scene.now }
  await holdWhatItUndoes(tx, after)
  await closeAsked(tx, scene, before, after)
  await publish(house, tx, scene, after, change)
  await tellApprovers(house, tx, scene, before, after)
  tellMoveOnCommit(tx, after, before)
  return after
}

/** The end of an undo is written on two operations' cards; whoever shows the other one's locks its row first. */
async function holdWhatItUndoes(tx: Transaction, { id, undoes, state }: StoredOperation): Promise<void> {
  if (!undoes || !isTerminal(state)) return
  await operationForUpdate(tx, undoes)
  await holdCards(tx, [id, undoes])
}

/** What goes with every state of an operation: audit rows, outbox rows, its card, the hints. */
export async function publish(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  change: Pick<Transition, 'told' | 'outbox' | 'steps'>,
): Promise<void> {
  await putCard(house, tx, scene, operation, change)
  if (operation.undoes && isTerminal(operation.state)) await refreshCard(house, tx, scene, operation.undoes)
}

/** Writes the card of an operation as it stands now, without changing the operation; under its lock, or a card of before would be the last. */
export async function refreshCard(house: House, tx: Transaction, scene: Scene, id: OperationId): Promise<void> {
  const operation = await operationForUpdate(tx, id)
  if (operation) await putCard(house, tx, scene, operation, { told: [] })
}

async function putCard(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  change: Pick<Transition, 'told' | 'outbox' | 'steps'>,
): Promise<void> {
  const { id } = operation
  const approvals: readonly StoredApproval[] = mayHaveDecisions(operation) ? await approvalsOf(tx, id) : []
  const steps = change.steps ?? (operation.fence > 0 ? await stepsOf(tx, id) : [])
  const undo = operation.undoneBy ? await operationById(tx, operation.undoneBy) : undefined
  const undoneBy = undo && { id: undo.id, state: undo.state, personId: undo.personId }
  await publishOperation(tx, publicationOf(house, scene, operation, { ...change, approvals, steps, undoneBy }))
}

/** What is published with a state of an operation, when everything its card shows is at hand. */
export function publicationOf(
  house: House,
  scene: Scene,
  operation: StoredOperation,
  shown: Pick<Transition, 'told' | 'outbox'> & Pick<OperationView, 'approvals' | 'steps' | 'undoneBy'>,
): Publication {
  const { id: operationId, threadId, requestId } = operation
  const { told, outbox = [], approvals, steps, undoneBy } = shown
  const breakGlass = house.policy.breakGlass !== undefined
  const { card, final } = operationCard({ operation, approvals, steps, nameOf: scene.nameOf, breakGlass, undoneBy })
  return { operationId, requestId, threadId, told, outbox, card, final, now: scene.now }
}

/** Whether nothing but its own rows belongs to an operation: no decisions of people, no other operation that its state touches. */
export const isAlone = (operation: StoredOperation): boolean =>
  !mayHaveDecisions(operation) && operation.undoes === null && operation.undoneBy === null

// A plan that asked nobody and was never shown for a decision has none: one question less on the way of most requests.
const mayHaveDecisions = ({ gate, planRevision, breakGlass, readBy, state }: StoredOperation) =>
  gate.requirements.length > 0 ||
  gate.held !== undefined ||
  planRevision > 1 ||
  breakGlass !== null ||
  readBy === 'local' ||
  readBy === 'model' ||
  state === 'rejected'

export function checkMove(before: StoredOperation, { state }: OperationPatch): void {
  if (state !== undefined && state !== before.state && !mayBecome(before.state, state)) {
    throw new Error(`an operation cannot go from ${before.state} to ${state}`)
  }
}
