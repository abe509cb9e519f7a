import type { Catalog } from '../../../core/catalog/catalog.ts'
import type { Json } from '../../../core/json.ts'
import type { SpokenSkill } from '../../../core/skill.ts'
import type { Item } from '../clauses.ts'
import type { Draft } from '../draft.ts'
import type { Slot } from '../slots.ts'

/** A change as it was read, and what was not. */
export interface Doubting {
  readonly skill: SpokenSkill
  readonly items: readonly Item[]
  /** The whole text, values as `<service>`. */
  readonly text: string
  readonly draft: Draft
  /** Values that no parameter took. */
  readonly left: readonly Slot[]
  /** What else was said, a clause each. */
  readonly beside?: readonly string[]
  /** Words that nothing explains. */
  readonly strange?: readonly Item[]
  readonly catalog?: Catalog
  /** As it was typed. */
  readonly raw?: string
}

/** What to ask about a parameter, and what to offer. */
export type Doubt = readonly [parameter: string, says: string, options: readonly string[]]

/** The draft of a change with everything marked unclear that was said in two ways, vaguely, or against itself: a change never runs on a guess. */

export const shown = (value: Json | undefined): string => String(value ?? '')
