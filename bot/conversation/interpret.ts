import type { OperationId, RequestId } from '../../core/ids.ts'
import { type Interpretation, isReady } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { cleanText, UNDERSTOOD_CHARACTERS } from '../understand/clean.ts'
import type { Draft } from '../understand/draft.ts'
import type { Before } from '../understand/extract.ts'
import { readFragment } from '../understand/fragment.ts'
import { parametersOf } from '../understand/parameters.ts'
import { interpretDraft, knownOf, type UnderstandOptions, understand } from '../understand/understand.ts'
import {
  asksWhy,
  type LastAsked,
  type Pair,
  pickOffered,
  picksOther,
  pointsAtLast,
  readFollowUp,
  type Trouble,
} from './follow-up.ts'
import type { OpenQuestion } from './open-question.ts'
import { type PutOff, putOff } from './put-off.ts'
import { splitRequests } from './split-request.ts'
import { decidedIn, saysNo, saysYes, type WaitingPlan } from './typed-consent.ts'

/** A plan of the speaker's that nobody has approved yet, in this thread. */
export interface OpenPlan {
  readonly operationId: OperationId
  readonly skill: string
  readonly input: JsonObject
  /** Values that its parts do not share: only saying them anew corrects all of them. */
  readonly differ: readonly string[]
}

/** What a message is, in the conversation it belongs to. */
export type Meaning =
  | {
      readonly kind: 'request'
      readonly interpretation: Interpretation & { readonly skill: string }
      readonly answers?: OpenQuestion
      /** What was asked before, said again for something else: nobody else could read it better. */
      readonly recalled?: true
    }
  | {
      readonly kind: 'correction'
      readonly interpretation: Interpretation & { readonly skill: string }
      readonly plan: OpenPlan
    }
  | { readonly kind: 'never-mind'; readonly question: OpenQuestion }
  /** A yes or a no in words, where a click decides. */
  | { readonly kind: 'consent'; readonly says: 'yes' | 'no'; readonly plan: WaitingPlan }
  /** A yes where no plan waits, or a decision on an operation that may be anywhere. */
  | { readonly kind: 'decides'; readonly operation: OperationId | undefined }
  /** A change that is to begin later. */
  | { readonly kind: 'put-off'; readonly interpretation: Interpretation; readonly what: PutOff }
  /** "why?" after a refusal that left no operation. */
  | { readonly kind: 'why-refused'; readonly refused: RequestId }
  /** Several different requests in one sentence. */
  | { readonly kind: 'several'; readonly parts: readonly string[]; readonly interpretation: Interpretation }
  /** Said so long ago that nobody expects it to be done now. */
  | { readonly kind: 'late'; readonly waitedMs: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'nothing'; readonly interpretation: Interpretation; readonly question?: OpenQuestion }

const NEVER_MIND =
  /^(?:never ?mind|nvm|forget (?:it|that|about it)|cancel(?: (?:it|that))?|drop (?:it|that)|no,? thanks?(?: you)?|stop|leave it|skip (?:it|that)|abort)[.! ]*$/i
const CORRECTS =
  /^(?:no\b|nope\b|nah\b|actually\b|sorry\b|oops\b|wait\b|i mean|i meant|make (?:it|that)\b|change (?:it|that)\b|use\b|rather\b|better\b|not\b)|\b(?:instead|rather)[.! ]*$/i
const POINTS_BACK = /\b(?:it|that|this|there|same|again|here)\b/i

export interface Listening {
  readonly question?: OpenQuestion
  /** Asked only when the words point back at something. */
  readonly openPlan: () => Promise<OpenPlan | undefined>
  readonly before: () => Promise<Before | undefined>
  readonly waitingPlan: () => Promise<WaitingPlan | undefined>
  readonly last: (skills: SpokenSkillSet) => Promise<LastAsked | undefined>
  /** The two that were chosen between last in this thread. */
  readonly pair: Pair | undefined
  readonly trouble: () => Promise<Trouble | undefined>
}

/** Reads a message in its conversation: an answer, a correction, a dropped question, a new request, or nothing of the kind. */
export async function interpretMessage(
  text: string,
  listening: Listening,
  options: UnderstandOptions,
): Promise<Meaning> {
  const cleaned = cleanText(text)
  if (!cleaned) return { kind: 'empty' }
  // Half a text may mean the opposite of the whole.
  if (text.trim().length > UNDERSTOOD_CHARACTERS) return { kind: 'too-long' }
  const { question } = listening
  if (question && NEVER_MIND.test(cleaned)) return { kind: 'never-mind', question }
  const first = understand(text, options)
  if (first.by === 'command' && isSkilled(first)) return { kind: 'request', interpretation: first }
  const answered = question && (answer(text, question, options) ?? (await pick(cleaned, question, listening, options)))
  if (question && answered) return { kind: 'request', interpretation: answered, answers: question }
  if (CORRECTS.test(cleaned)) {
    const plan = await listening.openPlan()
    const corrected = plan && correct(text, plan, options)
    if (plan && corrected) return { kind: 'correction', interpretation: corrected, plan }
  }
  const back = await pointingBack(cleaned, listening, options)
  if (back) return back
  const later = isReady(first) ? undefined : putOff(cleaned, first, options)
  if (later) return { kind: 'put-off', interpretation: first, what: later }
  if (isSkilled(first)) {
    const lacking = first.missing.length > 0 && POINTS_BACK.test(cleaned) ? await listening.before() : undefined
    const again = lacking ? understand(text, { ...options, before: lacking }) : first
    return { kind: 'request', interpretation: isSkilled(again) ? again : first }
  }
  const parts = splitRequests(cleaned, options)
  return parts
    ? { kind: 'several', parts, interpretation: first }
    : { kind: 'nothing', interpretation: first, question }
}

/** Words that mean something only by what was said or planned before in this thread. */
async function pointingBack(
  cleaned: string,
  listening: Listening,
  options: UnderstandOptions,
): Promise<Meaning | undefined> {
  if (asksWhy(cleaned)) {
    const trouble = await listening.trouble()
    if (trouble && 'refused' in trouble) return { kind: 'why-refused', refused: trouble.refused }
    const skill = trouble && skillOf(options.skills, 'explain')
    if (skill) {
      const draft = { id: { value: trouble.operation } }
      const told = interpretDraft({ text: cleaned, skill, draft, ...REPEATED }, options)
      if (isSkilled(told)) return { kind: 'request', interpretation: told, recalled: true }
    }
  }
  if (pointsAtLast(cleaned)) {
    const last = await listening.last(options.skills)
    const again = last && readFollowUp(cleaned, last, listening.pair, options)
    if (again) return { kind: 'request', interpretation: again, recalled: true }
  }
  const says = saysYes(cleaned) ? 'yes' : saysNo(cleaned) ? 'no' : undefined
  const plan = says && (await listening.waitingPlan())
  // Somebody else's plan is theirs to end; a "no" may be about anything.
  if (plan && (says === 'yes' || plan.mine)) return { kind: 'consent', says, plan }
  const operation = decidedIn(cleaned)
  return operation || (says === 'yes' && !listening.question) ? { kind: 'decides', operation } : undefined
}

const REPEATED = { by: 'local', confidence: 0.9, dryRun: false } as const

/** An answer in words that only the question's own offers explain. */
async function pick(cleaned: string, question: OpenQuestion, { last }: Listening, options: UnderstandOptions) {
  const picked = pickOffered(cleaned, question, picksOther(cleaned) ? await last(options.skills) : undefined)
  return picked && fillIn(question, `${question.said} → ${cleaned}`, picked, options, 'said')
}

/** The question's request with values that were picked on its card, typed exactly as a command takes them, or said in other words. */
export function fillIn(
  question: OpenQuestion,
  text: string,
  values: Draft,
  options: UnderstandOptions,
  how: 'picked' | 'exactly' | 'said',
): (Interpretation & { readonly skill: string }) | undefined {
  const skill = options.skills.find((one) => one.name === question.skill)
  if (!skill) return undefined
  const kept = Object.entries(question.input).map(([name, value]) => [name, { value: value ?? null }])
  // Only what was typed as a command, and picked or typed exactly, may run without a click on its plan (DESIGN §2.2).
  const wasExact = question.by === 'command' || question.by === 'form'
  const by = !wasExact || how === 'exactly' ? question.by : how === 'picked' ? 'form' : 'local'
  const { confidence, dryRun } = question
  const merged = interpretDraft(
    { text, skill, draft: { ...Object.fromEntries(kept), ...values }, by, confidence, dryRun },
    options,
  )
  return isSkilled(merged) ? merged : undefined
}

function answer(text: string, question: OpenQuestion, options: UnderstandOptions) {
  const skill = skillOf(options.skills, question.skill)
  const values = skill && readFragment(text, skill, question.asks, knownOf(options))
  if (!values) return undefined
  const cleaned = cleanText(text).toLowerCase()
  const exact = Object.values(values).every(({ value }) => String(value).toLowerCase() === cleaned)
  return fillIn(question, `${question.said} → ${text}`, values, options, exact ? 'exactly' : 'said')
}

function correct(text: string, plan: OpenPlan, options: UnderstandOptions) {
  const skill = skillOf(options.skills, plan.skill)
  if (!skill) return undefined
  const parameters = parametersOf(skill)
  const names = parameters.map((parameter) => parameter.name)
  const values = readFragment(text, skill, names, knownOf(options))
  if (!values || plan.differ.some((name) => !values[name])) return undefined
  // All that is needed was said again: that is a request of its own.
  if (parameters.filter((parameter) => !parameter.optional).every((parameter) => values[parameter.name]))
    return undefined
  const kept = Object.fromEntries(
    Object.entries(plan.input).flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]])),
  )
  const merged = interpretDraft(
    { text, skill, draft: { ...kept, ...values }, by: 'local', confidence: 0.9, dryRun: false },
    options,
  )
  return isSkilled(merged) ? merged : undefined
}

const skillOf = (skills: SpokenSkillSet, name: string) => skills.find((skill) => skill.name === name)

function isSkilled(interpretation: Interpretation): interpretation is Interpretation & { readonly skill: string } {
  return interpretation.skill !== null
}
