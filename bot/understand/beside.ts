import type { SpokenSkill } from '../../core/skill.ts'
import { type Asked, isDenied } from './asked.ts'
import { type Item, textOf } from './clauses.ts'
import type { Before } from './extract.ts'
import { parametersOf } from './parameters.ts'
import { saidBetween } from './reason.ts'
import type { SpokenClause } from './speech/act.ts'
import type { Word } from './words.ts'

// `lock cart until friday, month end close`: what stands behind a request tells why.
export function reasonBeside(
  skill: SpokenSkill,
  { behind, items: asking }: Asked,
  words: readonly Word[],
): string | undefined {
  if (!parametersOf(skill).some(({ name }) => name === 'reason')) return undefined
  // `…, nothing gets changed anywhere` says the order again.
  const telling = behind.filter(
    (clause) =>
      (clause.act === 'report' || clause.act === 'fragment' || clause.act === 'plan') &&
      !isDenied(clause) &&
      !/^(?:nothing|nobody|no one|no changes|no deploys|no more) (?!.*(?:works?|knows?|answers?|responds?|is (?:here|around|awake)))/.test(
        clause.text,
      ),
  )
  const items = telling.flatMap((clause) => clause.items)
  const [first, last] = [items[0], items.at(-1)]
  return first && last ? saidBetween(first, last, words) : purposeIn(asking, words)
}

// `lock cart in qa for the load test`: a span that is none says what for.
function purposeIn(items: readonly Item[], words: readonly Word[]): string | undefined {
  const at = items.findIndex(
    (item, index) =>
      index > 1 &&
      item.text === 'for' &&
      /^(?:the|a|an|our|my|some|\p{L}{4,})$/u.test(items[index + 1]?.text ?? '') &&
      !/^(?:changes?|deploys?|deployments?|releases?|rollouts?|everyone|everybody|everything|people|others|all|approval|me|us|myself|next|now|good|ever|about|around|roughly|almost|nearly|some|several|a while|a bit|some time|the (?:time|moment|next|rest))/.test(
        textOf(items.slice(index + 1, index + 3)),
      ),
  )
  if (at < 0) return undefined
  const rest = items.slice(at + 1)
  const end = rest.findIndex((item) => item.slot || /^(?:in|on|until|till|for|please|pls|thanks)$/.test(item.text))
  const told = end < 0 ? rest : rest.slice(0, end)
  const [first, last] = [told[0], told.at(-1)]
  return first && last && (told.length > 1 || !/^(?:the|a|an|our|my|some)$/.test(first.text))
    ? saidBetween(first, last, words)
    : undefined
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
    clause.items.flatMap((item) => (item.slot?.kind === kind && !item.slot.several ? [String(item.slot.value)] : [])),
  )
