import type { PersonId, ThreadId } from '../../core/ids.ts'
import type { Plan } from '../../core/plan.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import { isTerminal, OPERATION_STATES, type OperationState } from '../../core/states.ts'
import { visibleLine } from '../../core/visible-text.ts'
import type { Queryable } from '../../db/database.ts'
import { listOperations } from '../../db/operations.ts'
import { parameterOf } from '../understand/parameters.ts'
import type { Skilled } from './ask.ts'

/** Of more than these the id is faster found under "operations". */
const MOST_OFFERED = 5

/** What each may be about; any other skill about all of them. */
const FITTING: Readonly<Record<string, readonly OperationState[]>> = {
  cancel: OPERATION_STATES.filter((state) => !isTerminal(state)),
  undo: ['succeeded'],
  settle: ['needs_human'],
}

/**
 * Where the only thing missing is an operation: the newest that it may be, those of this conversation first, then the person's own. Nobody
 * has eight random letters in mind.
 */
export async function offerOperations(
  db: Queryable,
  skill: SpokenSkill,
  read: Skilled,
  { threadId, personId }: { threadId: ThreadId; personId: PersonId },
): Promise<Skilled> {
  const [only, ...others] = [...read.missing, ...read.ambiguous, ...read.invalid]
  if (only === undefined || others.length > 0) return read
  const { kind } = parameterOf(skill, only)
  if (kind !== 'operation' && kind !== 'record') return read
  const states = FITTING[skill.name]
  const filter = { limit: MOST_OFFERED, ...(states ? { states } : {}) }
  const found = [
    ...(await listOperations(db, { ...filter, threadId })),
    ...(await listOperations(db, { ...filter, personId })),
  ]
  const fitting = found.filter(({ plan }) => skill.name !== 'undo' || isUndoable(plan))
  const newest = [...new Map(fitting.map((one) => [one.id, one])).values()].slice(0, MOST_OFFERED)
  const options = newest.map(({ id, plan }) => ({ value: id, label: `${id} ${visibleLine(plan.summary)}` }))
  const before = read.questions?.find(({ parameter }) => parameter === only)
  const rest = (read.questions ?? []).filter((one) => one !== before)
  return {
    ...read,
    questions: [...rest, { parameter: only, says: before?.says ?? noneOf(skill, newest.length), options }],
  }
}

const isUndoable = ({ undo, alreadySo }: Plan): boolean => !('impossible' in undo) && alreadySo === undefined

const noneOf = ({ name }: SpokenSkill, count: number): string =>
  count > 0 || !FITTING[name]
    ? ''
    : `Nothing here, and nothing of yours, can be given to "${name}" now; "operations" shows everybody's.`
