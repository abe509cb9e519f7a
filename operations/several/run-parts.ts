import type { Json } from '../../core/json.ts'
import type { Plan, Undo } from '../../core/plan.ts'
import type { ChangeSkill, CompensateReason, Outcome, RunContext } from '../../core/skill.ts'
import type { StoredStep } from '../../db/steps.ts'
import { sayList } from '../gate/scope.ts'
import { labelOf, nameIn, saidOf, undoTogether } from './combine.ts'
import { partContext } from './part-context.ts'

type Runner = Pick<ChangeSkill, 'run' | 'compensate'>

/** What a run over parts needs to know of where it runs. */
export interface Stage {
  /** The code that a part was planned with; undefined when this release no longer has it. */
  readonly runnerOf: (part: Plan) => Runner | undefined
  readonly ledger: { readonly rows: readonly StoredStep[]; readonly effects: readonly StoredStep[] }
  /** Turns what a part threw into a sentence; throws on what is to be tried again. */
  readonly explain: (error: unknown) => string
}

interface PartRun {
  readonly plan: Plan
  readonly runner: Runner
  readonly label: string
  readonly index: number
  readonly count: number
}

/** The recorded end of a part that worked. */
const END = 'how it ended'
const NAMED_MAX = 6
const SAID_MAX = 3

/**
 * Runs the parts of a plan one after the other, each by its own skill. A part that fails keeps the next ones from beginning; only it
 * is put back. Undefined when the code of one of them is gone.
 */
export function partsRunner(parts: readonly Plan[], stage: Stage): Runner | undefined {
  const runs = parts.flatMap((plan, index): PartRun[] => {
    const runner = stage.runnerOf(plan)
    return runner ? [{ plan, runner, label: labelOf(plan), index, count: parts.length }] : []
  })
  if (runs.length < parts.length) return undefined
  return {
    run: (_plan, ctx) => runAll(runs, stage, ctx),
    compensate: (_plan, ctx, why) => putBackOne(runs, stage, ctx, why),
  }
}

async function runAll(runs: readonly PartRun[], stage: Stage, ctx: RunContext): Promise<Outcome> {
  const done: { readonly run: PartRun; readonly outcome: Outcome }[] = []
  for (const run of runs) {
    // A halt stops what has not begun; of this plan, too.
    const halted = run.index > 0 && (await haltedBefore(run, ctx))
    const outcome = halted
      ? { ok: false, says: halted }
      : await outcomeOf(() => run.runner.run(run.plan, partContext(ctx, run)), stage)
    if (!outcome.ok) {
      const says = ended(saidOf(run.label, outcome.says))
      const later = stage.ledger.effects.length === 0 ? notBegun(runs.slice(run.index + 1)) : ''
      return { ...outcome, says: `${says}${later}` }
    }
    // Recorded, so that whoever takes over knows which parts are done and what takes them back.
    const recorded = await ctx.observe(nameIn(run.label, END), async () => outcome as unknown as Json)
    done.push({ run, outcome: recorded as unknown as Outcome })
  }
  const says = done.map(({ run, outcome }) => ended(saidOf(run.label, outcome.says)))
  const evidence = done.flatMap(({ outcome }) => outcome.evidence ?? [])
  const undo = undoOf(done)
  if (says.length <= SAID_MAX) return { ok: true, says: says.join(' '), evidence, undo }
  return { ok: true, says: `All ${runs.length} are done.`, evidence: [...listed(says), ...evidence], undo }
}

function haltedBefore({ label }: PartRun, ctx: RunContext): Promise<string | null> {
  return ctx.observe(nameIn(label, 'look for a halt'), async ({ desk }) => {
    const halt = await desk.halted()
    return halt ? `Changes were halted by ${halt.by} before ${label} began.` : null
  })
}

const listed = (says: readonly string[]) => says.map((text) => ({ type: 'text', text }) as const)

/** Puts back the part that failed or was cancelled. What was done before it stays done, and can be taken back as one. */
async function putBackOne(
  runs: readonly PartRun[],
  stage: Stage,
  ctx: RunContext,
  why: CompensateReason,
): Promise<Outcome> {
  const ends = runs.map((run) => recordedEnd(run, stage))
  // A cancel that came between the end of the last part and the end of the whole reaches that part, where there is a way back from it.
  const last = runs.length - (runs.at(-1)?.runner.compensate ? 1 : 0)
  const at = ends.includes(undefined) ? ends.indexOf(undefined) : last
  const run = runs[at]
  const done = runs.slice(0, at).flatMap((one, index) => {
    const outcome = ends[index]
    return outcome ? [{ run: one, outcome }] : []
  })
  if (!run) return { ok: true, says: sayDone(runs).trim(), undo: undoOf(done) }
  const begun = stage.ledger.effects.some(({ name }) => name.startsWith(nameIn(run.label, '')))
  const { compensate } = run.runner
  const others = `${sayDone(done.map((one) => one.run))}${notBegun(runs.slice(begun || why.kind === 'failed' ? at + 1 : at))}`
  if (begun && compensate) {
    const own = why.kind === 'failed' ? { ...why, says: unnamed(run.label, why.says) } : why
    const outcome = await outcomeOf(() => compensate(run.plan, partContext(ctx, run), own), stage)
    return {
      ...outcome,
      says: `${ended(saidOf(run.label, outcome.says))}${others}`,
      undo: done.length > 0 ? undoOf(done) : null,
    }
  }
  const says =
    why.kind === 'failed' ? ended(saidOf(run.label, why.says)) : begun ? `${run.label} stopped where it was.` : ''
  const half: Undo = { impossible: `${run.label} stopped where it was; look at it by hand.` }
  const undo = done.length > 0 ? undoOf(done) : begun ? half : null
  const evidence = why.kind === 'failed' ? why.evidence : undefined
  return { ok: true, says: `${says}${others}`.trim(), evidence, undo }
}

function recordedEnd(run: PartRun, { ledger }: Stage): Outcome | undefined {
  const row = ledger.rows.find(
    (one) => one.phase === 'run' && one.state === 'done' && one.name === nameIn(run.label, END),
  )
  // Written by `runAll` only, from an Outcome.
  return row && (row.result as unknown as Outcome)
}

async function outcomeOf(work: () => Promise<Outcome>, stage: Stage): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    return { ok: false, says: stage.explain(error) }
  }
}

/** What a part's run said of its undo stands above what its plan said. */
function undoOf(ended: readonly { readonly run: PartRun; readonly outcome: Outcome }[]): Undo {
  const nothing: Undo = { impossible: 'There is nothing to take back.' }
  return undoTogether(
    ended.map(({ run, outcome }) => ({
      label: run.label,
      undo: outcome.undo === null ? nothing : (outcome.undo ?? run.plan.undo),
    })),
  )
}

/** A skill's own words, without the name that `runAll` put before them. */
const unnamed = (label: string, says: string) =>
  says.startsWith(nameIn(label, '')) ? says.slice(label.length + 2) : says
const ended = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)
const sayDone = (runs: readonly PartRun[]) => (runs.length > 0 ? ` Done before and left so: ${names(runs)}.` : '')
const notBegun = (runs: readonly PartRun[]) => (runs.length > 0 ? ` Not begun: ${names(runs)}.` : '')
const names = (runs: readonly PartRun[]) =>
  sayList(
    runs.map(({ label }) => label),
    'and',
    NAMED_MAX,
  )
