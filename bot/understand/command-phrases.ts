import { parseOperationId, parseRequestId } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import type { Parameter } from './parameters.ts'
import type { Known } from './slots.ts'
import { channelOf } from './values/channels.ts'
import { choiceAt } from './values/choices.ts'
import { comparisonAt } from './values/comparisons.ts'
import type { Direction } from './values/days.ts'
import { durationOf } from './values/durations.ts'
import { whole } from './values/found.ts'
import { bareIncidentOf, incidentAt, operationAt } from './values/incidents.ts'
import { durationUntil, momentOf } from './values/moments.ts'
import { bareMoneyOf, moneyAt } from './values/money.ts'
import { numberAt } from './values/numbers.ts'
import { periodAt } from './values/periods.ts'
import { countedAt, relativeAt } from './values/replicas.ts'
import { scheduleAt } from './values/schedules.ts'
import { sinceAt } from './values/since.ts'
import { splitWords } from './words.ts'

/** What a whole phrase says for a parameter whose value may have several words: a duration, a period, money. */
export function phraseValue(parameter: Parameter, phrase: string, known: Known): Json | undefined {
  const { clock } = known
  switch (parameter.kind) {
    case 'duration':
      return durationOf(phrase) ?? (parameter.name === 'since' ? sinceOf(phrase, clock) : undefined)
    case 'moment':
      return momentOf(phrase, clock)
    case 'period':
      return periodOf(parameter, phrase, clock, known.ahead ? 'future' : 'past')
    case 'schedule':
      return /\b(?:morning|afternoon|evening|night)$/i.test(phrase) ? undefined : whole(phrase, scheduleAt)
    case 'money':
      return moneyOf(phrase) ?? bareMoneyOf(phrase)
    case 'incident':
      return whole(phrase, incidentAt) ?? bareIncidentOf(phrase)
    case 'record':
      return (
        parseOperationId(phrase) ?? parseRequestId(phrase) ?? whole(phrase, operationAt) ?? whole(phrase, incidentAt)
      )
    case 'operation':
      return parseOperationId(phrase) ?? whole(phrase, operationAt)
    case 'channel':
      return channelOf(phrase)
    case 'choice':
      return whole(phrase, (words, from) => choiceAt(parameter, words, from))
    case 'number':
      return whole(phrase, numberAt)
    case 'replicas':
      return whole(phrase, relativeAt) ?? whole(phrase, countedAt)
    default:
      return undefined
  }
}

/** `until 18:00` for a skill that asks how long. */
export function acceptUntil(phrase: string, known: Known): string | undefined {
  const moment = momentOf(phrase, known.clock)
  return moment ? durationUntil(moment, known.clock) : undefined
}

const moneyOf = (phrase: string): string | undefined => {
  const words = splitWords(phrase)
  const found = moneyAt(words, 0)
  return found?.length === words.length ? found.value : undefined
}

const sinceOf = (phrase: string, clock: Known['clock']): string | undefined =>
  whole(`since ${phrase}`, (words, from) => sinceAt(words, from, clock))

function periodOf(parameter: Parameter, phrase: string, clock: Known['clock'], side: Direction): string | undefined {
  if (parameter.name !== 'compare') return whole(phrase, (words, from) => periodAt(words, from, clock, side))
  // As behind "vs": "previous", "the month before".
  return whole(`vs ${phrase}`, (words, from) => comparisonAt(words, from, clock, side))
}
