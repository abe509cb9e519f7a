import type { JsonObject } from './json.ts'

/** Who read a text: the exact command form, the local reader, a language model, a form a person filled in, or a button. */
export type Reader = 'command' | 'local' | 'model' | 'form'

/** What we understood. A request is ready only when `missing`, `ambiguous` and `invalid` are all empty. */
export interface Interpretation {
  readonly text: string
  /** Null when the text is no request. */
  readonly skill: string | null
  /** As said, in the grammar of DESIGN §7: replicas `6`, `"+3"`, `"x2"`; durations `"2h"`; several targets as an array. */
  readonly input: JsonObject
  /** 0–1, calibrated. The command form is 1. */
  readonly confidence: number
  readonly missing: readonly string[]
  readonly ambiguous: readonly string[]
  readonly invalid: readonly string[]
  readonly by: Reader
  /** For each ambiguous or invalid parameter: what to say and what to offer. */
  readonly questions?: readonly ParameterQuestion[]
  /** The person asked for a plan only. */
  readonly dryRun?: boolean
}

export interface ParameterQuestion {
  readonly parameter: string
  /** `There is no service "chekout".` */
  readonly says: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export function isReady(interpretation: Interpretation): boolean {
  return (
    interpretation.skill !== null &&
    interpretation.missing.length === 0 &&
    interpretation.ambiguous.length === 0 &&
    interpretation.invalid.length === 0
  )
}
