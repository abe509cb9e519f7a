import type { DeskReader, OperationDetail, OperationSummary } from '../../core/ports/desk.ts'
import { isTerminal, OPERATION_STATES, type OperationState, TERMINAL_STATES } from '../../core/states.ts'
import { linkOf } from '../../db/accounts.ts'
import { approvalsOf } from '../../db/approvals.ts'
import { auditOfOperation } from '../../db/audit.ts'
import { activeDelegations } from '../../db/delegations.ts'
import { listLocks } from '../../db/locks.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { listOperations, operationById } from '../../db/operations.ts'
import { stepsOf } from '../../db/steps.ts'
import { subscriptionsOf } from '../../db/subscriptions.ts'
import { listSwitches } from '../../db/switches.ts'
import { undoOf } from '../cards/view.ts'
import type { DoorDeps } from '../deps.ts'
import { haltIn, modesIn } from '../gate/ask.ts'
import { changesByDay } from './changes-by-day.ts'
import { readTrail } from './trail.ts'

const OPEN: readonly OperationState[] = OPERATION_STATES.filter((state) => !isTerminal(state))
const WAITING_MAX = 200

type Deps = Pick<DoorDeps, 'store' | 'people' | 'clock' | 'defaultModes'>

/** Quarterdeck's own state, to read: outside transactions only. */
export function deskReader(deps: Deps): DeskReader {
  const { store, clock } = deps
  const names = () => {
    const people = new Map(deps.people.all().map((person) => [person.id as string, person.name]))
    return (id: string) => people.get(id) ?? id
  }
  return {
    async operations({ state, service, environment, limit }) {
      const states = state === 'open' ? OPEN : state === 'finished' ? TERMINAL_STATES : state && [state]
      const rows = await listOperations(store.db, { states, service, environment, limit })
      return rows.map(summarise(names()))
    },

    changesByDay: (filter) => changesByDay(store.db, filter, clock()),

    async operation(id) {
      const row = await operationById(store.db, id)
      if (!row) return undefined
      const [steps, approvals, audit] = [
        await stepsOf(store.db, id),
        await approvalsOf(store.db, id),
        await auditOfOperation(store.db, id),
      ]
      const nameOf = names()
      return {
        ...summarise(nameOf)(row),
        requestId: row.requestId,
        said: row.said,
        // What a run said about its undo stands above what its plan said.
        plan: { ...row.plan, undo: undoOf(row) },
        steps: steps.map(({ name, phase, state, startedAt, finishedAt, error }) => ({
          name,
          phase,
          state,
          at: finishedAt ?? startedAt,
          says: error ?? undefined,
        })),
        approvals: approvals.map((approval) => ({
          by: nameOf(approval.personId),
          decision: approval.voidedAt ? `${approval.decision}, voided` : approval.decision,
          at: approval.at,
          reason: approval.reason ?? approval.voidedBecause ?? undefined,
        })),
        audit: audit.map(({ at, actor, says }) => ({ at, actor: nameOf(actor), says })),
      } satisfies OperationDetail
    },

    trail: (id) => readTrail(store, id, names()),

    async approvalsFor(person) {
      const rows = await listOperations(store.db, { states: ['awaiting_approval'], limit: WAITING_MAX })
      return rows.filter((row) => mayStillSayYes(row, person)).map(summarise(names()))
    },

    async waitingFor(personId) {
      const states = ['planned', 'awaiting_approval'] as const
      return (await listOperations(store.db, { states, personId, limit: WAITING_MAX })).map(summarise(names()))
    },

    locks: (filter) => listLocks(store.db, { ...filter, now: clock() }),

    async halted() {
      const switches = await listSwitches(store.db)
      return haltIn({ switches: switches.map((row) => ({ ...row, person: row.personId })) }, { nameOf: names() })
    },

    async modes() {
      return modesIn({ switches: await listSwitches(store.db) }, deps.defaultModes)
    },

    people: async () => deps.people.all(),
    linkOf: (account) => linkOf(store.db, account),

    async subscriptions(channel) {
      const rows = await subscriptionsOf(store.db, channel)
      return rows.map(({ id, service, environment, source }) => ({
        id,
        service: service ?? undefined,
        environment: environment ?? undefined,
        source,
      }))
    },

    delegations: () => activeDelegations(store.db, clock()),
  }
}

const mayStillSayYes = ({ gate }: StoredOperation, person: string) =>
  gate.requirements.some((item) => item.have < item.count && item.eligible.some((id) => id === person))

function summarise(nameOf: (id: string) => string): (row: StoredOperation) => OperationSummary {
  return (row) => ({
    id: row.id,
    state: row.state,
    skill: row.skill,
    summary: row.plan.summary,
    service: row.service ?? undefined,
    environment: row.environment ?? undefined,
    requestedBy: { id: row.personId, name: nameOf(row.personId) },
    requestedAt: row.createdAt,
    finishedAt: row.finishedAt ?? undefined,
    says: row.says ?? row.gate.held?.says ?? row.progress.says,
    ...(row.dryRun && { dryRun: true }),
    ...(row.breakGlass && !row.breakGlass.reviewed && { toReview: true }),
  })
}
