import { textOf } from '../clauses.ts'
import type { Draft, Said } from '../draft.ts'
import { exactly } from '../entities.ts'
import { parametersOf } from '../parameters.ts'
import { type Doubt, type Doubting, shown } from './doubting.ts'
import { hedgedRequests, hedgedValues, partsOfNamed } from './hedges.ts'
import { anyOr, eitherOr, exceptions, leftOpen, others, saidTwice } from './open-choices.ts'
import {
  announced,
  emptySpans,
  oddNumbers,
  unknownPlaces,
  unknownRanks,
  vagueCounts,
  vagueSpans,
  vagueVersions,
  wildVersions,
} from './vague-values.ts'
import { noDirection, turnedRound } from './wrong-kinds.ts'

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
    ...unknownRanks(doubting),
    ...unknownPlaces(doubting),
    ...emptySpans(doubting),
    ...wildVersions(doubting),
    ...namesAsTexts(doubting),
    ...others(doubting),
    ...hedgedValues(doubting),
    ...hedgedRequests(doubting),
    ...partsOfNamed(doubting),
    ...turnedRound(doubting),
    ...noDirection(doubting),
  ]
  const draft: Record<string, Said> = { ...doubting.draft }
  for (const [name, says, options] of doubts) {
    const said = draft[name]
    if (!said?.unclear) draft[name] = { value: said?.value ?? options[0] ?? '', unclear: { says, options } }
  }
  return draft
}

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

const UP = /^(?:up|increase|raise|grow|more|bump|boost|add|extra)$/
const DOWN = /^(?:down|decrease|reduce|lower|shrink|fewer|less|cut|drop)$/

// `up from 6 to 3`, `double from 2 to 5`, `from qa to qa`
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
  // `double it from 2 to 5`
  const times = items.map(({ slot }) =>
    slot?.kind === 'change' ? /^x([\d.]+)$/.exec(shown(slot.value))?.[1] : undefined,
  )
  const factor = Number(times.find(Boolean) ?? Number.NaN)
  if (count && !Number.isNaN(factor) && from !== undefined && to !== undefined && from * factor !== to)
    doubts.push([count.name, `${factor} times ${from} is not ${to}. How many replicas?`, [`${from * factor}`, `${to}`]])
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
