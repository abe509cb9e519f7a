import type { Card } from '../../core/card.ts'
import type { Outcome } from '../../core/skill.ts'
import type { OperationState } from '../../core/states.ts'
import type { Transaction } from '../../db/database.ts'
import type { OperationPatch, ProgressRecord, StoredOperation } from '../../db/operation-records.ts'
import { operationForUpdate } from '../../db/operations.ts'
import { hidesLater } from '../reveal.ts'
import { look } from '../scene.ts'
import { checkMove, isAlone, publicationOf, type Told, type Transition, transition } from '../transition.ts'
import { sayByHand } from './by-hand.ts'
import { retryWaitMs } from './failures.ts'
import type { Session, Stop } from './session.ts'

/** Writes how a claim ends, in one transaction, while the claim still holds. False when it does not. */
async function write(
  session: Session,
  make: (now: StoredOperation, at: Date, tx: Transaction) => Transition | undefined | Promise<Transition>,
): Promise<boolean> {
  const { house, operation, ledger } = session
  const scene = await look(house)
  const written = await house.store.transaction(async (tx) => {
    const now = await operationForUpdate(tx, operation.id)
    if (!now || now.fence !== operation.fence) return undefined
    const change = await make(now, scene.now, tx)
    return change && transition(house, tx, scene, now, { ...change, fence: operation.fence, steps: ledger.rows })
  })
  if (written) session.operation = written
  house.afterDurable?.('end')
  return written !== undefined
}

interface End {
  readonly state: OperationState
  readonly says: string
  readonly outcome?: Outcome
  readonly check?: string
}

/**
 * The operation is over and every step is done: written in one statement, because most operations end here. False when a cancel came
 * first, the claim is gone, or more belongs to it than its own rows: then it has to be looked at under the row's lock.
 */
export async function finishWell(session: Session, outcome: Outcome): Promise<boolean> {
  const { house, operation, ledger, progress } = session
  if (!isAlone(operation)) return false
  const scene = await look(house)
  const { says } = outcome
  const over = { wakeAt: null, leaseOwner: null, leaseUntil: null, finishedAt: scene.now, updatedAt: scene.now }
  const patch = { state: 'succeeded', says, outcome, progress: { ...progress, retry: undefined } } as const
  const after = { ...operation, ...patch, ...over }
  checkMove(operation, after)
  const told = [system('succeeded', `${operation.plan.summary}. ${says}`)]
  const outbox = hidesLater(outcome)
  const publication = publicationOf(house, scene, after, { told, outbox, approvals: [], steps: ledger.rows })
  const written = await house.store.together.move({ before: operation, patch: after, publication })
  house.afterDurable?.('end')
  return written !== undefined
}

/** The operation is over for the machine; unless `end`, asked under the row lock, sees that it is not. */
export async function finish(session: Session, end: (now: StoredOperation) => End | undefined): Promise<void> {
  await write(session, (now, at) => {
    const ending = end(now)
    if (!ending) return undefined
    const { state, says, outcome, check } = ending
    const progress: ProgressRecord = { ...session.progress, retry: undefined, check }
    const finishedAt = state === 'needs_human' ? null : at
    const patch: OperationPatch = { state, says, outcome: outcome ?? now.outcome, progress, wakeAt: null, finishedAt }
    const told = [system(state, `${now.plan.summary}. ${says}`)]
    return { patch, told, outbox: outcome && hidesLater(outcome), releaseLease: true }
  })
}

/** The machine's part is over. `look` says what a person should look at; what to type then is added to it. */
export function needsHuman(session: Session, says: string, look: string, evidence?: Card['blocks']): Promise<void> {
  const outcome = evidence && { ok: false, says, evidence, undo: null }
  return finish(session, (now) => ({ state: 'needs_human', says, check: `${look} ${sayByHand(now)}`, outcome }))
}

/** Remembers that the run failed and is being put back, before the first step of that. */
export async function remember(session: Session, why: ProgressRecord['compensating']): Promise<boolean> {
  session.progress = { compensating: why }
  return write(session, (now) => ({
    patch: { progress: session.progress },
    told: why?.kind === 'failed' ? [system('compensating', `${now.plan.summary}: did not work. ${why.says}`)] : [],
  }))
}

/** Gives the worker back until `wakeAt`. False when a cancel came first: then the run has to be put back instead. */
export async function suspend(session: Session, wakeAt: Date | undefined): Promise<'suspended' | 'cancelled'> {
  let cancelled = false
  await write(session, (now) => {
    cancelled = now.cancelAt !== null && session.phase === 'run'
    if (cancelled) return undefined
    // Set since the claim: the question was answered before the run lay down, and that row found it awake.
    const due = now.wakeAt ?? wakeAt
    return {
      patch: { state: waitingState(now), wakeAt: due ?? null, progress: { ...session.progress, retry: undefined } },
      told: [system('waiting', `${now.plan.summary}: waits ${due ? `until ${due.toISOString()}` : 'for a decision'}.`)],
      outbox: due ? [{ kind: 'advance', dueAt: due }] : [],
      releaseLease: true,
    }
  })
  return cancelled ? 'cancelled' : 'suspended'
}

/** Tries again later; false when it was tried often enough. */
export async function tryLater(session: Session, { error }: Extract<Stop, { kind: 'retry' }>): Promise<boolean> {
  const ledger = session.ledger.rows.length
  const way = session.phase === 'compensate' ? 'compensate' : session.resolveOnly ? 'resolve' : 'run'
  const last = session.operation.progress.retry
  const count = last?.ledger === ledger && last.way === way ? last.count + 1 : 1
  const wait = retryWaitMs(session.house, count - 1, error)
  if (wait === undefined) return false
  await write(session, async (now, _at, tx) => {
    const wakeAt = new Date((await session.house.storeClock(tx)).getTime() + wait)
    const retry: ProgressRecord['retry'] = { count, ledger, way, says: error.message, at: wakeAt.toISOString() }
    return {
      patch: { state: waitingState(now), wakeAt, progress: { ...session.progress, retry } },
      told: [system('retry', `${now.plan.summary}: ${error.message} Trying again at ${wakeAt.toISOString()}.`)],
      outbox: [{ kind: 'advance', dueAt: wakeAt }],
      releaseLease: true,
    }
  })
  return true
}

/** Lets go of a run that another worker takes up at once. */
export async function handBack(session: Session): Promise<void> {
  await write(session, (_now, at) => ({
    patch: { progress: session.progress },
    told: [],
    outbox: [{ kind: 'advance', dueAt: at }],
    releaseLease: true,
  }))
}

const waitingState = (now: StoredOperation): OperationState => (now.state === 'cancelling' ? 'cancelling' : 'waiting')

const system = (kind: string, says: string): Told => ({ actor: 'system', kind: `operation.${kind}`, says })
