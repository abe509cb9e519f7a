import { durationMs } from '../../../core/parameters.ts'
import { textOf } from '../clauses.ts'
import { type Parameter, parametersOf } from '../parameters.ts'
import { type Doubt, type Doubting, shown } from './doubting.ts'

const ROUGHLY =
  /(?:^| )(?:about|around|roughly|approximately|approx|circa|nearly|almost|some|something like|ca|~|maybe|couple of|couple|few|several|handful of|dozens of|tens of) <(?:number|change|money)>| <(?:number|money)> (?:or so|ish|or more|or less|something|plus)(?= |$)/

const BOUNDED =
  /(?:^| )(?:at most|at least|more than|less than|over|under|no more than|no less than|not more than|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?) <(?:number|change)>|<(?:number|change)> (?:(?:replicas|pods|instances|copies) )?(?:max(?:imum)?|min(?:imum)?|at (?:most|least)|tops)(?= |$)/

// `about 6`, `some thousand euros`: a count is exact, and so is money.
export function vagueCounts({ skill, items, draft, raw = '' }: Doubting): readonly Doubt[] {
  const text = textOf(items)
  const roughly = ROUGHLY.test(text) || /(?:^|\s)[~\u2248<>\u2264\u2265]\s?\d/.test(raw)
  const bounded = BOUNDED.test(text)
  if (!roughly && !bounded) return []
  return parametersOf(skill).flatMap((parameter): Doubt[] => {
    const said = draft[parameter.name]
    if (!said || !(parameter.kind === 'replicas' || (roughly && /^(?:money|number)$/.test(parameter.kind)))) return []
    return [[parameter.name, `Exactly which ${parameter.label}?`, [shown(said.value)]]]
  })
}

const SOME_TIME =
  /(?:^| )for (?:a |some |quite )?(?:while|bit|moment|time|few \w+|the (?:weekend|night|moment|day|rest)|long|short time|little while|little|couple|some time|several \w+|ages)(?= |$)|(?:^| )(?:a while|temporarily|some time|briefly|shortly|for (?:a )?short(?:ly)?)(?= |$)/
const SHORT_ADDITION =
  /^(?:(?:but|and|only|just|please|not) )*(?:for |briefly|shortly|temporarily|until |till )(?:\S+ ?){0,3}$/
const OPEN_END = /(?:^| )(?:until|till|til)(?= (?!further notice|(?:i|we|told) (?:say|said|tell|decide|otherwise))|$)/

// `for a while`, `until the 31st of february`
export function vagueSpans({ skill, items, draft, beside = [] }: Doubting): readonly Doubt[] {
  const text = [textOf(items), ...beside.filter((other) => SHORT_ADDITION.test(other))].join(' ; ')
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
  /(?:^| )(?:some|an?|any|another|a different|the other|different|other) (?:\w+ )?(?:older|earlier|newer|good|stable|working|other|different|recent|version|build|release|tag|image)(?= |$)|(?:^| )(?:older|earlier|newer) (?:version|build|release|one)(?= |$)|(?:^| )(?:to|on|with) (?:something|anything)(?= |$)|(?:^| )(?:a bit|a little|further|(?:a few|several|some|a couple of) (?:versions|releases|builds|steps))(?= |$)|<previous> (?:the )?(?:last|previous)(?= |$)/

// `to the one that worked`, `to the build from tuesday`: told, not named.
const TOLD_VERSION =
  /(?:^| )(?:the|that|whatever|whichever) (?:one|version|build|release|tag|image|state) (?:that|which|we|i|you|he|she|they|it|from|of|with|where|when)(?= )/

// `v4 something`, `2.1 or newer`
const ABOUT_THIS_VERSION =
  / <(?:version|number)> (?:something|(?:point |dot )?whatever|ish|or so|or (?:newer|later|higher|above|older|lower|similar)|and (?:up|above|later|newer)|upwards)(?= |$)/

export function vagueVersions({ skill, items, draft }: Doubting): readonly Doubt[] {
  const parameter = parametersOf(skill).find(({ kind }) => kind === 'version')
  if (!parameter) return []
  const said = draft[parameter.name]
  if (said && !Array.isArray(said.value) && ABOUT_THIS_VERSION.test(textOf(items)))
    return [[parameter.name, `Which version exactly is "${shown(said.value)}"?`, []]]
  if (skill.name === 'rollback' && said?.value === 'latest')
    return [[parameter.name, 'The latest version is not one to go back to. Which one?', ['previous']]]
  if (
    typeof said?.value === 'string' &&
    /^[a-z][a-z._-]*$/i.test(said.value) &&
    !/^(?:previous|latest)$/i.test(said.value) &&
    items.length > 0
  )
    return [[parameter.name, `Is "${said.value}" a version?`, [said.value]]]
  if ((said && said.value !== 'previous') || !parameter.optional) return []
  const text = textOf(items)
  if (!SOME_VERSION.test(text) && (said || !TOLD_VERSION.test(text))) return []
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
export function oddNumbers({ skill, draft, strange = [] }: Doubting): readonly Doubt[] {
  // `to 2nd level` is a place in a row, no count.
  const odd = strange.find(
    (item) => (/\d/.test(item.text) && !/^\d(?:st|nd|rd|th)$/.test(item.text)) || item.text === 'minus',
  )
  if (!odd) return []
  const parameters = parametersOf(skill)
  const kind = COUNTED.find((one) => parameters.some((parameter) => parameter.kind === one && draft[parameter.name]))
  const parameter = parameters.find((one) => one.kind === kind) ?? parameters[0]
  return parameter ? [[parameter.name, `What is "${odd.text}"?`, []]] : []
}

const ANNOUNCING: readonly (readonly [name: string, words: RegExp])[] = [
  ['strategy', /(?:^| )(?:strategy|strategies)(?= |$)/],
  ['severity', /(?:^| )(?:severity|sev-?\d+|priority|prio|p\d+)(?= |$)/],
  ['reason', /(?:^| )(?:because|due to|reason:?|since)$/],
]

const NO_SEVERITY = /(?<![\w.])(?:p[05-9]|(?:sev|severity|prio|priority)[ -]?(?:0|[5-9]|\d{2,}))(?![\w.]*\d)\b/i

// `declare "cart is down", P7`: a rank that there is not. `p95` is a percentile.
export function unknownRanks({ skill, draft, raw = '' }: Doubting): readonly Doubt[] {
  const [rank] = NO_SEVERITY.exec(raw) ?? []
  const parameter = parametersOf(skill).find(({ name }) => name === 'severity')
  if (!rank || !parameter || draft[parameter.name]) return []
  return [[parameter.name, `There is no severity "${rank}". Which one?`, parameter.choices]]
}

// `with the big bang strategy`, `because` and nothing behind it: a value was announced and is none.
export const announced = ({ skill, items, draft }: Doubting): readonly Doubt[] =>
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
export function unknownPlaces({ skill, draft, strange = [] }: Doubting): readonly Doubt[] {
  // Who is paged by name is paged for no place.
  if (draft.person) return []
  const parameter = parametersOf(skill).find(
    ({ name, optional, kind }) =>
      optional && !draft[name] && (kind === 'environment' || kind === 'service' || kind === 'scope'),
  )
  const word = strange.find(({ text }) => /^[a-z][\w.-]+$/.test(text))
  return parameter && word ? [[parameter.name, `Which ${parameter.label} is "${word.text}"?`, []]] : []
}

// `for 0 minutes`
export const emptySpans = ({ skill, draft }: Doubting): readonly Doubt[] =>
  parametersOf(skill).flatMap(({ name, kind }): Doubt[] =>
    kind === 'duration' && draft[name] && durationMs(shown(draft[name]?.value)) === 0
      ? [[name, 'For how long?', ['30m', '1h', '2h']]]
      : [],
  )

// `2.x`, `2.4-or-later`: no image is called so.
export const wildVersions = ({ skill, draft }: Doubting): readonly Doubt[] =>
  parametersOf(skill).flatMap(({ name, kind }): Doubt[] =>
    kind === 'version' &&
    /^x0$|^v?\d+(?:\.\d+)*\.[x*](?:\.|$)|^[a-z]$|or-later|or-newer|something|whatever|whichever|\dish$|-ish$|[<>^~]/i.test(
      shown(draft[name]?.value),
    )
      ? [[name, `Which version exactly is "${shown(draft[name]?.value)}"?`, []]]
      : [],
  )
