import { DeniedError, messageOf, UpstreamError, UserError } from '../../core/errors.ts'
import type { Person } from '../../core/person.ts'
import { redact } from '../../core/secrets.ts'
import type { ChangeSkill } from '../../core/skill.ts'
import type { Transaction } from '../../db/database.ts'
import { claimOperation } from '../../db/operation-claims.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { operationForUpdate } from '../../db/operations.ts'
import { changeSkill, type House } from '../deps.ts'
import { askGate, askGateAsSeen } from '../gate/ask.ts'
import type { Consent, Verdict } from '../gate/question.ts'
import { type Preview, preview } from '../plan/preview.ts'
import { replan } from '../plan/replan.ts'
import { stillHolds } from '../plan/still-holds.ts'
import { type Scene, withPeople } from '../scene.ts'
import { idsOf } from '../tell.ts'
import { isAlone, publicationOf, publish, transition } from '../transition.ts'
import { comesTooEarly } from './due.ts'
import { mayTryAgain, retryWaitMs, sayFailure } from './failures.ts'
import { approvedUntil, askForApprovalAgain } from './lapse.ts'
import { Ledger } from './ledger.ts'
import { Session } from './session.ts'

/**
 * Before the first step: the plan is previewed again outside any transaction; then, in the transaction of the claim, the hash is
 * compared and the gate asked again. Only what still is what was approved begins. Undefined when it was looked at and does not begin
 * now; 'changed' when the store has it otherwise than `operation` says: nothing was written then.
 */
export function startApproved(
  house: House,
  operation: StoredOperation,
  workerId: string,
): Promise<Session | 'changed' | undefined> {
  return withPeople(house, (scene) => start(house, scene, operation, workerId))
}

async function start(
  house: House,
  seen: Scene,
  operation: StoredOperation,
  workerId: string,
): Promise<Session | 'changed' | undefined> {
  if (await comesTooEarly(house, operation)) return undefined
  const again = await previewAgain(house, seen, operation)
  // A preview may take long: a freeze that began meanwhile holds, and a yes that grew too old does not count.
  const scene = { ...seen, now: house.clock() }
  const quick = 'plan' in again ? await beginUnchanged(house, scene, operation, again, workerId) : 'look'
  if (quick !== 'look') return open(house, scene, quick)
  const claimed = await house.store.transaction(async (tx) => {
    const before = await operationForUpdate(tx, operation.id)
    if (before?.state !== 'approved' || before.planHash !== operation.planHash) return 'changed'
    if ('plan' in again) return begin(house, tx, scene, before, again, workerId)
    // Several knocked at once, and one has counted the try for all of them.
    if (before.progress.retry?.at !== operation.progress.retry?.at) return undefined
    await notStarted(house, tx, scene, before, again)
    return undefined
  })
  return claimed && claimed !== 'changed' ? open(house, scene, claimed) : claimed
}

function open(house: House, scene: Scene, claimed: StoredOperation): Session {
  house.afterDurable?.('claim')
  return new Session(house, scene, claimed, new Ledger(house.store, claimed, [], house.clock))
}

/**
 * The way of nearly every operation: nothing changed, nobody had to say yes, and the gate allows. One statement claims it and compares
 * what the gate was asked with; whatever else comes out is looked at with care ('look').
 */
async function beginUnchanged(
  house: House,
  scene: Scene,
  operation: StoredOperation,
  { plan, skill }: Preview,
  workerId: string,
): Promise<StoredOperation | 'look'> {
  const person = scene.people.get(operation.personId)
  if (!person || !isAlone(operation) || plan.alreadySo) return 'look'
  if (!stillHolds(operation, plan, house.policy.version)) return 'look'
  const asked = await askGateAsSeen(house, scene, about(operation, person, skill))
  if (asked?.verdict.verdict !== 'allow') return 'look'
  const { owner, leaseMs, patch } = claimOf(house, scene, operation, workerId)
  const claimed = { ...operation, ...patch, fence: operation.fence + 1, leaseOwner: owner, updatedAt: scene.now }
  const publication = publicationOf(house, scene, claimed, { ...begun(operation), approvals: [] })
  const moved = await house.store.together.move({
    before: operation,
    patch: claimed,
    publication,
    claim: { owner, leaseMs, gateText: asked.text },
  })
  return moved ? { ...claimed, leaseUntil: moved.leaseUntil } : 'look'
}

const claimOf = (house: House, scene: Scene, operation: StoredOperation, owner: string) => ({
  owner,
  leaseMs: house.timing.leaseMs,
  patch: { state: 'running', progress: {}, gate: { ...operation.gate, held: undefined } } as const,
  at: scene.now,
})

const begun = ({ plan }: StoredOperation) => ({
  told: [{ actor: 'system', kind: 'operation.running', says: `${plan.summary}: begun.` } as const],
  steps: [],
})

async function askAgain(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  skill: ChangeSkill,
): Promise<Awaited<ReturnType<typeof askGate>> | undefined> {
  const person = scene.people.get(operation.personId)
  return person && askGate(house, tx, scene, about(operation, person, skill))
}

function about({ plan, planHash: hash, id, breakGlass, gate }: StoredOperation, person: Person, skill: ChangeSkill) {
  return { plan, skill, person, plannedAt: new Date(gate.plannedAt), operationId: id, planHash: hash, breakGlass }
}

/** Why a plan cannot be begun now; with `retryMs` it is tried again. */
interface Obstacle {
  readonly says: string
  readonly retryMs?: number
}

async function previewAgain(house: House, scene: Scene, operation: StoredOperation): Promise<Preview | Obstacle> {
  const person = scene.people.get(operation.personId)
  if (!person?.active) return { says: `${scene.nameOf(operation.personId)} is no longer active here.` }
  if (!changeSkill(house, operation.skill)) return { says: `There is no skill "${operation.skill}" any more.` }
  try {
    return await preview(house, operation.skill, operation.plan.input, { person, threadId: operation.threadId })
  } catch (error) {
    const retryMs = mayTryAgain(error) ? retryWaitMs(house, operation.progress.retry?.count ?? 0, error) : undefined
    if (retryMs !== undefined) return { says: messageOf(error), retryMs }
    if (error instanceof UserError || error instanceof DeniedError || error instanceof UpstreamError)
      return { says: messageOf(error) }
    return { says: sayFailure(error, house.log, { ...idsOf(operation) }) }
  }
}

async function begin(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  { plan, skill }: Preview,
  workerId: string,
): Promise<StoredOperation | undefined> {
  const person = scene.people.get(before.personId)
  if (!person) return undefined
  if (plan.alreadySo) return nothingToDo(house, tx, scene, before, plan.alreadySo)
  if (!stillHolds(before, plan, house.policy.version)) {
    await replan(house, tx, scene, before, { plan, skill, person, actor: 'system' })
    return undefined
  }
  const asked = await askAgain(house, tx, scene, before, skill)
  if (!asked) return undefined
  const { verdict, question } = asked
  if (verdict.verdict !== 'allow') return held(house, tx, scene, before, { plan, skill }, verdict, question.approvals)
  const claimed = await claimOperation(tx, before.id, claimOf(house, scene, before, workerId))
  if (claimed) await publish(house, tx, scene, claimed, begun(before))
  return claimed
}

/** The gate no longer lets the approved plan through. */
async function held(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  seen: Preview,
  verdict: Exclude<Verdict, { verdict: 'allow' }>,
  yeses: readonly Consent[],
): Promise<undefined> {
  if (verdict.verdict === 'deny' && verdict.passes === 'later') {
    // Stays approved; whoever says resume wakes it. Said once, not at every knock.
    if (before.gate.held?.says === redact(verdict.says)) return undefined
    const { rule, says, passes } = verdict
    const told = [{ actor: 'system', kind: 'operation.held', says } as const]
    const yesUntil = approvedUntil(house, before, yeses)?.toISOString()
    await transition(house, tx, scene, before, {
      patch: { gate: { ...before.gate, held: { rule, says, passes }, yesUntil } },
      told,
    })
    return undefined
  }
  if (before.breakGlass && new Date(before.breakGlass.until) <= scene.now) {
    const says = 'It did not start while the glass was broken, so it is over. Ask again if it is still needed.'
    const told = [{ actor: 'system', kind: 'operation.expired', says } as const]
    const patch = { state: 'expired', says, finishedAt: scene.now } as const
    await transition(house, tx, scene, before, { patch, told })
    return undefined
  }
  if (verdict.verdict === 'deny') return notStarted(house, tx, scene, before, verdict)
  await askForApprovalAgain(house, tx, scene, before, seen, verdict)
  return undefined
}

async function notStarted(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  obstacle: Obstacle,
): Promise<undefined> {
  if (obstacle.retryMs !== undefined) {
    const at = new Date((await house.storeClock(tx)).getTime() + obstacle.retryMs)
    const count = (before.progress.retry?.count ?? 0) + 1
    const retry = { count, ledger: 0, says: obstacle.says, at: at.toISOString() }
    const gate = { ...before.gate, held: { rule: 'unreachable', says: obstacle.says, passes: 'later' } }
    const told = [{ actor: 'system', kind: 'operation.retry', says: obstacle.says } as const]
    const outbox = [{ kind: 'advance', dueAt: at } as const]
    await transition(house, tx, scene, before, {
      patch: { progress: { ...before.progress, retry }, gate },
      told,
      outbox,
    })
    return undefined
  }
  const says = `Not started, nothing was changed: ${obstacle.says}`
  const told = [{ actor: 'system', kind: 'operation.failed', says } as const]
  await transition(house, tx, scene, before, { patch: { state: 'failed', says, finishedAt: scene.now }, told })
  return undefined
}

/** Somebody, or something, did it meanwhile: a success without a step. */
async function nothingToDo(
  house: House,
  tx: Transaction,
  scene: Scene,
  before: StoredOperation,
  alreadySo: string,
): Promise<undefined> {
  const says = `Nothing to do: ${alreadySo}`
  const told = [{ actor: 'system', kind: 'operation.succeeded', says } as const]
  // Through `running`, which it passes without a step; there is nothing to take back, so it counts as never approved.
  const running = { ...before, state: 'running' } as const
  const patch = { state: 'succeeded', says, approvedAt: null, finishedAt: scene.now } as const
  await transition(house, tx, scene, running, { patch, told })
  return undefined
}
