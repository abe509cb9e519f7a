import type { SpokenSkill } from '../../core/skill.ts'
import type { Asked } from './asked.ts'
import { textOf } from './clauses.ts'
import type { Draft } from './draft.ts'
import type { Extraction } from './extract.ts'
import type { Lexicon } from './lexicon.ts'
import { MEASURES } from './mend-words.ts'
import { parametersOf } from './parameters.ts'
import { NOISE } from './stop-words.ts'

// Half a sentence with words that nothing explains: it is asked whether this was meant.
export function questioned(skill: SpokenSkill, draft: Draft): Draft {
  if (Object.values(draft).some(({ unclear }) => unclear) || isAsking(skill, draft)) return draft
  const [name, said] = Object.entries(draft)[0] ?? [parametersOf(skill)[0]?.name, { value: '' }]
  if (name === undefined) return draft
  const options = [said.value].flat().map(String).filter(Boolean)
  const says = options.length
    ? `Did you mean ${options.join(', ')}?`
    : 'Not all of that was understood. Say it again in other words.'
  return { ...draft, [name]: { ...said, unclear: { says, options } } }
}

export const isAsking = (skill: SpokenSkill, draft: Draft): boolean =>
  parametersOf(skill).some(({ name, optional }) => !optional && !draft[name])

// A value that nothing takes, a measure beside one, or a word in half a sentence: what was said is more than what was understood.
export const leavesOut = (skill: SpokenSkill, { clause }: Asked, { left, leftSlots, draft }: Extraction): boolean =>
  // An id says all: what stands beside it describes it.
  !(draft.operation || draft.incident) &&
  (leftSlots.some(({ kind }) => kind !== 'quoted') ||
    left.some(({ text }) => MEASURES.has(text) || UNITS.test(text)) ||
    (left.length > 0 &&
      (clause.act === 'fragment' || (isPlaced(skill) && left.filter(({ text }) => !BY_THE_WAY.test(text)).length > 1))))

// Of what happens to a thing in a place, every word may change what: `only the first pod of cart`, `with debug logging`.
const isPlaced = (skill: SpokenSkill): boolean =>
  skill.name !== 'rightsize' &&
  ['service', 'environment'].every((kind) => parametersOf(skill).some((one) => one.kind === kind && !one.optional))

// Said of how urgent or how welcome it is.
const BY_THE_WAY =
  /^(?:urgently|urgent|finally|actually|real|really|kindly|simply|basically|already|ahead|earliest|possible|convenience|soonest|instantly|promptly|please+|everybody|everyone|thing|favou?r|lovely|dear|guys|folks|pretty|hell|prev|previously|\W+)$/

const JOINING = /^(?:because|since|due|until|till|if|not|or|no)$/
const COUNTED = /^(?:replicas?|pods?|instances?|copies)$/

// Names and numbers alone ask for nothing: a whole change needs a word of its own, `cart qa restart`, or says where a version goes.
export function saysWhat(skill: SpokenSkill, { items, clause }: Asked, lexicon: Lexicon): boolean {
  const own = lexicon.vocabulary(skill.name)
  if (lexicon.phraseWeight(skill.name, textOf(clause.main)) >= 0.85) return true
  if (
    items.some(
      ({ text, slot }) => !slot && own.has(text) && !JOINING.test(text) && (COUNTED.test(text) || !NOISE.has(text)),
    )
  )
    return true
  // `cart in qa one version back`
  if (
    skill.name === 'rollback' &&
    /<previous>.* back(?: |$)|(?:^| )back to (?:the )?<(?:version|previous)>/.test(textOf(items))
  )
    return true
  // `double cart`: the count is the verb.
  if (/^(?:double|triple|treble|quadruple|halve)$/i.test(items[0]?.slot?.said ?? '')) return true
  const text = textOf(items)
  // Two places side by side do not say which way.
  if (skill.name === 'promote')
    return /(?:^| )from (?:the )?<environment>|<environment> (?:to|->|→|=>|into|onto) (?:the )?<environment>/.test(text)
  const goes = /(?:^| )(?:to|->|into|onto|on) (?:the )?<environment>/.test(text)
  return (
    skill.name === 'deploy' &&
    goes &&
    items.some(({ slot }) => slot?.kind === 'version' || slot?.kind === 'environment')
  )
}

const UNITS =
  /^(?:cores?|vcpus?|millicores|[kmgt]i?b?|ram|times|steps|versions|releases|everytime|always|forever|bi-?weekly|fortnightly|twice|\w{3,}ish)$/

export const isLater = ({ items }: Asked, { leftSlots }: Extraction): boolean =>
  items.some((item, index) => {
    if (!item.slot || !leftSlots.includes(item.slot)) return false
    const before = items[index - 1]?.text ?? ''
    return item.slot.kind === 'duration'
      ? /^(?:in|every|after|within)$/.test(before)
      : /^(?:moment|schedule)$/.test(item.slot.kind) && !/^(?:until|till|til)\b/i.test(item.slot.said)
  })
