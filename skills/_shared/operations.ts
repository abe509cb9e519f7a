import { UserError } from '../../core/errors.ts'
import { type OperationId, parseOperationId } from '../../core/ids.ts'
import type { Target } from '../../core/plan.ts'
import type { DeskReader, OperationDetail } from '../../core/ports/desk.ts'

/** Looks an operation up by what a person typed. */
export async function findOperation(desk: DeskReader, said: string): Promise<OperationDetail> {
  const id: OperationId | undefined = parseOperationId(said)
  if (!id)
    throw new UserError(
      `"${said}" is not an operation id. They look like op-7f3k9m2q; say "operations" to see the recent ones.`,
      ['operations'],
    )
  const operation = await desk.operation(id)
  if (!operation)
    throw new UserError(`There is no operation ${id}. Say "operations" to see the recent ones.`, ['operations'])
  return operation
}

/** Whoever may change what an operation touches may also stop or settle it. */
export function targetsOf(operation: OperationDetail): readonly Target[] {
  return operation.plan.targets
}
