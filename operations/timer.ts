import type { Card } from '../core/card.ts'
import type { OperationId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { appendAudit } from '../db/audit.ts'
import type { Transaction } from '../db/database.ts'
import { removeEndedLocks } from '../db/locks.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { operationById, operationForUpdate } from '../db/operations.ts'
import type { OutboxKind } from '../db/outbox.ts'
import { remindReviewer } from './break-glass.ts'
import { clock } from './cards/view.ts'
import type { House } from './deps.ts'
import { putNotice, reminderOf } from './notices.ts'
import { hide } from './reveal.ts'
import { look, type Scene } from './scene.ts'
import { transition } from './transition.ts'

export interface TimerRow {
  readonly kind: OutboxKind
  readonly operationId?: OperationId
  readonly payload: JsonObject
}

/** What time alone brings about. Each asks first whether it still is so, because rows come late, twice, or for a plan long replaced. */
export async function timer(house: House, { kind, operationId, payload }: TimerRow): Promise<void> {
  if (!operationId || kind === 'advance') return
  const seen = await look(house)
  await house.store.transaction(async (tx) => {
    // The clock that woke us says whether a time is over: a row that our own finds early would be spent for nothing.
    const scene = { ...seen, now: await house.storeClock(tx) }
    const operation = await operationForUpdate(tx, operationId)
    if (!operation) return
    if (kind === 'expire' && payload.reveal) return hide(house, tx, scene, operation, payload.reveal === 'used')
    if (kind === 'expire') return expire(house, tx, scene, operation, payload)
    if (kind === 'remind') return remind(house, tx, scene, operation, payload)
    if (kind === 'unlock') return unlock(house, tx, scene)
    return remindReviewer(house, tx, scene, operation, Number(payload.reminder ?? 1))
  })
}

const isOpen = (operation: StoredOperation, payload: JsonObject) =>
  (operation.state === 'planned' || operation.state === 'awaiting_approval') &&
  operation.planRevision === payload.revision

async function expire(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  payload: JsonObject,
): Promise<void> {
  if (!isOpen(operation, payload) || (operation.expiresAt && operation.expiresAt > scene.now)) return
  const open = operation.gate.requirements.filter((item) => item.have < item.count)
  const says =
    operation.state === 'planned'
      ? 'Nobody confirmed it in time.'
      : open.length > 0
        ? `Not enough approvals in time (${open.map((item) => `${item.have} of ${item.count} for “${item.rule}”`).join(', ')}).`
        : 'It was held back until its time was over.'
  await transition(house, tx, scene, operation, {
    patch: {
      state: 'expired',
      says: `${says} Nothing was changed; ask again if it is still needed.`,
      finishedAt: scene.now,
    },
    told: [{ actor: 'system', kind: 'operation.expired', says: `${operation.plan.summary}. ${says}` }],
  })
}

async function remind(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  payload: JsonObject,
): Promise<void> {
  // Who is to confirm first has not done so yet: nobody was asked for an approval.
  if (!isOpen(operation, payload) || operation.state === 'planned') return
  const open = operation.gate.requirements.filter((item) => item.have < item.count)
  const rules = house.policy.approvals.filter((rule) => open.some((item) => item.rule === rule.name))
  const named = rules.flatMap((rule) => rule.remind).filter((who) => [...scene.people.keys()].some((id) => id === who))
  const ids = new Set([
    ...open.flatMap((item) => item.eligible),
    ...[...scene.people.keys()].filter((id) => named.includes(id)),
  ])
  const people = [...ids].flatMap((person, index) => [
    ...(index > 0 ? [', '] : []),
    { person, name: scene.nameOf(person) },
  ])
  const card: Card = {
    kind: 'notice',
    tone: 'warn',
    title: `Still waiting for approval: ${operation.plan.summary}`,
    blocks: [
      {
        type: 'text',
        text:
          people.length > 0
            ? ['May approve: ', ...people, '.']
            : 'Nobody here may approve this; an admin can grant the role.',
      },
      { type: 'text', text: operation.expiresAt ? ['Expires ', clock(operation.expiresAt), '.'] : '' },
    ],
    operationId: operation.id,
  }
  await putNotice(house, tx, scene, operation, reminderOf(operation), card)
  const says = `Reminded ${[...ids].map(scene.nameOf).join(', ') || 'nobody'} of ${operation.plan.summary}.`
  await appendAudit(tx, [
    {
      actor: 'system',
      kind: 'operation.reminded',
      operationId: operation.id,
      requestId: operation.requestId,
      says,
      at: scene.now,
    },
  ])
}

/** Locks whose time is over, this one and any whose own timer is late. One that was taken anew since is not over and stays. */
async function unlock(house: House, tx: Transaction, scene: Scene): Promise<void> {
  for (const lock of await removeEndedLocks(tx, scene.now)) {
    const operation = await operationById(tx, lock.operationId)
    const place = `${lock.service} in ${lock.environment}`
    const says = `The lock of ${scene.nameOf(lock.personId)} on ${place} ended.`
    const { operationId } = lock
    const { requestId } = operation ?? {}
    await appendAudit(tx, [{ actor: 'system', kind: 'lock.ended', operationId, requestId, says, at: scene.now }])
    if (!operation) continue
    await putNotice(house, tx, scene, operation, 'unlock', {
      kind: 'notice',
      tone: 'neutral',
      title: `${place} is free again`,
      blocks: [{ type: 'text', text: says }],
      operationId,
    })
  }
}
