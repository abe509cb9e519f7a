import { type Item, textOf } from '../clauses.ts'
import type { SpokenClause } from './act.ts'

const SEEN =
  '(?:shown|displayed|listed|given|provided|named|presented|printed|told|sent|made (?:visible|available)|looked up|put up|read out|reported|explained)'
// `could the costs be shown?`, `the open incidents are to be listed`
const PASSIVE = new RegExp(
  `^(?:could|can|may|might|would|should|shall|must) (.+?) (?:please |kindly )?be (?:please |kindly )?${SEEN}(?: (?:to|for) (?:me|us|them|everybody|everyone))?(?: (?:here|now|please|pls|quickly))*$|^(.+?) (?:is|are|ought|has|have|needs?|should|shall|must|may|can)(?: to)? be ${SEEN}(?: (?:to|for) (?:me|us|them))?(?: (?:here|now|please|pls))*$`,
)
const BIT =
  '(?:would|kindly|urgently|must|just|only|really|also|still|quickly|do|have to|like to|love to|want to|need to)'
const KNOWING = '(?:know|see|have|find out|get|check|understand|hear|learn|look at|look up|have a look at|view|report)'
const WHAT = `(?=(?:who|whose|which|what|what's|why|how|when|where|whether|if|the|a|an|all|any|<\\w+>|last|current|recent|latest)(?= |$))`
// `for the audit we need to see which versions …`, `before i join i would need the name of …`
const NEED = new RegExp(
  `^(?:\\S+ ){0,14}?(?:(?:i'd|we'd|i|we) (?:${BIT} )*(?:need|require|want|like|love|appreciate|wonder|ask)(?: to ${KNOWING})?|(?:i'd|we'd|i|we) (?:${BIT} )+${KNOWING}|i'm after|we're after)(?: (?:about|for|me|us))? ${WHAT}`,
)
// `the auditors are asking for the past changes`, `controlling requests the expenses of …`
const FOR_OTHERS = new RegExp(
  `^(?:\\S+ ){1,9}?(?:(?:is|are|was|were|keeps?) asking(?: (?:me|us))?(?: (?:for|about|to ${KNOWING}))?|(?:wants|want|needs|requests|demands|requires|asks for|asked for|asks about|would like)(?: to ${KNOWING})?) ${WHAT}`,
)
// `a list of all incidents would be needed for …`
const NEEDED =
  /^((?:a|an|the) .+?) (?:would be|is|are|will be)(?: \w+ly)? (?:needed|required|requested|wanted|asked for|of interest|welcome|appreciated|helpful|useful)(?= |$)/
const GIVEN =
  /^(?:provide|supply|prepare|present|furnish|produce|share|show|give|list|send)(?: (?:me|us))?(?: with)? (?=(?:a|an|the|all|<\w+>) )/
const NOUN =
  /^(?:a|an|the|some)(?: \w+)? (?:list|overview|summary|rundown|history|status|state|picture|count|number|timeline|logs?|details|costs?|figures|breakdown|forecast|name|names|versions?|record|report) (?:of|for|on|from) /
const SHORTENED = /^(?:(?:ok|okay|so|well|hey|and|but|right|now) )*(?=(?:why|how|what|when|where|who)'d )/

/**
 * A clause that tells of something somebody wants to see, `the auditors are asking for the past changes`, as the question behind it.
 * Undefined for all others. Only what looks may be read from it: a wish that is stated like this orders no change.
 */
export function asLook(clause: SpokenClause, askedNicely: boolean): SpokenClause | undefined {
  if (clause.act === 'request' || clause.act === 'question') return undefined
  const items = wantedIn(clause, askedNicely)
  return items && { ...clause, items, text: textOf(items), main: items, courteous: true, act: 'question' }
}

function wantedIn({ items, main, act, end }: SpokenClause, askedNicely: boolean): readonly Item[] | undefined {
  const text = textOf(items)
  const passive = PASSIVE.exec(text)
  const object = passive?.[1] ?? passive?.[2]
  if (object) {
    const at = passive?.[1] === undefined ? 0 : 1
    return items.slice(at, at + wordsIn(object))
  }
  const needed = NEEDED.exec(text)?.[1]
  if (needed) return items.slice(0, wordsIn(needed))
  if (act === 'negated') return undefined
  const lead = NEED.exec(text) ?? FOR_OTHERS.exec(text) ?? SHORTENED.exec(text)
  if (lead) return items.slice(wordsIn(lead[0]))
  const given = askedNicely ? GIVEN.exec(textOf(main)) : null
  if (given) return main.slice(wordsIn(given[0]))
  return (askedNicely || end.includes('?')) && NOUN.test(textOf(main)) ? main : undefined
}

const wordsIn = (text: string): number => text.trim().split(' ').filter(Boolean).length
