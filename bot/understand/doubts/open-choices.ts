import type { SpokenSkill } from '../../../core/skill.ts'
import { textOf } from '../clauses.ts'
import type { Draft } from '../draft.ts'
import { type Parameter, parametersOf } from '../parameters.ts'
import { type Doubt, type Doubting, shown } from './doubting.ts'

const KINDS: Readonly<Partial<Record<Parameter['kind'], RegExp>>> = {
  replicas: /^(?:number|change|percent)$/,
  number: /^(?:number|range)$/,
  money: /^(?:money|number)$/,
  record: /^(?:operation|incident)$/,
  duration: /^duration$/,
  scope: /^(?:service|environment|team)$/,
}

const takes = (parameter: Parameter, kind: string): boolean =>
  (KINDS[parameter.kind] ?? new RegExp(`^${parameter.kind}$`)).test(kind)

/** The parameter that a value of this kind is for. */
export const parameterFor = (skill: SpokenSkill, kind: string, draft: Draft): Parameter | undefined => {
  const fitting = parametersOf(skill).filter((parameter) => takes(parameter, kind))
  // The last that was said: where something goes, not where it comes from.
  return fitting.findLast(({ name }) => draft[name]) ?? fitting[0]
}

// `to ten or twenty`, `in eu or us`
export function eitherOr({ skill, items, draft }: Doubting): readonly Doubt[] {
  return items.flatMap((item, index): Doubt[] => {
    if (!/^(?:or|and\/or)$/.test(item.text)) return []
    const left = items[index - 1]?.slot ?? items[index - 2]?.slot
    const right = items.slice(index + 1, index + 4).find((one) => one.slot)?.slot
    if (!left || !right || left.value === right.value) return []
    const parameter = parameterFor(skill, right.kind, draft)
    if (!parameter || (left.kind !== right.kind && !takes(parameter, left.kind))) return []
    const options = [shown(left.value), shown(right.value)]
    return [[parameter.name, `${options.join(' or ')}: which ${parameter.label}?`, options]]
  })
}

// `to 4 replicas, 6 pods`: a value too many for what takes its kind.
export function saidTwice({ skill, draft, left }: Doubting): readonly Doubt[] {
  return left.flatMap((slot): Doubt[] => {
    const parameter = parameterFor(skill, slot.kind, draft)
    if (!parameter || /^(?:person|quoted|url)$/.test(slot.kind) || saidAlready(draft, slot.value)) return []
    const options = [
      ...new Set(
        [draft[parameter.name]?.value, slot.value]
          .flat()
          .filter((one) => one !== undefined)
          .map(shown),
      ),
    ]
    return [
      [parameter.name, `Several were named for the ${parameter.label}: ${options.join(', ')}. Which one?`, options],
    ]
  })
}

// `same as dev, carry it from dev to qa`: the same place again is no second one.
const saidAlready = (draft: Draft, value: string | number): boolean =>
  typeof value === 'string' && Object.values(draft).some((said) => !said.unclear && said.value === value)

// An "or" between anything leaves a choice open.
export function anyOr({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!items.some((item, index) => item.text === 'or' && index < items.length - 1 && items[index + 1]?.text !== 'so'))
    return []
  const parameter =
    parametersOf(skill).findLast(({ name, kind }) => draft[name] && kind !== 'text') ??
    parametersOf(skill).find(({ name }) => draft[name])
  return parameter
    ? [[parameter.name, `Which ${parameter.label}?`, [draft[parameter.name]?.value].flat().map(shown)]]
    : []
}

const EXCEPT =
  /(?:^| )(?:all|everything|everyone|any|every \S+) (?:but|besides|except|excluding|apart from|other than|without)(?= )|(?:^| )(?:besides|excluding|apart from|other than|except|except for)(?= )/

// `all but ledger`: the named one is the one that is not meant.
export function exceptions({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!EXCEPT.test(textOf(items))) return []
  const parameter = parametersOf(skill).find(
    ({ name, kind }) => draft[name] && (kind === 'service' || kind === 'environment'),
  )
  return parameter ? [[parameter.name, `Which ${parameter.label} exactly? Name each.`, []]] : []
}

const OTHERS =
  /(?:^| )(?:the|an)?other (?:one|ones|service|services|app|env|environment|region|place)(?= |$)|(?:^| )(?:and|&|plus|with) (?:(?:all )?(?:the|its|their|his|her|our|all) )?(?:others?|rest|remaining|so on|co|company|friends|siblings?|neighbou?rs?|dependenc(?:y|ies)|deps|dependents|buddies|gang|like|similar|whatever)(?= |$)|(?:^| )etc(?= |$)/

export function others({ skill, items, draft }: Doubting): readonly Doubt[] {
  const match = OTHERS.exec(textOf(items))
  if (!match) return []
  const kind = /env|region|place/.test(match[0]) ? 'environment' : 'service'
  const parameter = parametersOf(skill).find((one) => one.kind === kind)
  return parameter
    ? [
        [
          parameter.name,
          `Which ${parameter.label} is the other?`,
          [draft[parameter.name]?.value]
            .flat()
            .filter((one) => one !== undefined)
            .map(shown),
        ],
      ]
    : []
}

/** Words that leave the choice to somebody else. */
export const UNDECIDED =
  /(?:^| )(?:whichever|but which|(?:not sure|unsure|no idea|no clue|dunno|idk|forgot|forget|(?:don't|dont|do not|can't|cant|cannot) (?:know|remember|recall|tell|say|decide)) (?:which|what|whether|where|how (?:many|much|long)|who|whose)|either|somewhere|you (?:choose|pick|decide|tell me)|your (?:choice|call|pick)|up to you|take your pick|(?:don't|dont|do not) care(?: which)?|(?:<number>|one|any|some|which) of (?:them|(?:the|those|these|our) (?!pods|replicas|instances|copies)\S+|the))(?= |$)/

// `in eu or us, you choose`: the bot does not choose.
export function leftOpen({ skill, text, draft }: Doubting): readonly Doubt[] {
  if (!UNDECIDED.test(text)) return []
  const said = parametersOf(skill).filter(({ name, optional }) => draft[name] && !optional)
  const parameter = said.find(({ kind }) => kind === 'environment') ?? said[0]
  return parameter
    ? [[parameter.name, `Which ${parameter.label}?`, [draft[parameter.name]?.value].flat().map(shown)]]
    : []
}
