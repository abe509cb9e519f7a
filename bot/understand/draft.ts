import type { Json } from '../../core/json.ts'

/** What a reader found for one parameter, before it is checked. */
export interface Said {
  readonly value: Json
  /** Said, but it may mean several things: what to ask and offer. */
  readonly unclear?: { readonly says: string; readonly options: readonly string[] }
}

/** The parameters that were said, by name. */
export type Draft = Readonly<Record<string, Said>>
