import { asc, desc, eq } from 'drizzle-orm'
import type { OperationId, RequestId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { redact, withoutSecrets } from '../core/secrets.ts'
import type { Queryable, Transaction } from './database.ts'
import { audit } from './schema/audit.ts'

export type AuditRow = typeof audit.$inferSelect

export interface AuditEntry {
  /** A person id, or `system`. */
  readonly actor: string
  /** What kind of thing happened, e.g. `operation.approved`. */
  readonly kind: string
  readonly operationId?: OperationId
  readonly requestId?: RequestId
  /** One plain sentence. */
  readonly says: string
  readonly data?: JsonObject
  readonly at: Date
}

/** Writes audit rows in the transaction of what they tell of: one without the other does not exist. */
export async function appendAudit(tx: Transaction, entries: readonly AuditEntry[]): Promise<void> {
  const clean = entries.map((entry) => ({ ...entry, says: redact(entry.says), data: withoutSecrets(entry.data) }))
  if (clean.length > 0) await tx.insert(audit).values(clean)
}

/** Oldest first. */
export async function auditOfOperation(db: Queryable, operationId: OperationId): Promise<AuditRow[]> {
  return db.select().from(audit).where(eq(audit.operationId, operationId)).orderBy(asc(audit.id))
}

/** Newest first. */
export async function latestAudit(db: Queryable, limit: number): Promise<AuditRow[]> {
  return db.select().from(audit).orderBy(desc(audit.id)).limit(limit)
}
