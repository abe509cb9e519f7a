import type { SpokenSkill } from '../../core/skill.ts'
import type { Item } from './clauses.ts'
import type { Draft, Said } from './draft.ts'
import { takeNames, takeScope } from './extract-names.ts'
import { extractReplicas } from './extract-replicas.ts'
import { extractText } from './extract-text.ts'
import { takeDuration, takeSpan } from './extract-times.ts'
import { addNearNames, isName, takeUnknownName } from './extract-unknown.ts'
import {
  takeChannel,
  takeIncident,
  takeMoney,
  takeNumber,
  takeOne,
  takePeriod,
  takeSchedule,
  takeVariables,
} from './extract-values.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import type { Known, Slot, SlotKind } from './slots.ts'
import { NOISE } from './stop-words.ts'
import { isTag } from './values/versions.ts'
import type { Word } from './words.ts'

/** What was spoken of before in the same thread, for "it", "there" and "that". */
export interface Before {
  readonly service?: string
  readonly environment?: string
  readonly operation?: string
}

export interface Sentence {
  readonly items: readonly Item[]
  readonly words: readonly Word[]
  readonly reason?: string
  /** The title or message at its end, in the speaker's own words. */
  readonly message?: string
  readonly before?: Before
  /** The only parameters to look for. Absent: all of them. */
  readonly only?: ReadonlySet<string>
}

export interface Extraction {
  readonly draft: Draft
  /** Typed values that no parameter wanted. */
  readonly leftSlots: readonly Slot[]
  /** Words that nothing explains. */
  readonly left: readonly Item[]
  /** Values found in the sentence itself that can be nothing else. */
  readonly certain: number
  /** Words taken for names that nobody knows. */
  readonly strange: number
  /** Parameters taken from what was spoken of before. */
  readonly recalled: number
}

/** The working state of one extraction; the helpers beside this file take from it. */
export interface Extracting extends Sentence {
  readonly known: Known
  readonly used: Set<Item>
  readonly said: Record<string, Said>
  /** The item before, skipping articles. */
  previous(item: Item): string
  unusedSlots(kind: SlotKind): readonly Item[]
}

/** Takes from a sentence what a skill asks for. `vocabulary` are words that the skill's own phrases explain. */
export function extract(
  skill: SpokenSkill,
  sentence: Sentence,
  known: Known,
  vocabulary: ReadonlySet<string>,
): Extraction {
  const used = new Set<Item>()
  const said: Record<string, Said> = {}
  const work: Extracting = {
    ...sentence,
    known,
    used,
    said,
    previous(item) {
      let at = sentence.items.indexOf(item) - 1
      while (
        at > 0 &&
        /^(?:the|a|an|our|my|version|env|environment|exactly|about|just)$/.test(sentence.items[at]?.text ?? '')
      )
        at--
      return sentence.items[at]?.text ?? ''
    },
    unusedSlots: (kind) => sentence.items.filter((item) => item.slot?.kind === kind && !used.has(item)),
  }
  const { only } = sentence
  const parameters = parametersOf(skill).filter((parameter) => !only || only.has(parameter.name))
  for (const parameter of parameters) takeSlots(work, parameter, parameters)
  for (const parameter of parameters) if (!said[parameter.name]) extractText(work, parameter)
  const open = () => unexplained(work, vocabulary)
  let strange = 0
  for (const parameter of parameters)
    if (!said[parameter.name] && takeUnknownName(work, parameter, parameters, open()) === 'strange') strange++
  for (const parameter of parameters) addNearNames(work, parameter, open())
  const certain = Object.keys(said).length - strange
  let recalled = 0
  for (const parameter of parameters) if (!said[parameter.name] && recall(work, parameter)) recalled++
  return {
    draft: said,
    // A pasted link is there to be clicked, not to be explained.
    leftSlots: sentence.items.flatMap((item) =>
      item.slot && item.slot.kind !== 'url' && !used.has(item) && !isSaid(said, item.slot) ? [item.slot] : [],
    ),
    left: open(),
    certain,
    strange,
    recalled,
  }
}

// `same as dev, carry it from dev to qa`: the same place again is no second one.
const isSaid = (said: Readonly<Record<string, Said>>, slot: Slot): boolean =>
  /^(?:service|environment|operation|incident|person)$/.test(slot.kind) &&
  Object.values(said).some(({ value, unclear }) => !unclear && value === slot.value)

function unexplained(work: Extracting, vocabulary: ReadonlySet<string>): readonly Item[] {
  return work.items.filter(
    (item) =>
      !item.slot &&
      !work.used.has(item) &&
      !NOISE.has(item.text) &&
      !vocabulary.has(item.text) &&
      /[\p{L}\p{N}]/u.test(item.text),
  )
}

function takeSlots(work: Extracting, parameter: Parameter, parameters: readonly Parameter[]): void {
  switch (parameter.kind) {
    case 'service':
    case 'environment':
      takeNames(work, parameter, parameters)
      return
    case 'scope':
      takeScope(work, parameter)
      return
    case 'record':
      takeOne(work, parameter, 'operation', 'incident')
      return
    case 'incident':
      takeIncident(work, parameter)
      return
    case 'operation':
    case 'person':
      takeOne(work, parameter, parameter.kind)
      return
    case 'moment':
      if (!takeOne(work, parameter, 'moment')) takeSpan(work, parameter)
      return
    case 'number':
      takeNumber(work, parameter, parameters)
      return
    case 'money':
      takeMoney(work, parameter)
      return
    case 'period':
      takePeriod(work, parameter)
      return
    case 'schedule':
      takeSchedule(work, parameter)
      return
    case 'channel':
      takeChannel(work, parameter)
      return
    case 'variables':
      takeVariables(work, parameter)
      return
    case 'version':
      takeVersion(work, parameter, parameters)
      return
    case 'replicas':
      extractReplicas(work, parameter)
      return
    case 'duration':
      takeDuration(work, parameter, parameters)
      return
    default:
  }
}

function takeVersion(work: Extracting, parameter: Parameter, parameters: readonly Parameter[]): void {
  let items = work.unusedSlots('version')
  if (items.length === 0 && !parameters.some((other) => other.kind === 'replicas')) items = work.unusedSlots('number')
  if (items.length === 0) {
    const at = work.items.findIndex(
      (item, index) => /^(?:version|tag|build|image)$/.test(item.text) && isName(work.items[index + 1]),
    )
    const [quoted, ...more] = work.unusedSlots('quoted').filter((item) => isTag(item.slot?.said ?? ''))
    const named = at >= 0 ? work.items[at + 1] : more.length === 0 ? quoted : undefined
    if (named && isTag(named.slot?.said ?? named.text)) {
      work.used.add(named)
      work.said[parameter.name] = { value: work.words[named.word]?.text ?? named.text }
    }
    return
  }
  // `from 1.4.2 to 1.4.1`: where it goes is what is asked for.
  const target = items.length > 1 ? (items.filter((item) => work.previous(item) !== 'from') as readonly Item[]) : items
  for (const item of items) work.used.add(item)
  const values = [...new Set(target.map((item) => item.slot?.said ?? ''))]
  const [item] = target
  if (values.length === 1 && item?.slot) {
    work.said[parameter.name] = { value: item.slot.kind === 'number' ? item.slot.said : item.slot.value }
  } else
    work.said[parameter.name] = {
      value: values,
      unclear: { says: 'Several versions were named. Which one?', options: values },
    }
}

// A request needs what it points at; what may stay unsaid is taken only where it is pointed at by a word of place ("logs for it").
function recall(work: Extracting, parameter: Parameter): boolean {
  const { before } = work
  const { kind } = parameter
  const value =
    kind === 'scope'
      ? (before?.service ?? before?.environment)
      : kind === 'service' || kind === 'environment' || kind === 'operation'
        ? before?.[kind]
        : undefined
  if (!value) return false
  const pointing =
    kind === 'environment' ? /^(?:there|same|here|it|them|again)$/ : /^(?:it|its|that|this|them|their|same|again|one)$/
  const found = work.items.some((item, index) => {
    if (!pointing.test(item.text)) return false
    return !parameter.optional || /^(?:for|of|on|in|about|to|from|with)$/.test(work.items[index - 1]?.text ?? '')
  })
  if (found) work.said[parameter.name] = { value }
  return found
}
