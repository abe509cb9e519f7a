import { z } from 'zod'

/**
 * The parameter types of skills. Each is a zod schema of what a person may *say* (DESIGN §7), carrying in its `meta` the
 * kind that the readers, forms and completions resolve it by.
 */
export type ParameterKind =
  | 'service'
  | 'environment'
  | 'version'
  | 'replicas'
  | 'duration'
  | 'operation'
  | 'person'
  | 'text'
  | 'choice'
  | 'number'
  | 'moment'
  | 'account'

export interface ParameterMeta {
  readonly kind: ParameterKind
  readonly label: string
  readonly hint?: string
  readonly [key: string]: unknown
}

const described = <T extends z.ZodType>(schema: T, meta: ParameterMeta): T => schema.meta(meta) as T

export const Service = described(z.string().min(1).max(100), { kind: 'service', label: 'service' })
export const Environment = described(z.string().min(1).max(100), { kind: 'environment', label: 'environment' })
/** A tag, a digest, or `previous` / `latest`; resolved against the registry and the cluster by preview. */
export const Version = described(z.string().min(1).max(200), {
  kind: 'version',
  label: 'version',
  hint: 'like 1.4.2, or "previous"',
})

export const REPLICAS_MAX = 1000
/** `6`, `"+3"`, `"-2"`, `"x2"`. */
export const Replicas = described(
  z.union([
    z
      .number()
      .int('must be a whole number')
      .min(0, 'cannot be below 0')
      .max(REPLICAS_MAX, `cannot be above ${REPLICAS_MAX}`),
    z.string().regex(/^(?:[+-]\d{1,4}|x\d{1,2}(?:\.\d)?)$/, 'must be a number, or a change like +2, -1 or x2'),
  ]),
  { kind: 'replicas', label: 'replicas', hint: 'a number, or +2, -1, x2' },
)
/** `"90s"`, `"30m"`, `"2h"`, `"1d"`, or a sum like `"1h30m"`. */
export const Duration = described(
  z.string().regex(/^(?:\d+(?:\.\d+)?(?:s|m|h|d|w))+$/, 'must be a duration like 30m or 2h'),
  {
    kind: 'duration',
    label: 'duration',
    hint: 'like 30m or 2h',
  },
)
export const Operation = described(z.string().min(1).max(40), {
  kind: 'operation',
  label: 'operation',
  hint: 'like op-7f3k9m2q',
})
export const PersonName = described(z.string().min(1).max(100), { kind: 'person', label: 'person' })
/** An absolute moment: ISO 8601 with an offset, made by the reader from what was said in the speaker's zone. */
export const Moment = described(z.iso.datetime({ offset: true }), { kind: 'moment', label: 'until' })
export const Sentence = (label: string) => described(z.string().min(1).max(500), { kind: 'text', label })
export const Choice = <const T extends readonly [string, ...string[]]>(label: string, values: T) =>
  described(z.enum(values), { kind: 'choice', label })
export const Account = described(z.string().min(1).max(120), {
  kind: 'account',
  label: 'account',
  hint: 'like slack:U012AB3CD',
})

/** The kind and label of a parameter, looking through `.optional()` and `.default()`. */
export function parameterMeta(schema: z.ZodType): ParameterMeta {
  let current: z.ZodType | undefined = schema
  while (current) {
    const meta = current.meta() as ParameterMeta | undefined // ours by construction: `described` is the only writer
    if (meta?.kind) return meta
    current = 'unwrap' in current && typeof current.unwrap === 'function' ? (current.unwrap() as z.ZodType) : undefined
  }
  return { kind: 'text', label: 'value' }
}

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds of a Duration text; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?[smhdw])+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g))
    total += Number(amount) * (UNIT_MS[unit ?? 's'] ?? 0)
  return total
}

/** Milliseconds as people say it: `2 h`, `1 h 30 min`, `45 s`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  const restMinutes = minutes % 60
  if (hours < 48) return restMinutes ? `${hours} h ${restMinutes} min` : `${hours} h`
  const days = Math.floor(hours / 24)
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`
}
