import type { Word } from '../words.ts'
import type { Found } from './found.ts'

export interface Variable {
  readonly name: string
  readonly text: string
}

const ASSIGNED = /^(?:--)?([\p{L}_][\p{L}\p{N}_.-]{0,59})=(.*)$/u

/** `pool=blue`, `reason="two words"` or `--pool=blue` at `words[from]`. */
export function variableAt(words: readonly Word[], from: number): Found<Variable> | undefined {
  const word = words[from]
  const assigned = word && !word.quoted ? ASSIGNED.exec(word.text) : null
  const name = assigned?.[1]
  if (!name) return undefined
  if (assigned[2]) return { value: { name, text: assigned[2].slice(0, 500) }, length: 1 }
  const next = words[from + 1]
  return next?.quoted ? { value: { name, text: next.text }, length: 2 } : undefined
}
