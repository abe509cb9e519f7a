import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { askedIn, type Request } from './asked.ts'
import { type Item, itemsOf } from './clauses.ts'
import type { Before } from './extract.ts'
import { type FreeText, takeFreeText } from './free-text.ts'
import { judge, type LocalReading, type Sentence } from './judge.ts'
import { lexiconOf } from './lexicon.ts'
import { BEARS_MARKS, confidenceInNone, UNREAD } from './no-request.ts'
import { parametersOf } from './parameters.ts'
import { saidBetween, takeReason } from './reason.ts'
import { writeOut } from './shorthand.ts'
import { groupByContext } from './slot-context.ts'
import { findSlots, type Known } from './slots.ts'
import type { SpokenClause } from './speech/act.ts'
import { asLook } from './speech/as-look.ts'
import { isForeign } from './speech/language.ts'
import { isAlarm, isAttack, isPasted, isTakenBack, ownWords } from './speech/outside.ts'
import { speakClauses } from './speech/sentence.ts'
import { splitWords, type Word } from './words.ts'

/** Below this the reader says that it is no request, rather than guess. */
const SURE_ENOUGH = 0.5
const LONGEST_ITEMS = 300

/** Nothing was asked for, as far as this reader can tell. */
export interface NoRequest {
  readonly skill: null
  /** 0–1: how sure that is. */
  readonly confidence: number
}

const noRequest = (confidence: number): NoRequest => ({ skill: null, confidence })

/** Reads a plain sentence without a language model: what is done by saying it, what it means, and its values by grammar and catalog. */
export function readLocally(
  text: string,
  skills: SpokenSkillSet,
  known: Known,
  before?: Before,
): LocalReading | NoRequest {
  const own = ownWords(text)
  const typed = splitWords(own)
  if (typed.length === 0) return noRequest(1)
  if (isPasted(own) || isAttack(own)) return noRequest(BEARS_MARKS)
  if (typed.length > LONGEST_ITEMS || isForeign(typed.map((word) => word.lower))) return noRequest(UNREAD)
  const lexicon = lexiconOf(skills, known)
  const { words, mended } = lexicon.spelling.mend(writeOut(typed, known.catalog), known.catalog)
  const noChange = isTakenBack(own) || isAlarm(own)
  const keyed = splitKeyed(words, skills)
  const readings = groupByContext(noChange ? skills.filter((skill) => !isChange(skill)) : skills).flatMap(
    ({ context, skills: group }) => {
      const said = context.has('variable') ? words : keyed
      const items = itemsOf(said, findSlots(said, known, context))
      const all: Sentence = { words: said, before, known, lexicon, mended, raw: own }
      // A title or a message is data: what it says is no part of the request.
      if (context.has('message'))
        return group.flatMap((skill) => {
          const told = takeMessage(items, said, skill)
          return readClauses(told.items, [skill], { ...all, message: told.message })
        })
      const { items: asking, reason } = takeReason(items, said)
      return readClauses(asking, group, { ...all, reason })
    },
  )
  const reading = best(readings)
  if (reading && reading.confidence >= SURE_ENOUGH) return reading
  return noRequest(confidenceInNone(words, known, lexicon))
}

function readClauses(items: readonly Item[], skills: SpokenSkillSet, sentence: Sentence): readonly LocalReading[] {
  const clauses = speakClauses(items, sentence.words)
  const read = (requests: readonly Request[], those: readonly SpokenSkill[]) =>
    requests.flatMap((request) => those.flatMap((skill) => judge(skill, request, sentence) ?? []))
  return [
    ...read(askedIn(clauses), skills),
    ...read(
      lookedFor(clauses),
      skills.filter((skill) => !isChange(skill)),
    ),
  ]
}

// Where nobody asks or orders, what somebody tells that they want to see.
function lookedFor(clauses: readonly SpokenClause[]): readonly Request[] {
  if (clauses.some(({ act }) => act === 'request')) return []
  const nicely = clauses.some(({ courteous }) => courteous)
  const looks = clauses.map((clause) => asLook(clause, nicely) ?? clause)
  return askedIn(looks).filter(({ clause }) => clause && !clauses.includes(clause))
}

const best = (readings: readonly LocalReading[]): LocalReading | undefined =>
  readings.reduce<LocalReading | undefined>(
    (top, next) => (top && top.confidence >= next.confidence ? top : next),
    undefined,
  )

// `she's needed on the bridge, page priya`: why she is called is not yet what she shall read.
const IS_WANTED =
  /^(?:(?:he|she|they)(?:'s|'re| is| are)|<person> is)(?: \S+)? (?:needed|wanted|required|missing|missed|awaited|asked for)(?= |$)/

// `cart is on fire, open an incident`: what was told before the request is what it is about.
function takeMessage(items: readonly Item[], words: readonly Word[], skill: SpokenSkill): FreeText {
  const clauses = speakClauses(items, words)
  const at = clauses.findIndex(({ act }) => act === 'request')
  const start = clauses[at]?.items[0]
  const before = clauses.slice(0, Math.max(at, 0))
  if (start && before.length > 0 && before.every(({ act, text }) => act === 'report' && IS_WANTED.test(text)))
    return takeFreeText(items.slice(items.indexOf(start)), words, skill)
  const told = before.filter(({ act }) => act === 'report').flatMap((clause) => clause.items)
  const [head, last] = [told[0], told.at(-1)]
  if (!start || !head || !last || before.some(({ end }) => end.includes(':'))) return takeFreeText(items, words, skill)
  const rest = takeFreeText(items.slice(items.indexOf(start)), words, skill)
  const kept = before.filter(({ act }) => act === 'fragment').flatMap((clause) => clause.items)
  return { items: [...kept, ...rest.items], message: rest.message ?? saidBetween(head, last, words) }
}

// `set replicas=5`: a parameter's own name in front of its value, where no free variables are asked for.
// `registry.example/team/cart@sha256:…`, as the registries write it: the last part names the service.
const IMAGE = /^(?:[\w.-]+(?::\d+)?\/)+([\w.-]+?)(?:@(sha256:[0-9a-f]{7,64})|:([\w.-]+))$/i

function splitKeyed(words: readonly Word[], skills: SpokenSkillSet): readonly Word[] {
  const names = new Set(skills.flatMap((skill) => parametersOf(skill).map(({ name }) => name)))
  return words.flatMap((word) => {
    const [, image, digest, named] = IMAGE.exec(word.text) ?? []
    const tag = digest ?? named
    if (image && tag)
      return [
        { ...word, text: image, lower: image.toLowerCase(), after: '' },
        { ...word, text: tag, lower: tag.toLowerCase(), startsLine: false },
      ]
    const [, key = '', value = ''] = /^([a-z]{2,20})[=:](\S+)$/i.exec(word.text) ?? []
    if (word.quoted || !(names.has(key.toLowerCase()) || key.toLowerCase() === 'env')) return [word]
    const rest = splitWords(value)
    return rest.length === 0
      ? [word]
      : [
          { ...word, text: key, lower: key.toLowerCase(), after: '' },
          ...rest.map((one, index) =>
            index === rest.length - 1
              ? { ...one, after: one.after + word.after, startsLine: false }
              : { ...one, startsLine: false },
          ),
        ]
  })
}
