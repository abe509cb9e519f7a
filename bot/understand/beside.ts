import type { SpokenSkill } from '../../core/skill.ts'
import type { Asked } from './asked.ts'
import type { Item } from './clauses.ts'
import type { Before } from './extract.ts'
import { parametersOf } from './parameters.ts'
import type { SpokenClause } from './speech/act.ts'
import type { Word } from './words.ts'

// `lock cart until friday, month end close`: what stands behind a request tells why.
export function reasonBeside(skill: SpokenSkill, { behind }: Asked, words: readonly Word[]): string | undefined {
  if (!parametersOf(skill).some(({ name }) => name === 'reason')) return undefined
  const telling = behind.filter(({ act }) => act === 'report' || act === 'fragment' || act === 'plan')
  const items = telling.flatMap((clause) => clause.items)
  const [first, last] = [items[0], items.at(-1)]
  return first && last ? saidBetween(first, last, words) : undefined
}

function saidBetween(first: Item, last: Item, words: readonly Word[]): string {
  return words
    .slice(first.word, last.slot ? last.slot.to : last.word + 1)
    .map((word) => word.text + word.after)
    .join(' ')
    .replace(/[.,;:!\s]+$/, '')
    .slice(0, 500)
}

// `checkout is slow in prod, scale it to 6`: what was spoken of right before is "it" and "there".
export function spokenOf(asked: Asked, before: Before | undefined): Before | undefined {
  const said: Record<string, string> = {}
  for (const kind of ['service', 'environment', 'operation'] as const) {
    const values = new Set(valuesIn(asked.others, kind))
    const [value] = values
    if (value && values.size === 1) said[kind] = value
  }
  return Object.keys(said).length ? { ...before, ...said } : before
}

const valuesIn = (clauses: readonly SpokenClause[], kind: string): readonly string[] =>
  clauses.flatMap((clause) =>
    clause.items.flatMap((item) => (item.slot?.kind === kind ? [String(item.slot.value)] : [])),
  )
