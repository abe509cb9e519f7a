import type { JsonObject } from '../../../core/json.ts'

/** An element of an Adaptive Card. The whole is checked against Microsoft's schema in the tests. */
export type Element = JsonObject

/** How much of a card is drawn. Each level has about half of the one before it. */
export interface Limits {
  readonly text: number
  readonly line: number
  readonly cell: number
  readonly rows: number
  readonly columns: number
  readonly codeLines: number
  readonly codeText: number
  readonly items: number
  readonly blocks: number
  readonly buttons: number
  readonly choices: number
}

const MOST: Limits = {
  text: 4_000,
  line: 300,
  cell: 240,
  rows: 30,
  columns: 10,
  codeLines: 60,
  codeText: 6_000,
  items: 40,
  blocks: 40,
  buttons: 18,
  choices: 200,
}
const LEAST: Limits = {
  text: 40,
  line: 40,
  cell: 8,
  rows: 1,
  columns: 2,
  codeLines: 1,
  codeText: 40,
  items: 1,
  blocks: 1,
  buttons: 0,
  choices: 1,
}

/** The limits of a level: 0 draws the most, LEVELS - 1 the least there is. */
export function limitsOf(level: number): Limits {
  const halved = (name: keyof Limits) =>
    level >= LEVELS - 1 ? LEAST[name] : Math.max(LEAST[name], Math.floor(MOST[name] / 2 ** level))
  // The keys are those of MOST, so what comes out has them all.
  return Object.fromEntries(Object.keys(MOST).map((name) => [name, halved(name as keyof Limits)])) as unknown as Limits
}

export const LEVELS = 9

/** One drawing of a card: its limits, and whether something had to be left out. */
export interface Page {
  readonly limits: Limits
  readonly now: Date
  /** Notes that something was left out, so that the whole is attached. */
  leaveOut(): void
}

/** A list cut to what fits, and how many are left. */
export function cutList<Item>(
  page: Page,
  items: readonly Item[],
  most: number,
): { shown: readonly Item[]; left: number } {
  if (items.length <= most) return { shown: items, left: 0 }
  page.leaveOut()
  return { shown: items.slice(0, most), left: items.length - most }
}
