import type { Card, Span, Text } from '../../core/card.ts'
import type { OperationId, PersonId } from '../../core/ids.ts'
import { sayDuration } from '../../core/parameters.ts'
import type { Undo } from '../../core/plan.ts'
import { isTerminal, type OperationState, STATE_WORDS } from '../../core/states.ts'
import type { StoredApproval } from '../../db/approvals.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import type { StoredStep } from '../../db/steps.ts'

/** All that an operation's card is made from. */
export interface OperationView {
  readonly operation: StoredOperation
  /** Voided ones too. */
  readonly approvals: readonly StoredApproval[]
  readonly steps: readonly StoredStep[]
  readonly nameOf: (id: PersonId) => string
  /** Whether this installation has a break-glass rule. */
  readonly breakGlass: boolean
  /** The operation that took this one back, or tries to. */
  readonly undoneBy?: { readonly id: OperationId; readonly state: OperationState; readonly personId: PersonId }
}

export interface OperationCard {
  readonly card: Card
  /** The operation's own part is over; only an undo of it would change the card again. */
  readonly final: boolean
}

export const person = ({ nameOf }: Pick<OperationView, 'nameOf'>, id: PersonId): Span => ({
  person: id,
  name: nameOf(id),
})

export const clock = (at: Date | string): Span => ({
  time: typeof at === 'string' ? at : at.toISOString(),
  show: 'clock',
})

/** How an ended undo attempt leaves the undo button: these did not take anything back, so it lives again. */
const UNDO_FAILED: readonly OperationState[] = ['failed', 'rolled_back', 'cancelled', 'rejected', 'expired']

export const undoIsTaken = ({ undoneBy }: { readonly undoneBy?: { readonly state: OperationState } }): boolean =>
  undoneBy !== undefined && !UNDO_FAILED.includes(undoneBy.state)

/**
 * What would take the operation's effect back: what the run said, else what the plan said. Of one that did not succeed, only what its
 * run says is left of it.
 */
export function undoOf(operation: StoredOperation): Undo {
  if (isTerminal(operation.state) && operation.state !== 'succeeded')
    return operation.outcome?.undo ?? nothingLeft(operation)
  // Ended without ever being let through: it was so already, perhaps by somebody else's doing.
  if (operation.state === 'succeeded' && !operation.approvedAt)
    return { impossible: `${operation.id} changed nothing, so there is nothing to take back.` }
  const stated = operation.outcome?.undo
  if (stated === null) return { impossible: 'There is nothing to take back.' }
  return stated ?? operation.plan.undo
}

const nothingLeft = ({ id, state }: StoredOperation): Undo => ({
  impossible: `${id} is ${STATE_WORDS[state]}, so there is nothing to undo.`,
})

/** `op-7f3k9m2q · asked by Mira at 14:03 · done in 42 s`. */
export function footer(view: OperationView): Text {
  const { operation } = view
  const spans: Span[] = [
    operation.id,
    ' · asked by ',
    person(view, operation.personId),
    ' ',
    clock(operation.createdAt),
  ]
  if (operation.undoes) spans.push(` · undoes ${operation.undoes}`)
  if (operation.finishedAt) {
    const took = operation.finishedAt.getTime() - (operation.approvedAt ?? operation.createdAt).getTime()
    // A dry run ends as cancelled, which would read as if somebody had stopped it.
    if (!operation.dryRun) spans.push(` · ${STATE_WORDS[operation.state]} after ${sayDuration(took)}`)
  }
  return spans
}

/** Who decided what on the plan as it stands. */
export function decisions(view: OperationView): readonly Text[] {
  const { operation, approvals } = view
  return approvals
    .filter((approval) => approval.planHash === operation.planHash && !approval.voidedAt)
    .map((approval) => {
      const said = { approve: 'approved', reject: 'rejected', go: 'confirmed', 'break-glass': 'broke the glass' }
      const spans: Span[] = [person(view, approval.personId), ` ${said[approval.decision]} `, clock(approval.at)]
      if (approval.onBehalfOf) spans.push(' for ', person(view, approval.onBehalfOf))
      if (approval.reason) spans.push(`: ${approval.reason}`)
      return spans
    })
}
