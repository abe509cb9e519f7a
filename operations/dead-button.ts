import type { ClickReply } from '../core/ports/surface.ts'
import { type OperationState, STATE_WORDS } from '../core/states.ts'
import { approvalsOf } from '../db/approvals.ts'
import type { Transaction } from '../db/database.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { sayTime } from './gate/denials.ts'
import type { Scene } from './scene.ts'

/** What a button says that no longer does anything: who did what, and when. */
export async function deadButton(tx: Transaction, scene: Scene, operation: StoredOperation): Promise<ClickReply> {
  return {
    ok: false,
    says: (await whoDidWhat(tx, scene, operation)) ?? `${operation.id} is ${STATE_WORDS[operation.state]}.`,
  }
}

const AFTER_A_YES: readonly OperationState[] = [
  'approved',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'rolled_back',
  'needs_human',
]

async function whoDidWhat(tx: Transaction, scene: Scene, operation: StoredOperation): Promise<string | undefined> {
  const { state, cancelBy, cancelAt, expiresAt } = operation
  if (cancelBy && cancelAt) return `${scene.nameOf(cancelBy)} cancelled this at ${sayTime(cancelAt)}.`
  if (state === 'expired')
    return `This plan expired${expiresAt ? ` at ${sayTime(expiresAt)}` : ''}. Ask again if it is still needed.`
  const decisions = (await approvalsOf(tx, operation.id)).filter(
    (row) => !row.voidedAt && row.planHash === operation.planHash,
  )
  const wanted = state === 'rejected' ? ['reject'] : AFTER_A_YES.includes(state) ? ['break-glass', 'approve', 'go'] : []
  const last = decisions.filter((row) => wanted.includes(row.decision)).at(-1)
  if (!last) return undefined
  const did = { reject: 'rejected', approve: 'approved', go: 'confirmed', 'break-glass': 'broke the glass for' }[
    last.decision
  ]
  const now = state === 'rejected' ? '' : ` It is ${STATE_WORDS[state]} now.`
  return `${scene.nameOf(last.personId)} ${did} this at ${sayTime(last.at)}.${now}`
}
