import type { Person } from '../../core/person.ts'
import type { StoredOperation } from '../../db/operation-records.ts'

/** Whether somebody is asked for a yes to this operation, or could do without one by breaking the glass. */
export const mayDecide = ({ gate, state }: Pick<StoredOperation, 'gate' | 'state'>, { id, grants }: Person): boolean =>
  gate.requirements.some(({ eligible }) => eligible.includes(id)) ||
  (state === 'awaiting_approval' && grants.some(({ role }) => role === 'breakglass'))
