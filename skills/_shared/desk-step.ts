import type { Json } from '../../core/json.ts'
import type { DeskWriter, WriteMark } from '../../core/ports/desk.ts'
import type { RunContext } from '../../core/skill.ts'

/**
 * A step on Quarterdeck's own state. Every desk write is idempotent per operation (the mark), so after a crash it is simply asked
 * again: the probe says "not happened" without looking.
 */
export function deskStep<T extends Json>(
  ctx: RunContext,
  name: string,
  write: (desk: DeskWriter, mark: WriteMark) => Promise<T>,
): Promise<T> {
  const mark = { operation: ctx.operation, by: ctx.person.id }
  return ctx.step<T>(name, {
    do: (writers) => write(writers.desk, mark),
    probe: async () => ({ happened: false }),
  })
}
