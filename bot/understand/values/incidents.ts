import { parseOperationId } from '../../../core/ids.ts'
import type { Found } from './found.ts'

const GLUED = /^inc(?:ident)?[-_#]{0,2}(\d{1,9})$/
const NUMBER = /^#?(\d{1,9})$/
const NAMING: ReadonlySet<string> = new Set(['number', 'no', 'no.', 'nr', 'nr.', '#', 'id'])

/** An incident at `words[from]` (lower case) as `INC-142`: `inc-142`, `inc142`, `incident #142`, `incident number 142`. */
export function incidentAt(words: readonly string[], from: number): Found<string> | undefined {
  const word = words[from] ?? ''
  const glued = GLUED.exec(word)
  if (glued) return { value: `INC-${glued[1]}`, length: 1 }
  if (word !== 'inc' && word !== 'incident') return undefined
  const at = NAMING.has(words[from + 1] ?? '') ? from + 2 : from + 1
  const next = NUMBER.exec(words[at] ?? '') ?? GLUED.exec(words[at] ?? '')
  return next ? { value: `INC-${next[1]}`, length: at + 1 - from } : undefined
}

/** What is meant by a bare number where only an incident can be: `resolve 142`, `#142`. */
export function bareIncidentOf(word: string): string | undefined {
  const number = NUMBER.exec(word)
  return number ? `INC-${number[1]}` : undefined
}

/** An operation at `words[from]` as `op-7f3k9m2q`: in one word, or `operation 7f3k9m2q`. */
export function operationAt(words: readonly string[], from: number): Found<string> | undefined {
  const word = words[from] ?? ''
  const glued = /^op-?[0-9a-z]{8}$/.test(word) ? parseOperationId(word) : undefined
  if (glued) return { value: glued, length: 1 }
  const next = words[from + 1] ?? ''
  // Eight letters behind "operation" may be a word: an id that was cut off its prefix has a digit.
  if (!/^(?:op|operation)$/.test(word) || !/^(?:op-)?[0-9a-z]{8}$/.test(next) || !/\d/.test(next)) return undefined
  const id = parseOperationId(next)
  return id ? { value: id, length: 2 } : undefined
}

/** Which kind of id a word was meant for that is none: `op-12`, `inc-14b`. It is asked about, rather than be taken for a word. */
export const brokenIdAt = (word: string): 'operation' | 'incident' | undefined =>
  /^op-[0-9a-z]{1,40}$/.test(word) ? 'operation' : /^inc-[0-9a-z]{1,40}$/.test(word) ? 'incident' : undefined
