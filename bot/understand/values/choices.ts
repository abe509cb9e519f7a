import type { Parameter } from '../parameters.ts'
import type { Found } from './found.ts'
import { numberOf } from './numbers.ts'

const MOST_WORDS = 3
const LEADING = /^(?:per|a|an|each|every|as)$/

const keyOf = (text: string): string => text.toLowerCase().replace(/[-_\s./]/g, '')

/** The choice at `words[from]` (lower case), also said in the parameter's other words: `sev 1`, `rolled back`, `P1`, `per month`. */
export function choiceAt(parameter: Parameter, words: readonly string[], from: number): Found<string> | undefined {
  for (let length = Math.min(MOST_WORDS, words.length - from); length > 0; length--) {
    const run = words.slice(from, from + length)
    const value = chosen(parameter, run)
    if (value !== undefined) return { value, length }
  }
  if (!LEADING.test(words[from] ?? '')) return undefined
  const behind = chosen(parameter, words.slice(from + 1, from + 2))
  return behind === undefined ? undefined : { value: behind, length: 2 }
}

function chosen(parameter: Parameter, run: readonly string[]): string | undefined {
  const text = run.join(' ')
  if (run.length === 0 || text.length > 60) return undefined
  const wanted = keyOf(text)
  // `info-level`, `critical-only`
  const found =
    named(parameter, wanted) ??
    named(parameter, wanted.replace(/(?:level|only|severity|status|mode)$/, '')) ??
    named(parameter, wanted.replace(/s$/, '')) ??
    named(parameter, `${wanted}d`) ??
    named(parameter, `${wanted}ed`)
  if (found !== undefined) return found
  // `severity 2`, `priority one`: the rank in full is the rank in short.
  const [kind, rank] = run.length === 1 ? [/^\D+/.exec(wanted)?.[0], wanted.replace(/^\D+/, '')] : run
  const short = /^(?:severity|sev)$/.test(kind ?? '')
    ? 'sev'
    : /^(?:priority|prio|p)$/.test(kind ?? '')
      ? 'p'
      : undefined
  const number = short === undefined || run.length > 2 ? undefined : numberOf(rank ?? '')
  return number === undefined ? undefined : named(parameter, `${short}${number}`)
}

function named(parameter: Parameter, wanted: string): string | undefined {
  const own = parameter.choices.find((choice) => keyOf(choice) === wanted)
  if (own !== undefined) return own
  return Object.entries(parameter.said ?? {}).find(([word]) => keyOf(word) === wanted)?.[1]
}
