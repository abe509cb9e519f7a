import type { OperationId } from '../core/ids.ts'
import type { Database } from './database.ts'
import type { DispatchRow } from './dispatch.ts'
import { groupCommit } from './group-commit.ts'
import { type Move, type Moved, moveOperations } from './moves.ts'
import type { StoredOperation } from './operation-records.ts'
import { operationsById } from './operations.ts'
import { type NewProposal, storeProposals } from './proposals.ts'
import { type Say, sayIn } from './say.ts'

/** The common way of an operation, written together with whatever else this process writes at the moment. */
export interface Together {
  readonly say: Say
  /** False when it has to be looked at in a transaction of its own; nothing was written then. */
  propose(proposal: NewProposal): Promise<boolean>
  /** Undefined when it has to be looked at in a transaction of its own; nothing was written then. */
  move(move: Move): Promise<Moved | undefined>
  operation(id: OperationId): Promise<StoredOperation | undefined>
  /** From now on what is due at once goes straight to this process's dispatcher. Returns the way to stop. */
  handTo(take: Taker): () => void
}

/** Takes work that is stored as dispatched, to give it to the queue. */
type Taker = (rows: readonly DispatchRow[]) => void

export function writeTogether(db: Database): Together {
  let taker: Taker | undefined
  return {
    say: sayIn(db),
    propose: groupCommit(async (proposals) => {
      const take = taker
      const stored = await storeProposals(db, proposals, { hand: take !== undefined })
      const handed = stored.flatMap((one) => one?.handed ?? [])
      if (handed.length > 0) take?.(handed)
      return stored.map((one) => one !== undefined)
    }),
    move: groupCommit((moves) => moveOperations(db, moves)),
    operation: groupCommit((ids) => operationsById(db, ids)),
    handTo(take) {
      taker = take
      return () => {
        taker = undefined
      }
    },
  }
}
