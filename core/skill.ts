import type { z } from 'zod'
import type { Card } from './card.ts'
import type { Catalog } from './catalog/catalog.ts'
import type { OperationId } from './ids.ts'
import type { Json, JsonObject } from './json.ts'
import type { Person, Role, SurfaceName } from './person.ts'
import type { Plan, PlanDraft, Risk } from './plan.ts'
import type { ClusterReader, ClusterWriter, RegistryReader, StepMark } from './ports/cluster.ts'
import type { CodeDesk, DeskReader, DeskWriter, SkillGuide } from './ports/desk.ts'

/** What a preview or a read skill may use: readers only. */
export interface ReadContext {
  readonly person: Person
  readonly now: () => Date
  readonly catalog: Catalog
  readonly cluster: ClusterReader
  readonly registry: RegistryReader
  readonly desk: DeskReader
  readonly guide: SkillGuide
  /** The channel of a chat service in which this is asked; undefined on the page, in the terminal and in a conversation of two. */
  channel(): Promise<{ readonly surface: SurfaceName; readonly channel: string } | undefined>
  /** The plan of another skill: `undo` and the like return it as theirs; the gate then asks for that skill's rights. */
  planOf(skill: string, input: JsonObject): Promise<PlanDraft & { readonly skill: string }>
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

export interface Readers {
  readonly cluster: ClusterReader
  readonly registry: RegistryReader
  readonly desk: DeskReader
}

/** Only ever handed to a step's `do`. */
export interface Writers {
  readonly cluster: ClusterWriter
  readonly desk: DeskWriter
}

export type Probe<T> =
  /** The effect is there; `result` is what `do` would have returned. */
  | { readonly happened: true; readonly result: T }
  /** The effect is not there, and a late write of ours would be refused by its precondition: `do` may run again. */
  | { readonly happened: false }
  /** Cannot be told. `check` says what a person should look at. */
  | { readonly unknown: string; readonly check: string }

/** One side effect: how it is brought about, how one sees that it happened, and how one makes sure that it will not. */
export interface Step<T extends Json | undefined> {
  /** Whatever it writes bears `mark`, by which it is recognised or refused when it comes again or late. */
  readonly do: (write: Writers, mark: StepMark) => Promise<T>
  readonly probe: (read: Readers) => Promise<Probe<T>>
  /**
   * Sees to it that a `do` which may still be under way (in a worker that stands still, on a slow wire) is refused when it arrives. Called before the
   * probe where nobody will do the step again: after a cancel, or a failure. Without it a late call may still change what was said to be unchanged.
   */
  readonly callOff?: (write: Writers, mark: StepMark) => Promise<void>
}

/** What a run has in its hands. All of it is replayed from the ledger after a crash: `run` starts from the top again. */
export interface RunContext {
  readonly operation: OperationId
  readonly person: Person
  readonly now: () => Date
  /**
   * The time by the store's own clock, which is asked: what is held or waited for counts from it. `now` is counted on from an answer that may have been
   * as old as it took to come. Differs on a replay, so it is looked at in an `observe`.
   */
  readonly time: () => Promise<Date>
  readonly catalog: Catalog
  /** One recorded side effect. Runs once; after a crash, finished steps return their recorded result. Names are unique in a run. */
  step<T extends Json | undefined>(name: string, how: Step<T>): Promise<T>
  /** A recorded read. It may take minutes (following a rollout); `signal` aborts on cancel. */
  observe<T extends Json | undefined>(
    name: string,
    look: (read: Readers, watch: { signal: AbortSignal; progress: RunContext['progress'] }) => Promise<T>,
  ): Promise<T>
  /** Gives the worker back until then; hours are fine. `early` ends it early when it returns true; asked every `everyMs`. */
  wait(
    name: string,
    until: Date,
    early?: { everyMs: number; when: (read: Readers) => Promise<boolean> },
  ): Promise<'due' | 'early'>
  /** A button in the middle of a run. Returns the chosen value and who chose. */
  decide(
    name: string,
    question: {
      says: string
      choices: readonly { value: string; label: string; style?: 'primary' | 'danger' | 'plain' }[]
      role: Role
      expiresAt?: Date
    },
  ): Promise<{ choice: string; by: string }>
  /** Said on the live card; coalesced, never a side effect. `fraction` 0–1. */
  progress(says: string, fraction?: number): void
}

/** How a run ended, in words for the card. */
export interface Outcome {
  readonly ok: boolean
  /** One sentence. */
  readonly says: string
  /** Shown under it: what was seen, last log lines, what to check. */
  readonly evidence?: Card['blocks']
  /** Something for the requester's eyes only is ready: a button shows it until then. See `ChangeSkill.reveal`. */
  readonly reveal?: { readonly label: string; readonly until: string }
  /** Overrides the plan's undo, when the run ended elsewhere than planned. */
  readonly undo?: Plan['undo'] | null
}

/** Why compensation runs. */
export type CompensateReason =
  | { readonly kind: 'failed'; readonly says: string; readonly evidence: Card['blocks'] }
  | { readonly kind: 'cancelled'; readonly by: string }

interface SkillBase<Input extends z.ZodObject> {
  readonly name: string
  readonly summary: string
  /** At least three, as people would type them. The local reader learns from them; help shows them. */
  readonly examples: readonly string[]
  readonly input: Input
  /** Words a person may use for the verb, besides the name. */
  readonly aliases?: readonly string[]
}

export interface ReadSkill<Input extends z.ZodObject = z.ZodObject> extends SkillBase<Input> {
  readonly risk: 'read'
  /** Default: every person with any role. */
  readonly allow?: readonly Role[]
  run(input: z.output<Input>, ctx: ReadContext): Promise<Card>
}

export interface ChangeSkill<Input extends z.ZodObject = z.ZodObject> extends SkillBase<Input> {
  readonly risk: 'write' | 'destructive' | ((input: z.output<Input>) => Risk)
  readonly allow: readonly Role[]
  /** Raised when `run` changes so that an operation begun with the old one could not be finished by the new one. Default 1. */
  readonly version?: number
  /** Runs of older versions, so that a new release finishes old operations rightly. */
  readonly older?: Readonly<Record<number, Pick<ChangeSkill, 'run' | 'compensate'>>>
  /** Touches Quarterdeck's own state only: runs at once in the process that took the request, queue or not. */
  readonly inline?: boolean
  /** Never asks for another person (cancel, halt: stopping must not wait). Policy denies still hold. */
  readonly needsNoApproval?: boolean
  preview(input: z.output<Input>, ctx: ReadContext): Promise<PlanDraft & { readonly skill?: string }>
  run(plan: Plan, ctx: RunContext): Promise<Outcome>
  /**
   * A sentence that only the requester may see, such as one with a one-time code: made anew at each click on the button of
   * `Outcome.reveal`, answered to them alone and stored nowhere. Throws UserError when nobody needs it any more.
   */
  reveal?(plan: Plan, desk: CodeDesk): Promise<string>
  /** Puts things back after a failure or a cancel; its steps are in the ledger too. Without it a cancel stops where it is. */
  compensate?(plan: Plan, ctx: RunContext, why: CompensateReason): Promise<Outcome>
}

export type Skill = ReadSkill | ChangeSkill

/** A skill as the readers of language see it: what may be said of it. */
export interface SpokenSkill extends SkillBase<z.ZodObject> {
  readonly risk: Skill['risk']
}

/** A capability that is named and understood but not built: who asks for it is told so. There is nothing in it that could run. */
export interface DeclaredSkill<Input extends z.ZodObject = z.ZodObject> extends SkillBase<Input> {
  readonly risk: Risk | 'read'
  /** One sentence for who asks: what is missing, and what to do meanwhile. */
  readonly notYet: string
}

export function isChange(skill: Skill): skill is ChangeSkill
export function isChange(skill: SpokenSkill): boolean
export function isChange(skill: SpokenSkill): boolean {
  return skill.risk !== 'read'
}

/** One capability, one file. The file's name is the skill's name; `skills/_shared/` holds what several use. */
export function defineSkill<Input extends z.ZodObject>(skill: ReadSkill<Input>): ReadSkill<Input>
export function defineSkill<Input extends z.ZodObject>(skill: ChangeSkill<Input>): ChangeSkill<Input>
export function defineSkill(skill: Skill): Skill {
  return skill
}

/** Names a capability before it is built, so that it is understood now and keeps its words; the file becomes the skill's later. */
export function declareSkill<Input extends z.ZodObject>(skill: DeclaredSkill<Input>): DeclaredSkill<Input> {
  return skill
}
