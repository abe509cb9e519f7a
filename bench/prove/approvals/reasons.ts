import type { OperationId } from '../../../core/ids.ts'
import { approvalsOf } from '../../../db/approvals.ts'
import type { Store } from '../../../db/store.ts'

/** What everybody writes who says no. */
export const WHY_NOT = 'not now'

/** What somebody wrote who was asked why is written down; a sentence when it is not. */
export async function reasonLost(
  { db }: Store,
  id: OperationId,
  decision: 'reject' | 'break-glass',
  reason: string,
): Promise<string | undefined> {
  const made = (await approvalsOf(db, id)).findLast((row) => row.decision === decision)
  return made?.reason === reason
    ? undefined
    : `the reason of the ${decision} was "${reason}" and is kept as "${made?.reason}"`
}
