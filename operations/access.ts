import type { Click } from '../core/card.ts'
import { DeniedError, UserError } from '../core/errors.ts'
import type { OperationId, PersonId } from '../core/ids.ts'
import type { Account, Person, Role } from '../core/person.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { appendAudit } from '../db/audit.ts'
import type { Transaction } from '../db/database.ts'
import { firstSeen } from '../db/incoming.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { operationById, operationForUpdate } from '../db/operations.ts'
import type { House } from './deps.ts'
import { admins, sayGrantedBy } from './gate/denials.ts'
import { holdsForAll } from './gate/rights.ts'
import { sayList, sayTargets } from './gate/scope.ts'
import type { Scene } from './scene.ts'

/** A click on an operation's card, with who it is and which operation. */
export interface CardClick {
  readonly operationId: OperationId
  readonly person: Person
  readonly account: Account
  readonly click: Click
  readonly scene: Scene
}

/**
 * Handles a click in one transaction under the operation's row lock, once per click key: of a hundred at the same moment one acts,
 * and the others find what it did. A refusal for a missing right leaves an audit row.
 */
export async function underLock(
  house: House,
  { operationId, person, account, click, scene }: CardClick,
  act: (tx: Transaction, operation: StoredOperation) => Promise<ClickReply>,
): Promise<ClickReply> {
  try {
    return await house.store.transaction(async (tx) => {
      const operation = await operationForUpdate(tx, operationId)
      if (!operation) throw new UserError(`There is no operation ${operationId}.`)
      const isNew = await firstSeen(tx, account.surface, `click:${click.key}`, scene.now)
      return isNew ? act(tx, operation) : { ok: true, says: 'This click was already counted.' }
    })
  } catch (error) {
    if (error instanceof DeniedError) await auditRefusal(house, operationId, person.id, scene, click.verb, error)
    throw error
  }
}

async function auditRefusal(
  house: House,
  operationId: OperationId,
  actor: PersonId,
  scene: Scene,
  verb: string,
  denied: DeniedError,
): Promise<void> {
  await house.store.transaction(async (tx) => {
    const operation = await operationById(tx, operationId)
    const data = { rule: denied.rule, missing: denied.missing ?? null, verb }
    const { message: says } = denied
    await appendAudit(tx, [
      { actor, kind: 'click.denied', operationId, requestId: operation?.requestId, says, data, at: scene.now },
    ])
  })
}

/** The requester, or whoever holds one of these roles for everything the plan touches. Throws DeniedError. */
export function requireStake(
  { person, scene }: Pick<CardClick, 'person' | 'scene'>,
  operation: StoredOperation,
  roles: readonly Role[],
  what: string,
): void {
  if (person.id === operation.personId || holdsForAll(person, roles, operation.plan)) return
  requireRole({ person, scene }, operation, roles, what)
}

/** Throws DeniedError unless the person holds one of the roles for everything the plan touches. */
export function requireRole(
  { person, scene }: Pick<CardClick, 'person' | 'scene'>,
  operation: StoredOperation,
  roles: readonly Role[],
  what: string,
): void {
  if (holdsForAll(person, roles, operation.plan)) return
  const missing = sayList(roles, 'or')
  const grantedBy = admins({ people: [...scene.people.values()] }, operation.plan.targets[0] ?? {})
  throw new DeniedError(
    `${what} needs the role ${missing} for ${sayTargets(operation.plan)}, which you do not have. ${sayGrantedBy(grantedBy)}`,
    { rule: `${what} is for ${missing}`, missing, grantedBy },
  )
}

/** Throws UserError unless the click was made on the plan as it stands now. */
export function requirePlan({ click }: Pick<CardClick, 'click'>, operation: StoredOperation): void {
  const shown = click.planHash ?? click.payload.planHash
  if (shown === operation.planHash) return
  throw new UserError('The plan changed after this card was shown. Look at the new one, then decide.')
}
