import type { Action, Block, Card, Span, Text } from '../../core/card.ts'
import { visibleLine } from '../../core/visible-text.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { sayValue } from '../plan/difference.ts'
import { clock, decisions, footer, type OperationView, person } from './view.ts'

const NAMES_SHOWN = 4

/** The plan, from the moment it is shown until it runs. */
export function planCard(view: OperationView): Card {
  const { operation } = view
  return {
    kind: 'plan',
    tone: operation.state === 'approved' ? (operation.gate.held ? 'warn' : 'busy') : toneOf(operation),
    title: operation.plan.summary,
    subtitle: subtitle(view),
    blocks: [...understood(operation), ...changedSince(operation), ...planBlocks(operation), ...gateBlocks(view)],
    actions: actions(view),
    footer: footer(view),
    operationId: operation.id,
  }
}

const toneOf = ({ plan }: StoredOperation) => (plan.risk === 'destructive' ? 'warn' : 'neutral')

function subtitle({ operation }: OperationView): string {
  if (operation.gate.held) return operation.state === 'approved' ? 'Approved, held back' : 'Held back'
  if (operation.state === 'approved') return 'Approved, starting'
  return operation.state === 'planned' ? 'Please confirm' : 'Waiting for approval'
}

/** What was said beside what was understood, whenever a reader had to interpret. */
export function understood(operation: StoredOperation): readonly Block[] {
  if (operation.readBy === 'command') return []
  const reader = { local: 'the local reader', model: 'a language model', form: 'a form or button' }[operation.readBy]
  return [
    {
      type: 'facts',
      facts: [
        { label: 'Said', value: `“${visibleLine(operation.said)}”` },
        { label: 'Understood', value: `${operation.plan.summary} (by ${reader})` },
      ],
    },
  ]
}

function changedSince({ gate, planRevision }: StoredOperation): readonly Block[] {
  if (gate.lapsed)
    return [{ type: 'note', tone: 'warn', text: [{ bold: 'Approval is asked for again. ' }, gate.lapsed] }]
  if (!gate.changed || gate.changed.length === 0) return []
  const lead: Span = { bold: `The plan changed (revision ${planRevision}); earlier decisions no longer count. ` }
  return [{ type: 'note', tone: 'warn', text: [lead, gate.changed.join(' ')] }]
}

export function planBlocks({ plan }: StoredOperation): readonly Block[] {
  const blocks: Block[] = []
  if (plan.changes.length > 0) {
    const changes = plan.changes.map((change) => ({
      target: change.target,
      field: change.field,
      from: sayValue(change.from),
      to: sayValue(change.to),
    }))
    blocks.push({ type: 'changes', changes })
  }
  for (const warning of plan.warnings) blocks.push({ type: 'note', tone: 'warn', text: warning })
  blocks.push(...plan.evidence)
  const undo = 'impossible' in plan.undo ? plan.undo.impossible : plan.undo.says
  blocks.push({
    type: 'facts',
    facts: [
      { label: 'Risk', value: plan.risk },
      { label: 'Undo', value: undo },
    ],
  })
  return blocks
}

function gateBlocks(view: OperationView): readonly Block[] {
  const { operation } = view
  const { gate } = operation
  const blocks: Block[] = []
  if (gate.held) blocks.push({ type: 'note', tone: 'warn', text: gate.held.says })
  if (gate.held && gate.yesUntil)
    blocks.push({
      type: 'text',
      text: ['It was approved until ', clock(gate.yesUntil), '; after that it is asked for again.'],
    })
  const decided = decisions(view)
  const open = operation.state === 'approved' ? [] : gate.requirements.filter((item) => item.have < item.count)
  const facts = [
    ...decided.map((value) => ({ label: 'Decided', value })),
    ...open.map((item) => ({
      label: `${item.have} of ${item.count} approvals`,
      value: sayEligible(view, item),
    })),
  ]
  if (facts.length > 0) blocks.push({ type: 'facts', facts })
  if (operation.state === 'planned')
    blocks.push({ type: 'text', text: [person(view, operation.personId), ' confirms that this is what was meant.'] })
  if (operation.state !== 'approved' && operation.expiresAt)
    blocks.push({ type: 'text', text: ['Expires ', clock(operation.expiresAt), '.'] })
  return blocks
}

function sayEligible(view: OperationView, item: StoredOperation['gate']['requirements'][number]): Text {
  const rule = `(rule “${item.rule}”)`
  if (item.eligible.length === 0) return `nobody else holds the role ${item.role} here; an admin can grant it ${rule}`
  const more = item.eligible.length - NAMES_SHOWN
  const named = item.eligible.slice(0, NAMES_SHOWN).map((id) => person(view, id))
  const between = (index: number) => (index === named.length - 1 && more <= 0 ? ' or ' : ', ')
  const spans = named.flatMap((span, index) => (index > 0 ? [between(index), span] : [span]))
  return [...spans, more > 0 ? ` or ${more} more may approve ${rule}` : ` may approve ${rule}`]
}

function actions(view: OperationView): readonly Action[] {
  const { operation } = view
  const payload = { planHash: operation.planHash }
  const cancel: Action = { verb: 'cancel', label: 'Cancel', style: 'plain' }
  const go: Action = { verb: 'go', label: 'Go ahead', style: 'primary', payload }
  if (operation.state === 'approved') return [cancel]
  if (operation.state === 'planned') return [go, cancel]
  const open = operation.gate.requirements.some((item) => item.have < item.count)
  const list: Action[] = open
    ? [
        { verb: 'approve', label: 'Approve', style: 'primary', payload },
        { verb: 'reject', label: 'Reject', style: 'danger', payload, reason: 'Why not?' },
      ]
    : [{ ...go, label: 'Try again' }]
  list.push(cancel)
  if (view.breakGlass && (open || operation.gate.held?.passes === 'break-glass')) {
    list.push({
      verb: 'break-glass',
      label: 'Break glass…',
      style: 'danger',
      payload,
      reason: 'Why can this not wait for a second person? It is announced and reviewed afterwards.',
    })
  }
  return list
}
