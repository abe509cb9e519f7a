/** The states of an operation (DESIGN §2). */
export const OPERATION_STATES = [
  'requested',
  'planned',
  'awaiting_approval',
  'approved',
  'running',
  'waiting',
  'cancelling',
  'succeeded',
  'failed',
  'rolled_back',
  'cancelled',
  'rejected',
  'expired',
  'needs_human',
] as const

export type OperationState = (typeof OPERATION_STATES)[number]

/** `needs_human` ends the machine's part; only a person's `settle` moves it on. */
export const TERMINAL_STATES = ['succeeded', 'failed', 'rolled_back', 'cancelled', 'rejected', 'expired'] as const
export type TerminalState = (typeof TERMINAL_STATES)[number]

const NEXT: Record<OperationState, readonly OperationState[]> = {
  requested: ['planned', 'failed', 'cancelled'],
  planned: ['planned', 'awaiting_approval', 'approved', 'rejected', 'expired', 'cancelled', 'failed'],
  awaiting_approval: ['planned', 'awaiting_approval', 'approved', 'rejected', 'expired', 'cancelled', 'failed'],
  approved: ['planned', 'awaiting_approval', 'running', 'cancelled', 'cancelling', 'expired', 'failed'],
  running: ['waiting', 'succeeded', 'failed', 'rolled_back', 'cancelling', 'cancelled', 'needs_human'],
  waiting: ['running', 'succeeded', 'failed', 'rolled_back', 'cancelling', 'cancelled', 'needs_human'],
  cancelling: ['cancelled', 'succeeded', 'failed', 'needs_human'],
  needs_human: ['succeeded', 'failed', 'rolled_back', 'cancelled'],
  succeeded: [],
  failed: [],
  rolled_back: [],
  cancelled: [],
  rejected: [],
  expired: [],
}

export function mayBecome(from: OperationState, to: OperationState): boolean {
  return NEXT[from].includes(to)
}

export function isTerminal(state: OperationState): state is TerminalState {
  return NEXT[state].length === 0
}

/** How a state is said in chat: calm, plain, never a raw identifier. */
export const STATE_WORDS: Record<OperationState, string> = {
  requested: 'received',
  planned: 'planned',
  awaiting_approval: 'waiting for approval',
  approved: 'approved',
  running: 'running',
  waiting: 'waiting',
  cancelling: 'cancelling',
  succeeded: 'done',
  failed: 'failed',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
  rejected: 'rejected',
  expired: 'expired',
  needs_human: 'needs a person',
}
