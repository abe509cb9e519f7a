import { inArray } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import { groupCommit } from './group-commit.ts'
import { type Move, type Moved, moveOperations } from './moves.ts'
import { fromRow, type StoredOperation } from './operation-records.ts'
import { type NewProposal, storeProposals } from './proposals.ts'
import { operations } from './schema/operations.ts'
import type { Store } from './store.ts'

/** The common way of an operation, written together with whatever else this process writes at the moment. */
export interface Together {
  /** False when it has to be looked at in a transaction of its own; nothing was written then. */
  propose(proposal: NewProposal): Promise<boolean>
  /** Undefined when it has to be looked at in a transaction of its own; nothing was written then. */
  move(move: Move): Promise<Moved | undefined>
  operation(id: OperationId): Promise<StoredOperation | undefined>
}

export function writeTogether(store: Pick<Store, 'db'>): Together {
  const { db } = store
  return {
    propose: groupCommit((proposals) => storeProposals(db, proposals)),
    move: groupCommit((moves) => moveOperations(db, moves)),
    operation: groupCommit(async (ids) => {
      const rows = await db
        .select()
        .from(operations)
        .where(inArray(operations.id, [...ids]))
      const byId = new Map(rows.map((row) => [row.id, fromRow(row)]))
      return ids.map((id) => byId.get(id))
    }),
  }
}
