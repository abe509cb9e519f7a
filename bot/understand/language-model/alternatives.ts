import type { Json } from '../../../core/json.ts'
import type { Parameter } from '../parameters.ts'
import type { Ground } from './grounds.ts'
import { plainText, withGaps } from './said-names.ts'

const OR = 'or|oder|beziehungsweise|bzw|ou|o|u|または|か'
const LEAD = '(?:in|to|on|auf|nach|en|a|a la|sur|dans|the|der|die|das|el|la|le|version|v)'

/** Whether a value was said as one of two: "to qa or preprod", "2.1 oder 2.0". Which of them is not a model's to decide. */
export function isAlternative({ kind }: Parameter, value: Json, { said, catalog }: Ground): boolean {
  const words = wordsFor(kind, String(value), catalog)
  if (words.length === 0) return false
  const any = words
    .map((word) =>
      plainText(word)
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/[\s_-]+/g, '[\\s_-]*'),
    )
    .join('|')
  const text = withGaps(plainText(said))
  const edge = '(?![\\p{Script=Latin}\\p{N}]|[.-]\\p{N})'
  const before = new RegExp(`(?<!\\p{L})(?:${OR})\\s+(?:${LEAD}\\s+)?(?:${any})${edge}`, 'u')
  const after = new RegExp(
    `(?<![\\p{Script=Latin}\\p{N}]|\\p{N}\\.)(?:${any})\\s*,?\\s+(?:${OR})(?!\\p{Script=Latin})`,
    'u',
  )
  return before.test(text) || after.test(text)
}

function wordsFor(kind: Parameter['kind'], value: string, catalog: Ground['catalog']): readonly string[] {
  if (kind === 'service' || kind === 'environment') {
    const entry = kind === 'service' ? catalog.service(value) : catalog.environment(value)
    return entry ? [entry.name, ...entry.aliases] : [value]
  }
  if (kind === 'version') return [value]
  return kind === 'replicas' || kind === 'number' ? [value.replace(/^[+x-]/, '')] : []
}
