import type { OperationId, RequestId } from '../../core/ids.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { isChange, type SpokenSkill } from '../../core/skill.ts'
import { readFragment } from '../understand/fragment.ts'
import { parametersOf } from '../understand/parameters.ts'
import { interpretDraft, knownOf, type UnderstandOptions } from '../understand/understand.ts'
import type { OpenQuestion } from './open-question.ts'

type Skilled = Interpretation & { readonly skill: string }

/** What was asked for last in a thread, as it was said. */
export interface LastAsked {
  readonly skill: string
  readonly input: JsonObject
  readonly dryRun?: boolean
}

/** Two values between which somebody chose. */
export interface Pair {
  readonly parameter: string
  readonly values: readonly [string, string]
}

/** Words that only point back are few. */
const LONGEST = 160
const LEAD = '(?:(?:and|no|ok|okay|now|then|also|please|i mean|i meant|can you|could you|do|run|use|take|try)[, ]+)*'
const TAIL = '(?:[, ]+(?:too|as well|please|pls|instead|then|now|thanks))*[.! ]*$'
const SAME = new RegExp(`^${LEAD}(?:(?:exactly )?(?:the )?same(?: thing| change)?|ditto)[, ]+(.+?)${TAIL}`, 'i')
const ELSEWHERE = /^(?:and |(?:and )?(?:what|how) about )(.+?)[?.! ]*$/i
const MAKE_IT = /^(?:make|set|change) (?:it|that|this) .+/i
const OTHER = new RegExp(`^${LEAD}the other(?: one)?(?:[?]|${TAIL})`, 'i')
const WHY =
  /^(?:(?:but|and|ok(?:ay)?|hm+|uh)[, ]+)*(?:why(?: not)?|why (?:is|did|was|has|does) (?:it|that|this)(?: [a-z']+){0,3}|how come|what (?:happened|went wrong)(?: (?:here|there))?)[?!. ]*$/i
const FIRST = /^(?:the )?(?:first|former)(?: one)?[.! ]*$/i
const SECOND = /^(?:the )?(?:second|latter)(?: one)?[.! ]*$/i
const SURE =
  /^(?:yes|yep|yeah|yup|y|sure|ok(?:ay)?|right|correct|exactly|that one|that's (?:it|the one))(?:[,!. ]+(?:please|pls|thanks|exactly|that one|right|it is))*[!. ]*$/i

export const asksWhy = (cleaned: string): boolean => WHY.test(cleaned)

/** Whether the words may repeat what was asked before; only then is it looked up. */
export const pointsAtLast = (cleaned: string): boolean =>
  cleaned.length <= LONGEST && [SAME, ELSEWHERE, OTHER, MAKE_IT].some((words) => words.test(cleaned))

/**
 * `same for cart` or `make it 8` after a change or a read, `and in production?` after a read, `the other one` after a choice of two:
 * what was asked last, with what is said now in the place of what was said then. As the local reader's word, so that a change waits for a click.
 */
export function readFollowUp(
  cleaned: string,
  last: LastAsked,
  pair: Pair | undefined,
  options: UnderstandOptions,
): Skilled | undefined {
  const skill = options.skills.find((one) => one.name === last.skill)
  if (!skill) return undefined
  const said = OTHER.test(cleaned) ? otherOf(last, pair) : saidIn(cleaned, skill, options)
  if (!said) return undefined
  const kept = Object.entries(last.input).flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]]))
  const draft = { ...Object.fromEntries(kept), ...said }
  const reading = { text: cleaned, skill, draft, by: 'local', confidence: 0.85, dryRun: last.dryRun === true } as const
  const interpretation = interpretDraft(reading, options)
  // A word that nobody knows may be a name after "same for"; elsewhere it is somebody talking.
  const talk = interpretation.invalid.length > 0 && !/^\S+$/.test(SAME.exec(cleaned)?.[1]?.replace(/^for /i, '') ?? ' ')
  return interpretation.skill === null || talk ? undefined : { ...interpretation, skill: interpretation.skill }
}

function saidIn(cleaned: string, skill: SpokenSkill, options: UnderstandOptions) {
  const again = SAME.exec(cleaned)?.[1] ?? MAKE_IT.exec(cleaned)?.[0]
  const rest = again ?? (isChange(skill) ? undefined : ELSEWHERE.exec(cleaned)?.[1])
  if (rest === undefined) return undefined
  const wanted = parametersOf(skill).map(({ name }) => name)
  const plain = rest.replace(/^(?:for|with|on|to|of)\s+/i, '')
  return readFragment(plain, skill, wanted, knownOf(options)) ?? readFragment(rest, skill, wanted, knownOf(options))
}

function otherOf({ input }: LastAsked, pair: Pair | undefined): Record<string, { readonly value: Json }> | undefined {
  const other = pair && otherThan(input[pair.parameter], pair.values)
  return pair && other !== undefined ? { [pair.parameter]: { value: other } } : undefined
}

const otherThan = (one: Json | undefined, values: readonly string[]): string | undefined =>
  values.length === 2 && values.some((value) => value === one) ? values.find((value) => value !== one) : undefined

/** What was offered, picked in words: "yes" to the only one, "the second", "the other one". */
export function pickOffered(
  cleaned: string,
  { asks, offers = [] }: OpenQuestion,
  last: LastAsked | undefined,
): Record<string, { readonly value: Json }> | undefined {
  const [name] = asks
  if (name === undefined || asks.length > 1) return undefined
  const picked =
    offers.length === 1 && SURE.test(cleaned)
      ? offers[0]
      : FIRST.test(cleaned)
        ? offers[0]
        : SECOND.test(cleaned)
          ? offers[1]
          : OTHER.test(cleaned)
            ? otherThan(last?.input[name], offers)
            : undefined
  return picked === undefined ? undefined : { [name]: { value: picked } }
}

/** Whether the words may pick one of what was offered, so that what came before matters. */
export const picksOther = (cleaned: string): boolean => OTHER.test(cleaned)

/** What a "why?" is about. */
export type Trouble = { readonly operation: OperationId } | { readonly refused: RequestId }
