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
  | 'incident'
  | 'record'
  | 'money'
  | 'period'
  | 'channel'
  | 'schedule'
  | 'scope'
  | 'variables'

export interface ParameterMeta {
  readonly kind: ParameterKind
  readonly label: string
  readonly hint?: string
  /** For a choice: other words people say for one of its values, lower case. */
  readonly said?: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}

const described = <T extends z.ZodType>(schema: T, meta: ParameterMeta): T => schema.meta(meta) as T

export const Service = described(z.string().min(1).max(100), { kind: 'service', label: 'service' })
export const Environment = described(z.string().min(1).max(100), { kind: 'environment', label: 'environment' })
/** A tag, a digest, `previous`, `latest`, or `@staging` (what runs there); resolved against the registry and the cluster by preview. */
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
export const Choice = <const T extends readonly [string, ...string[]]>(
  label: string,
  values: T,
  said?: Readonly<Record<string, T[number]>>,
) => described(z.enum(values), { kind: 'choice', label, said })
export const WholeNumber = (label: string, max: number) =>
  described(
    z
      .number()
      .int('must be a whole number')
      .min(0, 'cannot be below 0')
      .max(max, `cannot be above ${max.toLocaleString('en-US')}`),
    { kind: 'number', label },
  )
export const Account = described(z.string().min(1).max(120), {
  kind: 'account',
  label: 'account',
  hint: 'like slack:U012AB3CD',
})

/** `INC-142`. */
export const Incident = described(z.string().regex(/^INC-\d{1,9}$/, 'must be like INC-142'), {
  kind: 'incident',
  label: 'incident',
  hint: 'like INC-142',
})
/** The id of an operation or an incident. */
export const RecordId = described(z.string().min(1).max(40), {
  kind: 'record',
  label: 'operation or incident',
  hint: 'like op-7f3k9m2q or INC-142',
})
/** `"2500 EUR"`, ISO 4217; `"5000"` where no currency was said. */
export const Money = described(z.string().regex(/^\d{1,12}(?:\.\d{1,2})?(?: [A-Z]{3})?$/, 'must be like 2500 EUR'), {
  kind: 'money',
  label: 'amount',
  hint: 'like 2500 EUR',
})
const NAMED_PERIOD = /^(?:today|yesterday|tomorrow|previous|(?:this|last|next)-(?:week|month|quarter|year))$/
const DATED_PERIOD = /^(?:\d{1,4}[dw]|\d{4}-\d\d|\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\d)$/
/** `last-month`, `this-week`, `30d`, `2026-10`, `2026-10-01/2026-10-15` (ISO 8601, both days included). */
export const Period = (label: string) =>
  described(
    z
      .string()
      .refine((said) => NAMED_PERIOD.test(said) || DATED_PERIOD.test(said), 'must be like last month or 30 days'),
    { kind: 'period', label, hint: 'like last month, 30 days, 2026-10' },
  )
/** `#payments-ops`. */
export const Channel = described(z.string().regex(/^#[\p{L}\p{N}_.-]{1,80}$/u, 'must be like #payments-ops'), {
  kind: 'channel',
  label: 'channel',
  hint: 'like #payments-ops',
})
const SCHEDULE =
  /^(?:now|hourly|(?:daily|weekdays|weekly|monthly|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: (?:[01]\d|2[0-3]):[0-5]\d)?)$/
/** `now`, `hourly`, `daily 09:00`, `weekdays`, `monday 08:30`, `monthly`; the clock is the speaker's. */
export const Schedule = described(z.string().regex(SCHEDULE, 'must be like daily 09:00 or monday 08:30'), {
  kind: 'schedule',
  label: 'time',
  hint: 'like daily 09:00, monday 08:30',
})
/** A service, an environment or a team; `all` for everything. */
export const Scope = described(z.string().min(1).max(100), { kind: 'scope', label: 'scope' })
/** `{"pool": "blue", "n": "3"}`, said as `pool=blue n=3`. */
export const Variables = described(z.record(z.string().min(1).max(60), z.string().max(500)), {
  kind: 'variables',
  label: 'variables',
  hint: 'like pool=blue n=3',
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
