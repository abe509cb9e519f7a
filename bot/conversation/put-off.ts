import type { Card } from '../../core/card.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import { redact } from '../../core/secrets.ts'
import { isChange } from '../../core/skill.ts'
import { visibleLine } from '../../core/visible-text.ts'
import { parametersOf } from '../understand/parameters.ts'
import { type UnderstandOptions, understand } from '../understand/understand.ts'

/** A change that somebody wants to begin at another time than now. */
export interface PutOff {
  /** `tomorrow at 9` */
  readonly when: string
  /** What is left of the request without it. */
  readonly rest: string
}

const MARKED = `(?:\\d{1,2}[:.h]\\d\\d(?: ?[ap]\\.?m\\.?)?|\\d{1,2} ?[ap]\\.?m\\.?|\\d{1,2} ?o'clock|noon|midday|midnight)`
const DAY = `(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|day|weekdays?|weekend|week|month|\\d{4}-\\d\\d-\\d\\d)`
const PART = '(?:morning|afternoon|evening|night)'
const SPAN =
  '(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|h|m)(?![a-z])|an? (?:minute|hour|day|week)|half an hour'
const ONE = [
  `(?:at|@|around) (?:${MARKED}|\\d{1,2})(?![\\w.%])`,
  `(?:by|from|after|for|to|till|until) ${MARKED}`,
  `(?:this|on|next|every|each|from|after) (?:(?:this|next|the) )?${DAY}(?: ${PART})?`,
  `this (?:afternoon|evening)|(?:in|at) (?:the )?${PART}`,
  `(?:from |after )?(?:tonight|tomorrow(?: ${PART})?)`,
  'later(?: today| tonight| on)?',
  `in (?:(?:\\d+|one|two|five|ten|fifteen|twenty|thirty|a few|a couple of) )?(?:${SPAN})`,
].join('|')
const WHEN = new RegExp(`(?:^|[\\s,])((?:${ONE})(?:,? (?:${ONE}|${MARKED}))*)(?=$|[\\s,.;!?])`, 'i')
const CONDITION = /[\s,]((?:once|as soon as|when|if|after|unless) [^,;"]+)$/i

// `until tomorrow`, `because of the sale at 18:00`, `what ran on monday`: a time that is no beginning.
const NO_BEGINNING =
  /\b(?:until|till?|since|before|through|up to)$|\b(?:because|due to|reason|ran|was|were|been|did|deployed|released|shipped|built)\b/i

/**
 * A change with another beginning than now, which nobody here can give it; undefined when the words are none. Only for what was not
 * understood whole: what was, has its place for each time that it names.
 */
export function putOff(cleaned: string, first: Interpretation, options: UnderstandOptions): PutOff | undefined {
  if (cleaned.includes('"')) return undefined
  const found = WHEN.exec(cleaned) ?? (first.skill === null ? CONDITION.exec(cleaned) : null)
  const when = found?.[1]
  if (!found || when === undefined) return undefined
  const before = cleaned.slice(0, found.index).trimEnd()
  const behind = cleaned.slice(found.index + found[0].length)
  if (NO_BEGINNING.test(before)) return undefined
  const rest = `${before}${behind}`.replace(/^[\s,]+|[\s,]+$/g, '')
  const read = understand(rest, options)
  const skill = options.skills.find(({ name }) => name === read.skill)
  if (!skill || !isChange(skill) || read.ambiguous.length > 0 || read.invalid.length > 0) return undefined
  const hasTimes = parametersOf(skill).some(({ kind }) => kind === 'moment' || kind === 'schedule')
  return hasTimes ? undefined : { when, rest }
}

/** Without a button: whoever pressed it would start now what they want later. */
export function putOffCard({ when, rest }: PutOff): Card {
  const shown = (text: string) => `"${visibleLine(redact(text))}"`
  return {
    kind: 'refusal',
    tone: 'warn',
    title: 'Nothing can be put off here',
    blocks: [
      {
        type: 'text',
        text: `A change starts as soon as it may, so ${shown(when)} cannot be kept, and nothing was done. Say ${shown(rest)} when it is time.`,
      },
    ],
  }
}
