import { UpstreamError } from '../core/errors.ts'
import type { OperationId } from '../core/ids.ts'
import type { Plan } from '../core/plan.ts'
import type { CompensateReason, Outcome } from '../core/skill.ts'
import { operationById } from '../db/operations.ts'
import { changeSkill, type House } from './deps.ts'
import { sayList } from './gate/scope.ts'
import { claimBegun } from './run/claim.ts'
import { finish, finishWell, handBack, needsHuman, remember, suspend, tryLater } from './run/endings.ts'
import { runnerOf, runPhase } from './run/run.ts'
import type { Session, Stop } from './run/session.ts'
import { startApproved } from './run/start.ts'
import { idsOf, moved } from './tell.ts'

const CHECK_LEDGER = 'See below which steps are done.'

/**
 * Brings an operation as far as it goes now. Idempotent; safe to call any number of times from any process: whoever gets the claim
 * works, everybody else returns. Throws when the store fails under it; the ledger then says where to go on.
 */
export async function advance(
  house: House,
  id: OperationId,
  options: { readonly workerId: string; readonly signal: AbortSignal },
): Promise<void> {
  const from = house.clock()
  const session = await claim(house, id, options.workerId)
  if (!session) return
  if (session.operation.fence === 1) tellBegun(session)
  const leave = () => session.halt({ kind: 'handed-back' })
  if (options.signal.aborted) leave()
  options.signal.addEventListener('abort', leave, { once: true })
  house.running.set(id, session)
  session.keepAlive()
  try {
    await drive(session)
  } finally {
    session.close()
    if (house.running.get(id) === session) house.running.delete(id)
    options.signal.removeEventListener('abort', leave)
    tellRan(session, options.workerId, from)
  }
}

function tellBegun({ house, operation }: Session): void {
  const since = operation.approvedAt ?? operation.createdAt
  house.telemetry.tell(moved(operation, { ...operation, state: 'approved', updatedAt: since }, operation.updatedAt))
}

function tellRan({ house, operation }: Session, workerId: string, from: Date): void {
  const { id: operationId, requestId, skill, fence, state } = operation
  const readyAt = fence === 1 ? (operation.approvedAt ?? undefined) : undefined
  const took = { from, until: house.clock() }
  house.telemetry.tell({ what: 'ran', requestId, operationId, skill, fence, workerId, state, readyAt, ...took })
}

async function claim(house: House, id: OperationId, workerId: string): Promise<Session | undefined> {
  const known = house.justStored.get(id)
  house.justStored.delete(id)
  // As it was stored, it most likely still is. Only where it is not is the store asked: what could not begin now is not to be tried twice.
  const begun = known ? await startApproved(house, known, workerId) : 'changed'
  if (begun !== 'changed') return begun
  const operation = await house.store.together.operation(id)
  if (operation?.state !== 'approved') return operation && claimBegun(house, id, workerId)
  const started = await startApproved(house, operation, workerId)
  return started === 'changed' ? undefined : started
}

async function drive(session: Session): Promise<void> {
  const runner = runnerOf(session)
  const { operation, ledger } = session
  if (!runner) {
    const used = operation.plan.parts ?? [operation]
    const versions = used.map(({ skill, skillVersion }) => `version ${skillVersion} of "${skill}"`)
    if (isAhead(session, used)) {
      const says = `A newer release began this, with ${sayList(versions)}.`
      // While an upgrade is under way: a worker of that release comes by.
      const error = new UpstreamError(says, { service: 'quarterdeck', retryable: true })
      if (await tryLater(session, { kind: 'retry', error })) return
      return needsHuman(session, `${says} No worker of that release came.`, CHECK_LEDGER)
    }
    const says = `This release no longer knows ${sayList(versions)}, with which the operation was begun.`
    return needsHuman(session, says, CHECK_LEDGER)
  }
  if (operation.progress.compensating) return putBack(session, operation.progress.compensating)
  if (operation.cancelAt && !ledger.open('run')) return cancelled(session)
  const end = await runPhase(session, runner, { resolveOnly: operation.cancelAt !== null })
  if (end.kind === 'stop') return stopped(session, end.stop)
  const { outcome } = end
  if (outcome.ok) return succeeded(session, outcome)
  return failed(session, outcome)
}

/** Whether one of these was planned by a newer release than this one. */
const isAhead = ({ house }: Session, used: readonly Pick<Plan, 'skill' | 'skillVersion'>[]): boolean =>
  used.some(({ skill, skillVersion }) => {
    const known = changeSkill(house, skill)
    return known !== undefined && skillVersion > (known.version ?? 1)
  })

async function stopped(session: Session, stop: Stop): Promise<void> {
  switch (stop.kind) {
    case 'broken':
      throw stop.error
    case 'fenced':
      return session.house.log.info({ ...idsOf(session.operation) }, 'another worker took the operation over')
    case 'handed-back':
      return handBack(session)
    case 'unknown':
      return needsHuman(session, stop.says, stop.check)
    case 'cancelled':
      return cancelled(session)
    case 'suspended':
      if ((await suspend(session, stop.wakeAt)) === 'cancelled') return cancelled(session)
      return
    case 'retry':
      return retry(session, stop)
  }
}

async function retry(session: Session, stop: Extract<Stop, { kind: 'retry' }>): Promise<void> {
  if (await tryLater(session, stop)) return
  const open = session.ledger.open(session.phase)
  const says = `${stop.error.message} It was tried for minutes without an answer.`
  if (open) return needsHuman(session, says, `Look whether "${open.name}" happened.`)
  if (session.phase === 'compensate') return needsHuman(session, says, CHECK_LEDGER)
  return failed(session, { ok: false, says })
}

/**
 * Every step is done. A cancel that was written before this still counts where there is a way back; where there is none, what
 * happened is the honest end.
 */
async function succeeded(session: Session, outcome: Outcome): Promise<void> {
  if (await finishWell(session, outcome)) {
    const { house, operation } = session
    session.operation = { ...operation, state: 'succeeded', finishedAt: house.clock() }
    house.telemetry.tell(moved(session.operation, operation, house.clock()))
    return
  }
  const mayPutBack = runnerOf(session)?.compensate !== undefined
  let cancelFirst = false
  await finish(session, (now) => {
    cancelFirst = now.cancelAt !== null && mayPutBack
    if (cancelFirst) return undefined
    const late = now.cancelAt ? ' It was done before the cancel reached it.' : ''
    return { state: 'succeeded', says: `${outcome.says}${late}`, outcome }
  })
  if (cancelFirst) return cancelled(session)
}

async function failed(session: Session, outcome: Outcome): Promise<void> {
  const { says, evidence = [] } = outcome
  const changed = session.ledger.effects.length > 0
  if (!changed || !runnerOf(session)?.compensate) {
    return finish(session, (now) => ({
      state: now.cancelAt && !changed ? 'cancelled' : 'failed',
      says: changed ? says : `${says} Nothing was changed.`,
      outcome: { ...outcome, undo: null },
    }))
  }
  const why = { kind: 'failed', says, evidence } as const
  if (await remember(session, why)) return putBack(session, why)
}

/** A cancelled run: put back what it did, or say where it stopped. */
async function cancelled(session: Session): Promise<void> {
  const now = await operationById(session.house.store.db, session.operation.id)
  if (!now || now.fence !== session.operation.fence) return
  session.operation = now
  const by = now.cancelBy ? session.scene.nameOf(now.cancelBy) : 'somebody'
  const done = session.ledger.effects.map((step) => `"${step.name}"`)
  if (done.length === 0)
    return finish(session, () => ({ state: 'cancelled', says: `Cancelled by ${by} before anything was changed.` }))
  if (runnerOf(session)?.compensate) return putBack(session, { kind: 'cancelled', by })
  const says = `Cancelled by ${by}. It stopped where it was; done before: ${done.join(', ')}.`
  return finish(session, () => ({ state: 'cancelled', says }))
}

async function putBack(session: Session, why: CompensateReason): Promise<void> {
  const runner = runnerOf(session)
  if (!runner) return
  const end = await runPhase(session, runner, { why })
  if (end.kind === 'stop') return stopped(session, end.stop)
  const { outcome } = end
  if (!outcome.ok) {
    const says = `Putting things back did not work: ${outcome.says}`
    return needsHuman(session, says, CHECK_LEDGER, outcome.evidence)
  }
  // Something to take back is left only where parts were done before, or where nothing puts the part back.
  const undo = outcome.undo ?? null
  return finish(session, (now) => {
    const state = now.state === 'cancelling' ? 'cancelled' : undo ? 'failed' : 'rolled_back'
    const by = why.kind === 'cancelled' ? `Cancelled by ${why.by}. ` : ''
    return { state, says: `${by}${outcome.says}`, outcome: { ...outcome, undo } }
  })
}
