import type { Action, Block, Card, StepLine } from '../../core/card.ts'
import { STATE_WORDS } from '../../core/states.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import type { StoredStep } from '../../db/steps.ts'
import { openDecision } from './decision.ts'
import { clock, decisions, footer, type OperationView, person } from './view.ts'

/** A run on its way. */
export function progressCard(view: OperationView): Card {
  const { operation } = view
  const { progress } = operation
  const decision = openDecision(view.steps)
  const blocks: Block[] = [{ type: 'steps', steps: stepLines(operation, view.steps) }]
  if (decision) blocks.push({ type: 'note', tone: 'info', text: decision.says })
  else if (progress.says) blocks.push({ type: 'progress', fraction: progress.fraction, text: progress.says })
  if (progress.retry) {
    const text = [`${progress.retry.says} Trying again `, clock(progress.retry.at), '.']
    blocks.push({ type: 'note', tone: 'warn', text })
  } else if (operation.state === 'waiting' && operation.wakeAt && !decision) {
    blocks.push({ type: 'text', text: ['Goes on ', clock(operation.wakeAt), '.'] })
  }
  blocks.push(...approvalFacts(view))
  return {
    kind: 'progress',
    tone: progress.retry ? 'warn' : 'busy',
    title: operation.plan.summary,
    subtitle: subtitle(view),
    blocks,
    actions: actions(view, decision),
    footer: footer(view),
    operationId: operation.id,
  }
}

function subtitle(view: OperationView): Card['subtitle'] {
  const { operation } = view
  if (operation.state === 'cancelling' && operation.cancelBy)
    return ['Being cancelled by ', person(view, operation.cancelBy)]
  if (operation.progress.compensating) return 'Did not work, putting things back'
  if (operation.state === 'waiting' && openDecision(view.steps)) return 'Waiting for a decision'
  const word = STATE_WORDS[operation.state]
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function actions({ operation }: OperationView, decision: ReturnType<typeof openDecision>): readonly Action[] {
  if (operation.state === 'cancelling') return []
  const choices: Action[] = (decision?.choices ?? []).map((choice) => ({
    verb: 'decide',
    label: choice.label,
    style: choice.style ?? 'plain',
    payload: { decision: decision?.name, choice: choice.value },
  }))
  return [...choices, { verb: 'cancel', label: 'Cancel', style: 'plain' }]
}

export function approvalFacts(view: OperationView): readonly Block[] {
  const facts = decisions(view).map((value) => ({ label: 'Decided', value }))
  return facts.length > 0 ? [{ type: 'facts', facts }] : []
}

/** The plan's steps with how far each is, then those the ledger knows besides (putting back, late branches). */
export function stepLines(operation: StoredOperation, steps: readonly StoredStep[]): readonly StepLine[] {
  const run = new Map(steps.filter((step) => step.phase === 'run').map((step) => [step.name, step]))
  const over = operation.progress.compensating !== undefined || operation.finishedAt !== null
  let doing = !over && (operation.state === 'running' || operation.state === 'waiting')
  const planned = operation.plan.steps.map((name): StepLine => {
    const step = run.get(name)
    if (step) {
      if (step.state === 'intent') doing = false
      return line(step)
    }
    const state = doing ? 'doing' : over ? 'skipped' : 'todo'
    doing = false
    return { name, state }
  })
  const named = new Set(operation.plan.steps)
  const others = steps.filter((step) => (step.phase === 'compensate' || !named.has(step.name)) && step.kind === 'step')
  return [...planned, ...others.map(line)]
}

function line(step: StoredStep): StepLine {
  const state = step.state === 'intent' ? 'doing' : step.state
  return { name: step.name, state, detail: step.error ?? undefined }
}
