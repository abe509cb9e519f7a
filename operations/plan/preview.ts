import { z } from 'zod'
import { channelOfThread, isDirect } from '../../core/channel-key.ts'
import { UserError } from '../../core/errors.ts'
import { withoutSecretWords } from '../../core/free-words.ts'
import { type OperationId, parseOperationId, type ThreadId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { parameterMeta } from '../../core/parameters.ts'
import type { Person } from '../../core/person.ts'
import type { Plan, PlanDraft, Risk } from '../../core/plan.ts'
import type { ChangeSkill, ReadContext } from '../../core/skill.ts'
import { threadById } from '../../db/threads.ts'
import { changeSkill, type House } from '../deps.ts'
import { expand, SEVERAL } from '../several/expand.ts'

const REDIRECTS_MAX = 3

export interface Preview {
  readonly plan: Plan
  /** The skill whose plan it is; not always the one that was asked for (`undo` answers with another's). */
  readonly skill: ChangeSkill
  /** The operation whose effect this plan takes back. */
  readonly undoes?: OperationId
}

type Draft = PlanDraft & { readonly skill?: string }

/** Who asks, and in which thread. */
export interface Asker {
  readonly person: Person
  readonly threadId?: ThreadId
}

/**
 * Asks a skill for its plan; several targets become one plan of parts. Read-only. Throws UserError for input that is impossible, and
 * what the skill's preview throws (UserError, DeniedError, UpstreamError).
 */
export async function preview(house: House, skill: string, said: JsonObject, asker: Asker): Promise<Preview> {
  const asked = requireChange(house, skill)
  const input = withoutSecretWords(asked.input, said)
  const parts = expand(asked, input)
  // Parts are JSON; the interface only lacks the index signature.
  if (parts) return preview(house, SEVERAL, { parts } as unknown as JsonObject, asker)
  const signal = AbortSignal.timeout(house.timing.previewMs)
  const draft = await draftOf(house, asked, input, asker, signal, 0)
  const owner = draft.skill === undefined ? asked : requireChange(house, draft.skill)
  const undoes = skill === 'undo' && owner !== asked ? parseOperationId(String(input.operation)) : undefined
  const plan = completePlan(owner, draft)
  const [only, ...others] = plan.parts ?? []
  // What is left of several when the others are so already is a plan of its own kind; what was said of them stays.
  if (only && others.length === 0)
    return { plan: { ...only, warnings: plan.warnings }, skill: requireChange(house, only.skill), undoes }
  return { plan, skill: owner, undoes }
}

export function readContext(house: House, asker: Asker, signal: AbortSignal, depth = 0): ReadContext {
  const { person, threadId } = asker
  return {
    ...house.readers,
    desk: house.desk,
    person,
    now: house.clock,
    catalog: house.catalog(),
    guide: house.guide,
    signal,
    async channel() {
      const thread = threadId && (await threadById(house.store.db, threadId))
      const channel = thread && channelOfThread(thread.surface, thread.surfaceKey)
      if (!channel || isDirect(thread.surface, channel)) return undefined
      return { surface: thread.surface, channel }
    },
    async planOf(name, input) {
      if (depth >= REDIRECTS_MAX) throw new Error(`the plan of ${name} leads round in a circle`)
      const skill = requireChange(house, name)
      const draft = await draftOf(house, skill, input, asker, signal, depth + 1)
      return { ...draft, skill: draft.skill ?? name }
    },
  }
}

async function draftOf(
  house: House,
  skill: ChangeSkill,
  input: JsonObject,
  asker: Asker,
  signal: AbortSignal,
  depth: number,
): Promise<Draft> {
  return skill.preview(parseInput(skill, input), readContext(house, asker, signal, depth))
}

/** The input as the skill's schema reads it. Throws UserError with the first thing that is wrong, in words. */
export function parseInput(skill: { readonly input: z.ZodObject }, input: JsonObject): z.output<z.ZodObject> {
  const parsed = skill.input.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0] ?? 'input')
  const field: unknown = skill.input.shape[name]
  const label = field instanceof z.ZodType ? parameterMeta(field).label : name
  throw new UserError(`The ${label} ${issue?.message ?? 'cannot be read'}.`)
}

export function riskOf(skill: ChangeSkill, input: JsonObject): Risk {
  return typeof skill.risk === 'function' ? skill.risk(parseInput(skill, input)) : skill.risk
}

/** A draft with what the engine adds to it. */
export function completePlan(skill: ChangeSkill, draft: PlanDraft): Plan {
  const risk = riskOf(skill, draft.input)
  return {
    skill: skill.name,
    skillVersion: skill.version ?? 1,
    // Through JSON, so that what is hashed now is what is hashed after it came back from the store.
    input: JSON.parse(JSON.stringify(draft.input)) as JsonObject, // JSON of a JsonObject is one
    risk,
    targets: draft.targets,
    summary: draft.summary,
    changes: draft.changes,
    preconditions: draft.preconditions ?? [],
    undo: draft.undo,
    steps: draft.steps,
    evidence: draft.evidence ?? [],
    warnings: draft.warnings ?? [],
    alreadySo: draft.alreadySo,
    parts: draft.parts,
  }
}

/** Throws UserError when no change has that name. */
export function requireChange(house: Pick<House, 'skills'>, name: string): ChangeSkill {
  const skill = changeSkill(house, name)
  if (!skill) throw new UserError(`There is no change called "${name}" here. Say "help" for what there is.`)
  return skill
}
