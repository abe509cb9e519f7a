import type { RunContext } from '../../core/skill.ts'
import { nameIn } from './combine.ts'

/** What the run of one part has in its hands: the whole run's context, with every name in the ledger and on the card under the part's own. */
export function partContext(
  ctx: RunContext,
  { label, index, count }: { readonly label: string; readonly index: number; readonly count: number },
): RunContext {
  const progress = (says: string, fraction?: number) =>
    ctx.progress(nameIn(label, says), fraction === undefined ? undefined : (index + fraction) / count)
  return {
    ...ctx,
    progress,
    step: (name, how) => ctx.step(nameIn(label, name), how),
    observe: (name, look) => ctx.observe(nameIn(label, name), (read, watch) => look(read, { ...watch, progress })),
    wait: (name, until, early) => ctx.wait(nameIn(label, name), until, early),
    decide: (name, question) => ctx.decide(nameIn(label, name), { ...question, says: nameIn(label, question.says) }),
  }
}
