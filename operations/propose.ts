import { DeniedError, UserError } from '../core/errors.ts'
import { newOperationId, type OperationId, type PersonId, type RequestId, type ThreadId } from '../core/ids.ts'
import type { Reader } from '../core/interpretation.ts'
import type { JsonObject } from '../core/json.ts'
import type { Person } from '../core/person.ts'
import { planHash } from '../core/plan.ts'
import { isChange } from '../core/skill.ts'
import { type OperationState, STATE_WORDS } from '../core/states.ts'
import { appendAudit } from '../db/audit.ts'
import type { Transaction } from '../db/database.ts'
import type { NewOperation } from '../db/operation-records.ts'
import { bindRequest, insertOperation, operationById, operationForUpdate, updateOperation } from '../db/operations.ts'
import { answerRequest } from '../db/requests.ts'
import { undoIsTaken } from './cards/view.ts'
import type { House } from './deps.ts'
import { askGate } from './gate/ask.ts'
import { missingRight } from './gate/denials.ts'
import type { Denial, GateQuestion, Verdict } from './gate/question.ts'
import { holdsAnywhere, holdsForAll } from './gate/rights.ts'
import { type Preview, preview } from './plan/preview.ts'
import { activePerson, look, type Scene } from './scene.ts'
import { planColumns, standing, wakeUps } from './standing.ts'
import { publish, refreshCard } from './transition.ts'

export interface Proposal {
  readonly requestId: RequestId
  readonly threadId: ThreadId
  readonly personId: PersonId
  readonly said: string
  readonly skill: string
  readonly input: JsonObject
  readonly by: Reader
  readonly confidence: number
  readonly dryRun: boolean
  readonly undoes?: OperationId
}

export interface Proposed {
  readonly operationId: OperationId
  readonly state: OperationState
  /** Runs at once in this process. */
  readonly inline: boolean
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
  const scene = await look(house)
  const person = activePerson(scene, proposal.personId)
  await refuseStranger(house, scene, proposal, person)
  const seen = await preview(house, proposal.skill, proposal.input, person)
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

/** Who holds none of the skill's roles anywhere is refused before its preview tells them anything. */
async function refuseStranger(house: House, scene: Scene, proposal: Proposal, person: Person): Promise<void> {
  const skill = house.skills.get(proposal.skill)
  if (!skill || !isChange(skill) || holdsAnywhere(person, skill.allow)) return
  const summary = `${skill.name} (${skill.summary})`
  const plan = { skill: skill.name, summary, targets: [] }
  const denial = missingRight({ person, skill, plan, people: [...scene.people.values()] })
  if (!denial) return
  await house.store.transaction((tx) => auditDenial(tx, scene, proposal, denial))
  throw new DeniedError(denial.says, denial)
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

async function store(
  house: House,
  tx: Transaction,
  scene: Scene,
  proposal: Proposal,
  { plan, skill, undoes = proposal.undoes }: Preview,
  verdict: Verdict,
): Promise<Proposed> {
  const id = newOperationId()
  const { requestId, threadId, personId, said, by: readBy, confidence } = proposal
  const bound = await bindRequest(tx, requestId, id, scene.now)
  if (!bound) throw new Error(`the request ${requestId} is not stored`)
  if (bound.already) return existing(tx, bound.already)

  const stands = standing(verdict, {
    readBy,
    went: false,
    glassBroken: false,
    plannedAt: scene.now,
    policy: house.policy,
  })
  const ended = endsAtOnce(proposal, plan.alreadySo, verdict)
  const state = ended?.state ?? stands.state
  const inline = skill.inline === true && state === 'approved'
  if (undoes) await takeUndo(tx, undoes, ended ? undefined : id, scene)
  const operation = await insertOperation(tx, {
    id,
    requestId,
    threadId,
    personId,
    said,
    readBy,
    confidence,
    dryRun: proposal.dryRun || (verdict.verdict === 'deny' && verdict.passes === 'plan-only'),
    ...planColumns(plan),
    plan,
    skill: plan.skill,
    skillVersion: plan.skillVersion,
    planHash: planHash(plan, house.policy.version),
    planRevision: 1,
    policyVersion: house.policy.version,
    gate: stands.gate,
    state,
    says: ended?.says ?? null,
    undoes: undoes ?? null,
    expiresAt: ended || state === 'approved' ? null : stands.expiresAt,
    approvedAt: state === 'approved' ? scene.now : null,
    finishedAt: ended ? scene.now : null,
    createdAt: scene.now,
    updatedAt: scene.now,
  } satisfies NewOperation)
  await publish(house, tx, scene, operation, {
    told: [
      {
        actor: personId,
        kind: `operation.${state}`,
        says: told(plan.summary, operation.says, state),
        data: { ...plan.input, planHash: operation.planHash, readBy, said },
      },
    ],
    outbox: ended ? [] : wakeUps({ ...stands, state, revision: 1 }, house.policy, scene.now, skill.inline === true),
  })
  if (undoes && !ended) await refreshCard(house, tx, scene, undoes)
  return { operationId: id, state, inline }
}

/** The same request a second time, e.g. after a crash between the commit and its answer. */
async function existing(tx: Transaction, id: OperationId): Promise<Proposed> {
  const operation = await operationById(tx, id)
  if (!operation) throw new Error(`the operation ${id} of a request is gone`)
  return { operationId: id, state: operation.state, inline: false }
}

/** A plan that nothing will run: a dry run, suggest mode, or a target that already is as asked (which is a success without a step). */
function endsAtOnce(
  proposal: Proposal,
  alreadySo: string | undefined,
  verdict: Verdict,
): { readonly state: 'cancelled' | 'succeeded'; readonly says: string } | undefined {
  const held = verdict.verdict === 'deny' ? ` ${verdict.says}` : ''
  if (proposal.dryRun) return { state: 'cancelled', says: `Dry run: nothing was changed.${held}` }
  if (alreadySo) return { state: 'succeeded', says: `Nothing to do: ${alreadySo}` }
  if (held && verdict.verdict === 'deny' && verdict.passes === 'plan-only')
    return { state: 'cancelled', says: `Shown only, nothing was changed.${held}` }
  return undefined
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

const told = (summary: string, says: string | null | undefined, state: OperationState) =>
  says ? `${summary}. ${says}` : `${summary}: ${STATE_WORDS[state]}.`
