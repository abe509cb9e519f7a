import { and, asc, eq, isNull, lte } from 'drizzle-orm'
import type { OperationId, PersonId, PlanHash } from '../core/ids.ts'
import type { Account, Role } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { approvals } from './schema/approvals.ts'

export type StoredApproval = typeof approvals.$inferSelect
export type Decision = StoredApproval['decision']

export interface NewApproval {
  readonly operationId: OperationId
  readonly planHash: PlanHash
  readonly personId: PersonId
  readonly account: Account
  readonly decision: Decision
  readonly role?: Role
  readonly onBehalfOf?: PersonId
  readonly reason?: string
  readonly at: Date
}

/**
 * One person's decision on one plan hash. A later decision of the same person on the same plan takes the place of the earlier (a
 * voided yes given again, a requester's "go" followed by break-glass); the audit keeps both.
 */
export async function recordApproval(tx: Transaction, approval: NewApproval): Promise<void> {
  const values = {
    surface: approval.account.surface,
    accountId: approval.account.id,
    decision: approval.decision,
    role: approval.role ?? null,
    onBehalfOf: approval.onBehalfOf ?? null,
    reason: approval.reason ?? null,
    at: approval.at,
    voidedAt: null,
    voidedBecause: null,
  }
  const { operationId, planHash, personId } = approval
  await tx
    .insert(approvals)
    .values({ operationId, planHash, personId, ...values })
    .onConflictDoUpdate({ target: [approvals.operationId, approvals.planHash, approvals.personId], set: values })
}

/** Every decision on an operation, voided ones too, oldest first. */
export async function approvalsOf(db: Queryable, operationId: OperationId): Promise<readonly StoredApproval[]> {
  return db.select().from(approvals).where(eq(approvals.operationId, operationId)).orderBy(asc(approvals.id))
}

/** The plan changed: earlier decisions are kept, but count no more. Returns whose. */
export async function voidApprovals(
  tx: Transaction,
  operationId: OperationId,
  because: string,
  at: Date,
): Promise<readonly PersonId[]> {
  const rows = await tx
    .update(approvals)
    .set({ voidedAt: at, voidedBecause: because })
    .where(and(eq(approvals.operationId, operationId), isNull(approvals.voidedAt)))
    .returning({ personId: approvals.personId })
  return rows.map((row) => row.personId)
}

/** Approvals given at or before a moment are too old to count: kept, but voided. Returns whose. */
export async function voidOldApprovals(
  tx: Transaction,
  operationId: OperationId,
  old: { readonly givenBy: Date; readonly because: string; readonly at: Date },
): Promise<readonly PersonId[]> {
  const rows = await tx
    .update(approvals)
    .set({ voidedAt: old.at, voidedBecause: old.because })
    .where(
      and(
        eq(approvals.operationId, operationId),
        eq(approvals.decision, 'approve'),
        isNull(approvals.voidedAt),
        lte(approvals.at, old.givenBy),
      ),
    )
    .returning({ personId: approvals.personId })
  return rows.map((row) => row.personId)
}
