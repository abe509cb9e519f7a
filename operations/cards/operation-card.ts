import type { Card } from '../../core/card.ts'
import { isTerminal } from '../../core/states.ts'
import { planCard } from './plan-card.ts'
import { progressCard } from './progress-card.ts'
import { resultCard } from './result-card.ts'
import type { OperationCard, OperationView } from './view.ts'

/** The one card of an operation, from its plan to its end: a pure function of how the operation stands. */
export function operationCard(view: OperationView): OperationCard {
  const { state } = view.operation
  return { card: cardFor(view), final: isTerminal(state) }
}

function cardFor(view: OperationView): Card {
  switch (view.operation.state) {
    case 'requested':
    case 'planned':
    case 'awaiting_approval':
    case 'approved':
      return planCard(view)
    case 'running':
    case 'waiting':
    case 'cancelling':
      return progressCard(view)
    default:
      return resultCard(view)
  }
}
