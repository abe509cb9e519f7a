import { textOf } from '../clauses.ts'
import { parametersOf } from '../parameters.ts'
import { type Doubt, type Doubting, shown } from './doubting.ts'
import { parameterFor } from './open-choices.ts'

const BEHIND =
  /^(?:or (?:so|thereabouts|something|similar|whatever|newer|later|older|higher|lower|above|below)|ish|or more or less|give or take|some ?time|and (?:something|change|a bit|up|above|later|newer)|more or less|point something)(?= |$)/
const AHEAD =
  /(?:^| )(?:newer|older|later|earlier|higher|lower|other|different) (?:(?:version|one|build|release|tag) )?than$|(?:^| )(?:above|below|beyond|past)$/
const ROUGHLY =
  /(?:^| )(?:about|around|roughly|approximately|approx|circa|ca|nearly|almost|some|something like|maybe|perhaps|possibly|at least|at most|up to|(?:no |not )?(?:more|less|longer|fewer) than)$/
const ROUGH_KINDS = /^(?:duration|moment|version)$/
const LONGEST_WORDS = 3

// `until tomorrow or so`, `newer than 2.1`: the value beside the word is not what is meant.
export function hedgedValues({ skill, items, draft }: Doubting): readonly Doubt[] {
  return items.flatMap(({ slot }, index): Doubt[] => {
    if (!slot) return []
    const behind = textOf(items.slice(index + 1, index + 1 + LONGEST_WORDS))
    const ahead = textOf(items.slice(Math.max(0, index - LONGEST_WORDS), index))
    const rough = ROUGH_KINDS.test(slot.kind) && ROUGHLY.test(ahead)
    if (!BEHIND.test(behind) && !AHEAD.test(ahead) && !rough) return []
    const kind = slot.kind === 'moment' && !parameterFor(skill, 'moment', draft) ? 'duration' : slot.kind
    const parameter = parameterFor(skill, kind, draft)
    return parameter && draft[parameter.name]
      ? [[parameter.name, `Exactly which ${parameter.label}?`, [shown(slot.value)]]]
      : []
  })
}

const HEDGING =
  /(?:^| )(?:kind of|sort of|kinda|sorta|i (?:think|guess|believe|suppose)|iirc|if i remember|probably|presumably|or something|or whatever|or similar)(?= |$)/

/** A clause that takes back nothing of what stands beside it and makes it less sure. */
export const HEDGE =
  /^(?:or )?(?:(?:i|we) (?:think|guess|believe|suppose|reckon|forget|forgot)|iirc|afaik|afair|if (?:i|memory) \S+(?: \S+)?|probably|presumably|maybe|perhaps|possibly|or (?:something|whatever|similar)|something like that|(?:i'm |im |i am )?(?:not (?:really |quite |too |so |entirely )?sure|unsure)|don't remember|can't remember|no idea|dunno|idk)(?: so| though| tbh| actually)?$/

// `as kind of succeeded`, `to production i think`: who hedges is asked.
export function hedgedRequests({ skill, items, draft, raw = '', beside = [] }: Doubting): readonly Doubt[] {
  if (!HEDGING.test(textOf(items)) && !/\w-ish(?=\W|$)/i.test(raw) && !beside.some((text) => HEDGE.test(text)))
    return []
  const parameter = parametersOf(skill).findLast(({ name, kind }) => draft[name] && kind !== 'text')
  return parameter
    ? [[parameter.name, `Which ${parameter.label}?`, [draft[parameter.name]?.value].flat().map(shown)]]
    : []
}

const PART =
  /^(?:db|dbs|databases?|caches?|queues?|disks?|nodes?|hosts?|vms?|machines?|proxy|sidecars?|volumes?|tables?|broker)$/

// `the db of cart`, `to some of prod`: a part of what was named is not the whole.
export function partsOfNamed({ skill, items, draft, strange = [] }: Doubting): readonly Doubt[] {
  const part = strange.find(({ text }) => PART.test(text))
  const share = /(?:^| )(?:some|half|part|parts|most|a bit|a third) of (?:the )?<(service|environment)>/.exec(
    textOf(items),
  )
  const kind = part ? 'service' : share?.[1]
  const parameter = kind && parametersOf(skill).find((one) => one.kind === kind && draft[one.name])
  return parameter
    ? [
        [
          parameter.name,
          `All of ${shown(draft[parameter.name]?.value)}, or what exactly?`,
          [draft[parameter.name]?.value].flat().map(shown),
        ],
      ]
    : []
}
