import { DeniedError, UserError } from '../core/errors.ts'
import type { OperationId } from '../core/ids.ts'
import type { Person } from '../core/person.ts'
import { type OperationState, STATE_WORDS } from '../core/states.ts'
import { tuneIn } from '../db/audiences.ts'
import { appendAudit } from '../db/audit.ts'
import type { Queryable, Transaction } from '../db/database.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { bindRequest, insertOperation, operationById, operationForUpdate, updateOperation } from '../db/operations.ts'
import { answerRequest, requestById } from '../db/requests.ts'
import { undoIsTaken } from './cards/view.ts'
import type { House } from './deps.ts'
import { drawUp, type Proposal } from './draw-up.ts'
import { askGate, askGateAsSeen } from './gate/ask.ts'
import { missingRight } from './gate/denials.ts'
import type { Denial, GateQuestion, Verdict } from './gate/question.ts'
import { holdsAnywhere, holdsForAll } from './gate/rights.ts'
import { type Preview, preview } from './plan/preview.ts'
import { activePerson, requireCurrentPeople, type Scene, withPeople } from './scene.ts'
import type { Part } from './several/expand.ts'
import { skillsOf } from './several/skill.ts'
import { moved, tellMoveOnCommit, timed } from './tell.ts'
import { publicationOf, publish, refreshCard } from './transition.ts'

export interface Proposed {
  readonly operationId: OperationId
  readonly state: OperationState
  /** Runs at once in this process. */
  readonly inline: boolean
  /** The request had become this operation before. */
  readonly already?: boolean
}

/**
 * Previews, gates and stores an operation. `first` runs inside the transaction before anything else (the click on Undo stores its
 * own request there). Throws what preview throws, and DeniedError, for which only an audit row is stored.
 */
export async function propose(
  house: House,
  proposal: Proposal,
  first?: (tx: Transaction) => Promise<void>,
): Promise<Proposed> {
  try {
    return await withPeople(house, (scene) => proposeBy(house, scene, proposal, first))
  } catch (error) {
    const made = await madeBefore(house, proposal).catch(() => undefined)
    if (made) return made
    throw error
  }
}

/** A connection may break after the commit: then the request is the operation that it became, whatever would be said to it now. */
async function madeBefore({ store: { db } }: House, { requestId }: Proposal): Promise<Proposed | undefined> {
  const request = await requestById(db, requestId)
  return request?.operationId ? existing(db, request.operationId) : undefined
}

async function proposeBy(
  house: House,
  scene: Scene,
  proposal: Proposal,
  first?: (tx: Transaction) => Promise<void>,
): Promise<Proposed> {
  const person = activePerson(scene, proposal.personId)
  await refuseStranger(house, scene, proposal, person)
  const { requestId, skill } = proposal
  const seen = await timed(
    house,
    () => preview(house, skill, proposal.input, { person, threadId: proposal.threadId }),
    (took, end) => ({ what: 'planned', requestId, skill, ok: 'result' in end, ...took }),
  )
  return timed(
    house,
    () => gateAndStore(house, scene, proposal, seen, person, first),
    (took, end) => {
      if ('error' in end && !(end.error instanceof DeniedError)) return undefined
      return { what: 'gated', requestId, skill, verdict: 'result' in end ? end.result.state : 'refused', ...took }
    },
  )
}

async function gateAndStore(
  house: House,
  scene: Scene,
  proposal: Proposal,
  seen: Preview,
  person: Person,
  first?: (tx: Transaction) => Promise<void>,
): Promise<Proposed> {
  const quick = first ? undefined : await proposeAlone(house, scene, proposal, seen, person)
  if (quick) return quick
  const result = await house.store.transaction(async (tx) => {
    await first?.(tx)
    const { verdict, question } = await askGate(house, tx, scene, {
      plan: seen.plan,
      skill: seen.skill,
      person,
      plannedAt: scene.now,
    })
    const denial = refusal(verdict, question, proposal.dryRun)
    if (denial) {
      await auditDenial(tx, scene, proposal, denial)
      // A request of the click's own ends here; left unanswered, it would be taken up again later and run unasked.
      if (first) await answerRequest(tx, proposal.requestId, { outcome: 'refused', answeredAt: scene.now })
      return denial
    }
    return store(house, tx, scene, proposal, seen, verdict)
  })
  if ('operationId' in result) return result
  throw new DeniedError(result.says, result)
}

async function refuseStranger(house: House, scene: Scene, proposal: Proposal, person: Person): Promise<void> {
  const denial = deniedAsStranger(house, scene, proposal, person)
  if (!denial) return
  await house.store.transaction(async (tx) => {
    await requireCurrentPeople(tx, scene)
    await auditDenial(tx, scene, proposal, denial)
  })
  throw new DeniedError(denial.says, denial)
}

/** Who holds none of a skill's roles anywhere is refused before its preview tells them anything. */
export function deniedAsStranger(house: House, scene: Scene, asked: Part, person: Person): Denial | undefined {
  const skill = skillsOf(house, asked).find((one) => !holdsAnywhere(person, one.allow))
  if (!skill) return undefined
  const summary = `${skill.name} (${skill.summary})`
  const plan = { skill: skill.name, summary, targets: [] }
  return missingRight({ person, skill, plan, people: [...scene.people.values()] })
}

/**
 * The denial that ends a proposal. Not every one does: what a freeze or a lock holds back is kept for its requester if they may break
 * the glass; and where plans are only shown (suggest mode, a dry run), what would hold them back is said on the card.
 */
function refusal(verdict: Verdict, { person, plan, policy }: GateQuestion, dryRun: boolean): Denial | undefined {
  if (verdict.verdict !== 'deny') return undefined
  if (verdict.passes === 'plan-only' || (dryRun && verdict.passes !== 'never')) return undefined
  const mayBreak = policy.breakGlass !== undefined && holdsForAll(person, ['breakglass'], plan)
  return verdict.passes === 'break-glass' && mayBreak ? undefined : verdict
}

async function auditDenial(tx: Transaction, scene: Scene, proposal: Proposal, denial: Denial): Promise<void> {
  const { requestId, personId: actor, skill } = proposal
  const data = { rule: denial.rule, missing: denial.missing ?? null, skill, input: proposal.input }
  await appendAudit(tx, [{ actor, kind: 'request.denied', requestId, says: denial.says, data, at: scene.now }])
}

/**
 * The way of nearly every request: it stands for itself and the gate does not refuse it. One statement stores it and compares what the
 * gate was asked with. Undefined for everything else, which is looked at with care.
 */
async function proposeAlone(
  house: House,
  scene: Scene,
  proposal: Proposal,
  seen: Preview,
  person: Person,
): Promise<Proposed | undefined> {
  const { plan, skill, undoes = proposal.undoes } = seen
  if (undoes) return undefined
  const about = { plan, skill, person, plannedAt: scene.now }
  const asked = await askGateAsSeen(house, scene, about)
  if (!asked) return undefined
  const { verdict, question, text: gateText } = asked
  if (refusal(verdict, question, proposal.dryRun)) return undefined
  const { operation, change, inline } = drawUp(house, scene, proposal, seen, verdict)
  const publication = publicationOf(house, scene, operation, { ...change, approvals: [], steps: [] })
  // Before it is stored, because its job may be here before the answer is.
  if (operation.state === 'approved') keep(house, operation)
  const stored = await house.store.together.propose({ operation, publication, gateText })
  if (!stored) house.justStored.delete(operation.id)
  else house.telemetry.tell(moved(operation, undefined, scene.now))
  return stored ? { operationId: operation.id, state: operation.state, inline } : undefined
}

const KEPT = 1_000

/** Oldest out first: those that another process ran are never asked for. */
function keep({ justStored }: House, operation: StoredOperation): void {
  for (const id of justStored.keys()) {
    if (justStored.size < KEPT) break
    justStored.delete(id)
  }
  justStored.set(operation.id, operation)
}

async function store(
  house: House,
  tx: Transaction,
  scene: Scene,
  proposal: Proposal,
  seen: Preview,
  verdict: Verdict,
): Promise<Proposed> {
  const { operation, change, inline } = drawUp(house, scene, proposal, seen, verdict)
  const { id, state, undoes } = operation
  const bound = await bindRequest(tx, proposal.requestId, id, scene.now)
  if (!bound) throw new Error(`the request ${proposal.requestId} is not stored`)
  if (bound.already) return existing(tx, bound.already)
  const ended = operation.finishedAt !== null
  if (undoes) await takeUndo(tx, undoes, ended ? undefined : id, scene)
  await insertOperation(tx, operation)
  if (!ended) await tuneIn(tx, operation, seen.plan.targets, scene.now)
  await publish(house, tx, scene, operation, change)
  tellMoveOnCommit(tx, operation, undefined)
  if (undoes && !ended) await refreshCard(house, tx, scene, undoes)
  return { operationId: id, state, inline }
}

/** The same request a second time, e.g. after a crash between the commit and its answer. */
async function existing(db: Queryable, id: OperationId): Promise<Proposed> {
  const operation = await operationById(db, id)
  if (!operation) throw new Error(`the operation ${id} of a request is gone`)
  return { operationId: id, state: operation.state, inline: false, already: true }
}

/** Takes the undo of an operation for `by`; the row lock makes two people's undo one after the other. Throws UserError. */
async function takeUndo(
  tx: Transaction,
  undoes: OperationId,
  by: OperationId | undefined,
  scene: Scene,
): Promise<void> {
  const original = await operationForUpdate(tx, undoes)
  if (!original) throw new UserError(`There is no operation ${undoes} to undo.`)
  const earlier = original.undoneBy ? await operationById(tx, original.undoneBy) : undefined
  if (earlier && undoIsTaken({ undoneBy: earlier })) {
    const who = scene.nameOf(earlier.personId)
    throw new UserError(`${undoes} is already taken back by ${earlier.id} (${who}, ${STATE_WORDS[earlier.state]}).`)
  }
  if (by) await updateOperation(tx, undoes, { undoneBy: by }, { at: scene.now })
}
