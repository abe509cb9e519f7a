import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Json } from '../../core/json.ts'
import { durationMs } from '../../core/parameters.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import { type Item, textOf } from './clauses.ts'
import type { Draft, Said } from './draft.ts'
import { exactly } from './entities.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import type { Slot } from './slots.ts'

interface Doubting {
  readonly skill: SpokenSkill
  readonly items: readonly Item[]
  /** The whole text, values as `<service>`. */
  readonly text: string
  readonly draft: Draft
  /** Values that no parameter took. */
  readonly left: readonly Slot[]
  /** Words that nothing explains. */
  readonly strange?: readonly Item[]
  readonly catalog?: Catalog
  /** As it was typed. */
  readonly raw?: string
}

type Doubt = readonly [parameter: string, says: string, options: readonly string[]]

/** The draft of a change with everything marked unclear that was said in two ways, vaguely, or against itself: a change never runs on a guess. */
export function withDoubts(doubting: Doubting): Draft {
  const doubts = [
    ...eitherOr(doubting),
    ...saidTwice(doubting),
    ...vagueCounts(doubting),
    ...vagueSpans(doubting),
    ...vagueVersions(doubting),
    ...againstItself(doubting),
    ...leftOpen(doubting),
    ...oddNumbers(doubting),
    ...anyOr(doubting),
    ...exceptions(doubting),
    ...announced(doubting),
    ...unknownPlaces(doubting),
    ...emptySpans(doubting),
    ...wildVersions(doubting),
    ...namesAsTexts(doubting),
    ...others(doubting),
  ]
  const draft: Record<string, Said> = { ...doubting.draft }
  for (const [name, says, options] of doubts) {
    const said = draft[name]
    if (!said?.unclear) draft[name] = { value: said?.value ?? options[0] ?? '', unclear: { says, options } }
  }
  return draft
}

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

const parameterFor = (skill: SpokenSkill, kind: string, draft: Draft): Parameter | undefined => {
  const fitting = parametersOf(skill).filter((parameter) => takes(parameter, kind))
  // The last that was said: where something goes, not where it comes from.
  return fitting.findLast(({ name }) => draft[name]) ?? fitting[0]
}

const shown = (value: Json | undefined): string => String(value ?? '')

// `to ten or twenty`, `in eu or us`
function eitherOr({ skill, items, draft }: Doubting): readonly Doubt[] {
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
function saidTwice({ skill, draft, left }: Doubting): readonly Doubt[] {
  return left.flatMap((slot): Doubt[] => {
    const parameter = parameterFor(skill, slot.kind, draft)
    if (!parameter || /^(?:person|quoted|url)$/.test(slot.kind)) return []
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

const ROUGHLY =
  /(?:^| )(?:about|around|roughly|approximately|approx|circa|nearly|almost|some|something like|ca|~|maybe) <(?:number|change|money)>| <(?:number|money)> (?:or so|ish|or more|or less|something|plus)(?= |$)/

const BOUNDED =
  /(?:^| )(?:at most|at least|more than|less than|over|under|no more than|no less than|not more than) <(?:number|change)>/

// `about 6`, `some thousand euros`: a count is exact, and so is money.
function vagueCounts({ skill, items, draft, raw = '' }: Doubting): readonly Doubt[] {
  const text = textOf(items)
  const roughly = ROUGHLY.test(text) || /(?:^|\s)[~\u2248<>\u2264\u2265]\s?\d/.test(raw)
  const bounded = BOUNDED.test(text)
  if (!roughly && !bounded) return []
  return parametersOf(skill).flatMap((parameter): Doubt[] => {
    const said = draft[parameter.name]
    if (!said || !(parameter.kind === 'replicas' || (roughly && parameter.kind === 'money'))) return []
    return [[parameter.name, `Exactly which ${parameter.label}?`, [shown(said.value)]]]
  })
}

const SOME_TIME =
  /(?:^| )for (?:a |some |quite )?(?:while|bit|moment|time|few \w+|the (?:weekend|night|moment|day|rest)|long|short time|little while|little|couple|some time|several \w+|ages)(?= |$)|(?:^| )(?:a while|temporarily|some time)(?= |$)/
const OPEN_END = /(?:^| )(?:until|till|til)(?= (?!further notice|(?:i|we|told) (?:say|said|tell|decide|otherwise))|$)/

// `for a while`, `until the 31st of february`
function vagueSpans({ skill, items, draft }: Doubting): readonly Doubt[] {
  const text = textOf(items)
  const parameter = parametersOf(skill).find(
    ({ kind, name }) => (kind === 'duration' && name === 'for') || kind === 'moment',
  )
  if (!parameter || draft[parameter.name]) return []
  if (!SOME_TIME.test(text) && !OPEN_END.test(text)) return []
  return [
    [
      parameter.name,
      parameter.kind === 'moment' ? 'Until when?' : 'For how long?',
      parameter.kind === 'moment' ? [] : ['30m', '1h', '2h'],
    ],
  ]
}

const SOME_VERSION =
  /(?:^| )(?:some|an?|any|another|a different|the other|different|other) (?:\w+ )?(?:older|earlier|newer|good|stable|working|other|different|recent|version|build|release|tag|image)(?= |$)|(?:^| )(?:older|earlier|newer) (?:version|build|release|one)(?= |$)/

function vagueVersions({ skill, items, draft }: Doubting): readonly Doubt[] {
  const parameter = parametersOf(skill).find(({ kind }) => kind === 'version')
  if (!parameter) return []
  const said = draft[parameter.name]
  if (skill.name === 'rollback' && said?.value === 'latest')
    return [[parameter.name, 'The latest version is not one to go back to. Which one?', ['previous']]]
  if (
    typeof said?.value === 'string' &&
    /^[a-z]+$/i.test(said.value) &&
    !/^(?:previous|latest)$/i.test(said.value) &&
    items.length > 0
  )
    return [[parameter.name, `Is "${said.value}" a version?`, [said.value]]]
  if (said || !parameter.optional || !SOME_VERSION.test(textOf(items))) return []
  return [[parameter.name, 'Which version exactly?', ['previous']]]
}

const COUNTED: readonly Parameter['kind'][] = [
  'schedule',
  'moment',
  'duration',
  'replicas',
  'money',
  'number',
  'version',
  'environment',
  'service',
]

// `for minus 2 hours`, `at 25:00`: a number that nothing takes is a value that was not understood.
function oddNumbers({ skill, draft, strange = [] }: Doubting): readonly Doubt[] {
  const odd = strange.find((item) => /\d/.test(item.text) || item.text === 'minus')
  if (!odd) return []
  const parameters = parametersOf(skill)
  const kind = COUNTED.find((one) => parameters.some((parameter) => parameter.kind === one && draft[parameter.name]))
  const parameter = parameters.find((one) => one.kind === kind) ?? parameters[0]
  return parameter ? [[parameter.name, `What is "${odd.text}"?`, []]] : []
}

// An "or" between anything leaves a choice open.
function anyOr({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!items.some((item, index) => item.text === 'or' && index < items.length - 1 && items[index + 1]?.text !== 'so'))
    return []
  const parameter =
    parametersOf(skill).findLast(({ name, kind }) => draft[name] && kind !== 'text') ??
    parametersOf(skill).find(({ name }) => draft[name])
  return parameter
    ? [[parameter.name, `Which ${parameter.label}?`, [draft[parameter.name]?.value].flat().map(shown)]]
    : []
}

const ANNOUNCING: readonly (readonly [name: string, words: RegExp])[] = [
  ['strategy', /(?:^| )(?:strategy|strategies)(?= |$)/],
  ['severity', /(?:^| )(?:severity|sev-?\d+|priority|prio|p\d+)(?= |$)/],
  ['reason', /(?:^| )(?:because|due to|reason:?|since)$/],
]

// `with the big bang strategy`, `because` and nothing behind it: a value was announced and is none.
const announced = ({ skill, items, draft }: Doubting): readonly Doubt[] =>
  ANNOUNCING.flatMap(([name, words]): Doubt[] => {
    const parameter = parametersOf(skill).find((one) => one.name === name)
    const said = draft[name]?.value
    const empty =
      said === undefined || (typeof said === 'string' && /^(?:because|due to|reason|since|for|as)$/i.test(said))
    return parameter && empty && (said !== undefined || words.test(textOf(items)))
      ? [[name, `Which ${parameter.label}?`, parameter.choices]]
      : []
  })

// `set staging to read-only` where there is no staging: everywhere is not what was meant.
function unknownPlaces({ skill, draft, strange = [] }: Doubting): readonly Doubt[] {
  const parameter = parametersOf(skill).find(
    ({ name, optional, kind }) =>
      optional && !draft[name] && (kind === 'environment' || kind === 'service' || kind === 'scope'),
  )
  const word = strange.find(({ text }) => /^[a-z][\w.-]+$/.test(text))
  return parameter && word ? [[parameter.name, `Which ${parameter.label} is "${word.text}"?`, []]] : []
}

const EXCEPT =
  /(?:^| )(?:all|everything|everyone|any|every \S+) (?:but|besides|except|excluding|apart from|other than|without)(?= )|(?:^| )(?:besides|excluding|apart from|other than|except|except for)(?= )/

// `all but ledger`: the named one is the one that is not meant.
function exceptions({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!EXCEPT.test(textOf(items))) return []
  const parameter = parametersOf(skill).find(
    ({ name, kind }) => draft[name] && (kind === 'service' || kind === 'environment'),
  )
  return parameter ? [[parameter.name, `Which ${parameter.label} exactly? Name each.`, []]] : []
}

// `for 0 minutes`
const emptySpans = ({ skill, draft }: Doubting): readonly Doubt[] =>
  parametersOf(skill).flatMap(({ name, kind }): Doubt[] =>
    kind === 'duration' && draft[name] && durationMs(shown(draft[name]?.value)) === 0
      ? [[name, 'For how long?', ['30m', '1h', '2h']]]
      : [],
  )

// `2.x`, `2.4-or-later`: no image is called so.
const wildVersions = ({ skill, draft }: Doubting): readonly Doubt[] =>
  parametersOf(skill).flatMap(({ name, kind }): Doubt[] =>
    kind === 'version' &&
    /^x0$|^v?\d+(?:\.\d+)*\.[x*](?:\.|$)|^[a-z]$|or-later|or-newer|[<>^~]/i.test(shown(draft[name]?.value))
      ? [[name, `Which version exactly is "${shown(draft[name]?.value)}"?`, []]]
      : [],
  )

// `halt seats`: a service is no reason to halt everything.
function namesAsTexts({ skill, draft, catalog }: Doubting): readonly Doubt[] {
  if (!catalog || parametersOf(skill).some(({ kind }) => kind === 'service')) return []
  return parametersOf(skill).flatMap(({ name, kind }): Doubt[] => {
    const said = draft[name]?.value
    const isName =
      kind === 'text' &&
      typeof said === 'string' &&
      (['service', 'environment'] as const).some((one) => exactly(catalog, one, said).length > 0)
    return isName ? [[name, `This is not about ${said} alone. Is that meant?`, [said]]] : []
  })
}

const OTHERS =
  /(?:^| )(?:the|an)?other (?:one|ones|service|services|app|env|environment|region|place)(?= |$)|(?:^| )(?:and|&) (?:the )?(?:others|rest|so on|co|friends)(?= |$)|(?:^| )etc(?= |$)/

function others({ skill, items, draft }: Doubting): readonly Doubt[] {
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

const UP = /^(?:up|increase|raise|grow|more|bump|boost|add|extra)$/
const DOWN = /^(?:down|decrease|reduce|lower|shrink|fewer|less|cut|drop)$/

// `up from 6 to 3`, `from qa to qa`
function againstItself({ skill, items, draft }: Doubting): readonly Doubt[] {
  const doubts: Doubt[] = []
  const count = parametersOf(skill).find(({ kind }) => kind === 'replicas')
  const numbers = items.filter((item) => item.slot?.kind === 'number')
  const [from, to] = numbers.map((item) => Number(item.slot?.value))
  const starts = /(?:^| )from <number>|<number> (?:->|to|=>) <number>/.test(textOf(items))
  if (count && from !== undefined && to !== undefined && starts) {
    const up = items.some(({ text }) => UP.test(text))
    const down = items.some(({ text }) => DOWN.test(text))
    if ((up && !down && to <= from) || (down && !up && to >= from))
      doubts.push([
        count.name,
        `From ${from} to ${to} is not ${up ? 'up' : 'down'}. How many replicas?`,
        [`${from}`, `${to}`],
      ])
  }
  const values = [...new Set(numbers.map((item) => shown(item.slot?.value)))]
  if (count && values.length > 1 && !starts && !items.some(({ text }) => text === 'from'))
    doubts.push([count.name, `Several numbers were named: ${values.join(', ')}. How many replicas?`, values])
  const places = parametersOf(skill).filter(({ kind }) => kind === 'environment')
  const [first, last] = places
  if (
    first &&
    last &&
    first !== last &&
    draft[first.name] &&
    shown(draft[first.name]?.value) === shown(draft[last.name]?.value)
  )
    for (const { name } of [first, last])
      doubts.push([name, `From ${shown(draft[first.name]?.value)} to itself? Which environments?`, []])
  return doubts
}

/** Words that leave the choice to somebody else. */
export const UNDECIDED =
  /(?:^| )(?:whichever|either|somewhere|you (?:choose|pick|decide)|your (?:choice|call|pick)|(?:don't|dont|do not) care(?: which)?|one of (?:them|the|those|these)|any of (?:them|the|those))(?= |$)/

// `in eu or us, you choose`: the bot does not choose.
function leftOpen({ skill, text, draft }: Doubting): readonly Doubt[] {
  if (!UNDECIDED.test(text)) return []
  const said = parametersOf(skill).filter(({ name, optional }) => draft[name] && !optional)
  const parameter = said.find(({ kind }) => kind === 'environment') ?? said[0]
  return parameter
    ? [[parameter.name, `Which ${parameter.label}?`, [draft[parameter.name]?.value].flat().map(shown)]]
    : []
}
