import { isChange, type SpokenSkill } from '../../core/skill.ts'
import { isAbout, POINTING } from './about.ts'
import { type Asked, gather, type Request } from './asked.ts'
import { reasonBeside, spokenOf } from './beside.ts'
import { type Item, textOf } from './clauses.ts'
import { withDoubts } from './doubts/with-doubts.ts'
import type { Draft } from './draft.ts'
import { type Before, extract } from './extract.ts'
import { fillFromBeside } from './fill.ts'
import { type Lexicon, placeholderText } from './lexicon.ts'
import { forbidsChange, mayBeAskedAbout } from './mood.ts'
import { forbidsReading } from './mood-of-looks.ts'
import { parametersOf } from './parameters.ts'
import { spoilsRequest } from './reason.ts'
import type { Known } from './slots.ts'
import { weigh } from './weigh.ts'
import { isAsking, isLater, leavesOut, questioned, saysWhat } from './whole.ts'
import type { Word } from './words.ts'

export interface LocalReading {
  readonly skill: SpokenSkill
  readonly draft: Draft
  readonly confidence: number
}

export interface Sentence {
  readonly words: readonly Word[]
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly before: Before | undefined
  readonly known: Known
  readonly lexicon: Lexicon
  /** As it was typed. */
  readonly raw: string
  /** Words that were read though they were not typed as they are. */
  readonly mended: number
}

/** Reads a request as one for this skill, if it may and can be that. */
export function judge(skill: SpokenSkill, request: Request, sentence: Sentence): LocalReading | undefined {
  const change = isChange(skill)
  if (change && sentence.reason !== undefined && spoilsRequest(sentence.reason)) return undefined
  const asked = gather(skill, request, sentence.lexicon)
  if (!asked) return undefined
  const weight = weigh(skill, asked, sentence.lexicon)
  if (weight < 0.3 || (!change && isOtherOrder(skill, asked, sentence.lexicon))) return undefined
  const why = change
    ? forbidsChange(
        asked,
        parametersOf(skill).some(({ name }) => /^(?:title|message)$/.test(name)),
      )
    : forbidsReading(asked, weight >= SURE_LOOK || isSure(skill, asked, sentence.lexicon))
  const mayAsk = change && asked.clause.act === 'request' && weight >= ASKS_ANYWAY
  if (why && !(mayAsk && mayBeAskedAbout(why, asked))) return undefined
  if (change && (orderedElsewhere(skill, asked, sentence) || isFromRunbook(skill, asked))) return undefined
  const said = {
    items: asked.items,
    words: sentence.words,
    reason: sentence.reason ?? reasonBeside(skill, asked, sentence.words),
    message: sentence.message,
    before: spokenOf(asked, sentence.before),
  }
  const vocabulary = sentence.lexicon.vocabulary(skill.name)
  const found = extract(skill, said, sentence.known, vocabulary)
  const { draft: filledIn, filled } = fillFromBeside(skill, asked, found.draft, said, sentence.known, vocabulary)
  // What filled a value is no reason beside it.
  const whole = filled > 0 && sentence.reason === undefined ? without(filledIn, 'reason') : filledIn
  const doubtful = change
    ? withDoubts({
        skill,
        items: asked.items,
        text: request.all.map(({ text }) => text).join(' '),
        beside: asked.others.map(({ text }) => text),
        draft: whole,
        left: found.leftSlots,
        strange: found.left,
        catalog: sentence.known.catalog,
        raw: sentence.raw,
      })
    : whole
  // `resume live`: what takes no values concerns everything, and a part was named.
  if (change && parametersOf(skill).length === 0 && leavesOut(skill, asked, found)) return undefined
  // `unfreeze it`: one thing is meant, and not everything.
  if (
    change &&
    concernsEverything(skill) &&
    /^\S+ (?:it|that|this|them)(?! all(?: |$))(?: |$)/.test(textOf(asked.clause.main))
  )
    return undefined
  const draft = change && leavesOut(skill, asked, found) ? questioned(skill, doubtful) : doubtful
  const doubted = Object.values(draft).some(({ unclear }) => unclear)
  if (why && !doubted && !isAsking(skill, draft)) return undefined
  // `deploy it in 10 minutes`: we do things now or not at all. `tell ben to deploy it`: ben is asked, `… --force`: something else is.
  // One that leaves something open by itself is asked about, whenever it was for.
  const open = isAsking(skill, found.draft) || Object.values(found.draft).some(({ unclear }) => unclear)
  if (change && !open && isLater(asked, found)) return undefined
  if (change && !doubted && !isAsking(skill, found.draft) && found.leftSlots.some(({ kind }) => kind === 'person'))
    return undefined
  if (change && found.left.some(({ text }) => /^-(?!\d)/.test(text))) return undefined
  if (filled === 0 && !isAbout(skill, asked, found, weight, sentence)) return undefined
  if (asked.clause.act === 'fragment') {
    // `cart 1.4.2 please`: who asks nicely for half of it is asked for the rest.
    const halfAsked = asked.clause.courteous && open && weight >= ASKS_ANYWAY
    if (change && filled === 0 && !halfAsked && !saysWhat(skill, asked, sentence.lexicon)) return undefined
    // A change in half a sentence must be all of it.
    if (
      change &&
      found.left.length > 0 &&
      asked.clause.main[0]?.text !== skill.name &&
      (weight < 0.85 || found.left.length > 2 || found.certain === 0)
    )
      return undefined
    if (!change && found.certain < 2 && found.left.some((item) => !sentence.lexicon.spelling.knows(item.text)))
      return undefined
  }
  const missing = parametersOf(skill).filter(({ name }) => !draft[name])
  const typed = found.leftSlots.filter((slot) => slot.kind !== 'quoted' && slot.kind !== 'person').length
  let confidence = Math.min(weight, 1) - (found.leftSlots.length - typed) * 0.12 - (doubted ? 0 : typed * 0.3)
  const strange = found.left.filter(({ text }) => change || !sentence.lexicon.spelling.knows(text)).length
  confidence -=
    strange * (change ? 0.12 : 0.09) +
    (found.left.length - strange) * 0.04 +
    found.recalled * 0.04 +
    Math.min(missing.length, 3) * 0.01
  if (!change && missing.some(({ optional }) => !optional)) confidence -= 0.2
  if (looksTheWrongWay(skill, draft)) confidence -= 0.3
  // `release notes for …`, `restart policy of …`: the verb is half of a noun.
  const [, second] = asked.clause.main
  const noun = change && second !== undefined && found.left.includes(second) && isNoun(asked.clause.main)
  if (noun) confidence -= 0.4
  confidence -= Math.min(sentence.mended, 2) * 0.07 + filled * 0.04
  // Half a request with a strong verb is asked about, whatever else it says.
  if (
    change &&
    asked.clause.act === 'request' &&
    weight >= ASKS_ANYWAY &&
    ((doubted && !noun) || missing.some(({ optional }) => !optional))
  )
    confidence = Math.max(confidence, ASKED_ABOUT)
  return { skill, draft, confidence: Math.round(Math.max(0, Math.min(0.98, confidence)) * 100) / 100 }
}

// What was spent lies behind us, what is expected ahead.
function looksTheWrongWay(skill: SpokenSkill, { period }: Draft): boolean {
  const ahead = skill.name === 'forecast'
  return (
    (ahead || skill.name === 'costs') &&
    (ahead ? /^(?:last-|yesterday)/ : /^(?:next-|tomorrow)/).test(String(period?.value ?? ''))
  )
}

const SURE = 0.9
// Looking harms nobody.
const SURE_LOOK = 0.8

const isSure = (skill: SpokenSkill, { texts }: Asked, lexicon: Lexicon): boolean =>
  texts.some((text) => (lexicon.intents.chances(text).get(skill.name) ?? 0) > SURE)

// `change cart in prod`: an order that does not ask to see something is no read, whatever it resembles.
function isOtherOrder(skill: SpokenSkill, { clause }: Asked, lexicon: Lexicon): boolean {
  const [first] = clause.main
  if (clause.act !== 'request' || !first || first.slot || VIEWING.test(first.text)) return false
  return (
    !lexicon.intents.leads(skill.name).has(first.text) && lexicon.phraseWeight(skill.name, textOf(clause.main)) < 0.9
  )
}

const VIEWING =
  /^(?:show|list|get|give|see|view|find|tell|check|fetch|pull|read|open|look|search|display|print|explain|describe|forecast|predict|project|estimate|summari[sz]e|count|compare|help|tail|dump|grab|inspect|report|say|track|share|have|load|list|query)$/

const concernsEverything = (skill: SpokenSkill): boolean =>
  parametersOf(skill).every(({ optional, kind }) => optional && kind === 'text')

const without = (draft: Draft, name: string): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([one]) => one !== name))

const ASKED_ABOUT = 0.55
const ASKS_ANYWAY = 0.85
// A verb that is a change's own.
const ORDERED = 1

const isNoun = ([first, second, third]: readonly Item[]): boolean =>
  first !== undefined &&
  !first.slot &&
  !NO_NOUN.test(first.text) &&
  !/^(?:with|about|that|because)$/.test(third?.text ?? '') &&
  second !== undefined &&
  /^[a-z]+$/.test(second.text) &&
  !POINTING.test(second.text)

// Verbs that are no half of a noun.
const NO_NOUN = /^(?:put|set|give|make|take|bring|get|turn|let|have|send|tell|add|remove)$/

// `from the runbook, restart cart`: whoever wrote it did not mean today.
const isFromRunbook = (skill: SpokenSkill, { others }: Asked): boolean =>
  skill.name !== 'runbook' &&
  others.some(({ items }) => items.some(({ text, slot }) => !slot && /^(?:runbooks?|playbooks?|procedure)$/.test(text)))

// A second order is a second change: one plan would do half of what was said.
function orderedElsewhere(skill: SpokenSkill, { others }: Asked, { lexicon }: Sentence): boolean {
  return others.some((other) => {
    if (other.act !== 'request' || !other.main.some((item) => item.slot || /^(?:it|that|this|them)$/.test(item.text)))
      return false
    const text = textOf(other.main)
    const says = [...lexicon.changes].filter((name) => lexicon.phraseWeight(name, text) >= ORDERED)
    if (says.length > 0 && !says.includes(skill.name) && lexicon.phraseWeight(skill.name, text) === 0) return true
    const [top] = lexicon.intents.chances(placeholderText(other.main))
    return (
      top !== undefined && top[0] !== 'none' && top[0] !== skill.name && lexicon.changes.has(top[0]) && top[1] > 0.5
    )
  })
}
