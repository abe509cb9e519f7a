import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { PersonId, RequestId } from '../../core/ids.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { Json, JsonObject } from '../../core/json.ts'

/** A question that waits for its answer, remembered in its thread. */
export interface OpenQuestion {
  readonly id: string
  readonly personId: PersonId
  /** The request it came from; its card is the question's card. */
  readonly requestId: RequestId
  /** All that was said so far. */
  readonly said: string
  readonly skill: string
  /** What is understood for sure. */
  readonly input: JsonObject
  /** What is asked for: missing, unclear and impossible parameters. */
  readonly asks: readonly string[]
  /** What its card offers for the only thing that it asks. */
  readonly offers?: readonly string[]
  readonly by: Interpretation['by']
  readonly confidence: number
  readonly dryRun: boolean
  readonly expiresAt: string
}

const Stored = z.object({
  id: z.string(),
  personId: z.string(),
  requestId: z.string(),
  said: z.string(),
  skill: z.string(),
  input: z.record(z.string(), z.custom<Json>()),
  asks: z.array(z.string()),
  offers: z.array(z.string()).optional(),
  by: z.enum(['command', 'local', 'model', 'form']),
  confidence: z.number(),
  dryRun: z.boolean(),
  expiresAt: z.string(),
})

/** The questions of a thread that are still open, at most one for each person. */
export function openQuestions(context: JsonObject, now: Date): readonly OpenQuestion[] {
  const { questions } = context
  if (!questions || typeof questions !== 'object' || Array.isArray(questions)) return []
  return Object.values(questions).flatMap((question) => {
    const stored = Stored.safeParse(question)
    // Written by `withQuestion` only, so that the ids are ids.
    return stored.success && new Date(stored.data.expiresAt) > now ? [stored.data as unknown as OpenQuestion] : []
  })
}

/** Whether this very question still waits for its answer. */
export const isOpen = (context: JsonObject, question: OpenQuestion, now: Date): boolean =>
  openQuestions(context, now).some(({ id }) => id === question.id)

export function newQuestion(
  interpretation: Interpretation & { readonly skill: string },
  from: { personId: PersonId; requestId: RequestId; said: string; expiresAt: Date; offers?: readonly string[] },
): OpenQuestion {
  const asks = [...interpretation.missing, ...interpretation.ambiguous, ...interpretation.invalid]
  const sure = Object.entries(interpretation.input).filter(([name]) => !asks.includes(name))
  return {
    id: randomBytes(8).toString('hex'),
    personId: from.personId,
    requestId: from.requestId,
    said: from.said,
    skill: interpretation.skill,
    input: Object.fromEntries(sure),
    asks,
    ...(from.offers?.length ? { offers: from.offers } : {}),
    by: interpretation.by,
    confidence: interpretation.confidence,
    dryRun: interpretation.dryRun === true,
    expiresAt: from.expiresAt.toISOString(),
  }
}

/** A thread's context with this as the person's only question, or with none of theirs; what expired is forgotten. */
export function withQuestion(
  context: JsonObject,
  personId: PersonId,
  question: OpenQuestion | undefined,
  now: Date,
): JsonObject {
  const others = openQuestions(context, now).filter((one) => one.personId !== personId)
  const kept = question ? [...others, question] : others
  // An OpenQuestion is JSON; the interface only lacks the index signature.
  return { ...context, questions: Object.fromEntries(kept.map((one) => [one.personId, one as unknown as JsonObject])) }
}
