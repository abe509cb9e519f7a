import type { Response } from 'express'
import { z } from 'zod'
import { CLICK_VERBS } from '../../core/card.ts'
import type { JsonObject } from '../../core/json.ts'
import type { SurfaceName } from '../../core/person.ts'

/** The surfaces whose threads the local page shows: its own and the terminal's, so that either can approve the other's. */
export const LOCAL_SURFACES = ['web', 'cli'] as const satisfies readonly SurfaceName[]
export type LocalSurface = (typeof LOCAL_SURFACES)[number]

const THREAD_KEY = /^(web|cli)-[0-9a-z]{8,40}$/

/** Which surface a thread key belongs to; undefined when it is none of ours. */
export function surfaceOfThread(key: string): LocalSurface | undefined {
  const surface = THREAD_KEY.exec(key)?.[1]
  return LOCAL_SURFACES.find((name) => name === surface)
}

const Key = z.string().regex(/^[\w:.-]{8,100}$/, 'must be 8 to 100 letters, digits, or one of _ : . -')

/** Zod's own `min` and `max` look at whatever has a length, before its type counts, and throw at `{ "length": { "toString": 1 } }`. */
const textOf = (least: number, most: number) =>
  z.string().refine(({ length }) => length >= least && length <= most, `must be ${least} to ${most} characters long`)

export const SessionBody = z.object({
  person: textOf(1, 100),
  surface: z.enum(LOCAL_SURFACES).default('web'),
})

export const MessageBody = z.object({
  // How long a message may be for understanding is the conversation's business; the body's cap holds here.
  text: z.string().refine((text) => text.trim() !== '', 'is empty: say what should happen'),
  key: Key,
})

const JsonObjectBody = z.custom<JsonObject>(
  // It was JSON a moment ago: every object in it is a JsonObject.
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)

export const ClickBody = z.object({
  verb: z.enum(CLICK_VERBS),
  payload: JsonObjectBody.default({}),
  reason: textOf(0, 2_000).optional(),
  planHash: textOf(0, 200).optional(),
  key: Key,
})

export const ThreadQuery = z.object({ before: z.iso.datetime().optional() })

/** The parsed value; or undefined after answering 400 with one sentence that names the field. */
export function parseOr400<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || 'The body'
  response.status(400).json({ error: `${field}: ${issue?.message ?? 'cannot be read'}.` })
  return undefined
}
