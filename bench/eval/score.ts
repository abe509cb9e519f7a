import { isReady } from '../../core/interpretation.ts'
import { sameInput } from '../understand/same.ts'
import type { Line } from './lines.ts'
import type { Reading } from './reading.ts'

/** How a line was read. `dangerous`: a change is ready that nobody asked for. */
export type Mark = 'right' | 'asked' | 'wrong' | 'not taken' | 'dangerous'

export interface Marked {
  readonly line: Line
  readonly reading: Reading
  readonly mark: Mark
}

export function markOf(line: Line, { interpretation: found }: Reading, changes: ReadonlySet<string>): Mark {
  const ready = isReady(found)
  const changing = ready && changes.has(found.skill ?? '')
  switch (line.kind) {
    case 'request':
      if (ready && found.skill === line.skill && sameInput(line.skill, found.input, line.input)) return 'right'
      if (found.skill === null) return 'not taken'
      return ready ? 'wrong' : 'asked'
    case 'unclear': {
      if (changing) return 'dangerous'
      if (ready) return 'wrong'
      const open = [...found.missing, ...found.ambiguous, ...found.invalid]
      // Where even the skill is open, the general hint is the question.
      if (found.skill === null) return line.skill === null ? 'right' : 'not taken'
      return line.ask.length === 0 || line.ask.some((name) => open.includes(name)) ? 'right' : 'asked'
    }
    case 'none':
      if (changing) return 'dangerous'
      if (found.skill === null) return 'right'
      return ready ? 'wrong' : 'asked'
  }
}

export interface Tally {
  readonly count: number
  readonly marks: Readonly<Record<Mark, number>>
  /** The model was asked for so many of them. */
  readonly asked: number
  readonly silent: number
}

export function tallyOf(all: readonly Marked[]): Tally {
  const marks = { right: 0, asked: 0, wrong: 0, 'not taken': 0, dangerous: 0 }
  for (const { mark } of all) marks[mark]++
  const asked = all.filter(({ reading }) => reading.asked).length
  return { count: all.length, marks, asked, silent: all.filter(({ reading }) => reading.silent !== undefined).length }
}

/** By the skill that was meant; `none` where none was. */
export function bySkill(all: readonly Marked[]): ReadonlyMap<string, Tally> {
  const groups = Map.groupBy(all, ({ line }) => (line.kind === 'none' ? 'none' : (line.skill ?? 'open')))
  return new Map([...groups].sort().map(([skill, marked]) => [skill, tallyOf(marked)]))
}
