import { canonicalJson, sha256 } from '../../core/json.ts'
import type { AuditRow } from '../audit.ts'

/** What the first seal chains to. */
export const GENESIS = '0'.repeat(64)

/** The hash of a sealed row: over the hash before it, its place in the chain, when it was sealed, and everything it says. */
export function rowHash(previousHash: string, seq: number, sealedAt: Date, row: AuditRow): string {
  const { id, at, actor, kind, operationId, requestId, says, data } = row
  return sha256(
    canonicalJson({
      previousHash,
      seq,
      sealedAt: sealedAt.toISOString(),
      id,
      at: at.toISOString(),
      actor,
      kind,
      operationId,
      requestId,
      says,
      data,
    }),
  )
}
