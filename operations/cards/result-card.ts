import type { Action, Block, Card } from '../../core/card.ts'
import { SETTLE_OUTCOMES } from '../../core/ports/desk.ts'
import { isTerminal, type OperationState, STATE_WORDS } from '../../core/states.ts'
import { planBlocks, understood } from './plan-card.ts'
import { approvalFacts, stepLines } from './progress-card.ts'
import { clock, footer, type OperationView, person, undoIsTaken, undoOf } from './view.ts'

const TONES: Partial<Record<OperationState, Card['tone']>> = {
  succeeded: 'good',
  failed: 'bad',
  rolled_back: 'warn',
  needs_human: 'bad',
}

/** How an operation ended, or why it needs a person. */
export function resultCard(view: OperationView): Card {
  const { operation } = view
  const word = STATE_WORDS[operation.state]
  return {
    kind: operation.dryRun ? 'plan' : 'result',
    tone: TONES[operation.state] ?? 'neutral',
    title: operation.plan.summary,
    subtitle: operation.dryRun ? 'Dry run' : word.charAt(0).toUpperCase() + word.slice(1),
    blocks: blocks(view),
    actions: actions(view),
    footer: footer(view),
    operationId: operation.id,
  }
}

function blocks(view: OperationView): readonly Block[] {
  const { operation, steps } = view
  const list: Block[] = []
  if (operation.says) list.push({ type: 'text', text: operation.says })
  const { check } = operation.progress
  if (operation.state === 'needs_human' && check)
    list.push({ type: 'note', tone: 'bad', text: [{ bold: 'What to check: ' }, check] })
  if (operation.dryRun) return [...list, ...understood(operation), ...planBlocks(operation)]
  if (operation.outcome?.evidence) list.push(...operation.outcome.evidence)
  if (steps.some((step) => step.kind === 'step')) list.push({ type: 'steps', steps: stepLines(operation, steps) })
  list.push(...approvalFacts(view), ...afterwards(view))
  return list
}

function afterwards(view: OperationView): readonly Block[] {
  const { operation, undoneBy } = view
  const list: Block[] = []
  const settled = operation.progress.settled
  if (settled) {
    const why = settled.reason ? `: ${settled.reason}` : '.'
    list.push({ type: 'text', text: ['Settled by ', person(view, settled.by), ' ', clock(settled.at), why] })
  }
  const glass = operation.breakGlass
  if (glass) {
    const review = glass.reviewed
      ? [' Reviewed by ', person(view, glass.reviewed.by), ' ', clock(glass.reviewed.at), '.']
      : [' Not reviewed yet.']
    const text = [person(view, glass.by), ` broke the glass: ${glass.reason}`, ...review]
    list.push({ type: 'note', tone: glass.reviewed ? 'info' : 'warn', text })
  }
  if (undoneBy && undoIsTaken(view)) {
    const how = undoneBy.state === 'succeeded' ? 'Undone' : 'Being undone'
    const text = [`${how} by ${undoneBy.id}, asked for by `, person(view, undoneBy.personId), '.']
    list.push({ type: 'note', tone: 'info', text })
  }
  return list
}

function actions(view: OperationView): readonly Action[] {
  const { operation } = view
  const list: Action[] = []
  if (operation.state === 'needs_human') {
    for (const outcome of SETTLE_OUTCOMES) {
      const label = `It ${outcome === 'succeeded' ? 'is done' : `is ${STATE_WORDS[outcome]}`}`
      const style = outcome === 'succeeded' ? 'primary' : 'plain'
      const payload = { outcome }
      list.push({ verb: 'settle', label: outcome === 'failed' ? 'It failed' : label, style, payload })
    }
  }
  const { reveal } = operation.outcome ?? {}
  if (operation.state === 'succeeded' && reveal) list.push({ verb: 'reveal', label: reveal.label, style: 'primary' })
  const undo = undoOf(operation)
  if (isTerminal(operation.state) && !('impossible' in undo) && changedSomething(view) && !undoIsTaken(view)) {
    list.push({ verb: 'undo', label: `Undo: ${undo.says}`, style: 'plain', confirm: `${undo.says}?` })
  }
  if (operation.breakGlass && !operation.breakGlass.reviewed) {
    list.push({ verb: 'review', label: 'Mark as reviewed', style: 'plain' })
  }
  return list
}

// "Nothing to do" ends as succeeded without a step: there is nothing to take back.
const changedSomething = ({ operation }: OperationView) => operation.approvedAt !== null
