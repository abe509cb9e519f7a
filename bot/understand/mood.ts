import type { Asked } from './asked.ts'
import { type Item, textOf } from './clauses.ts'
import { HEDGE } from './doubts/hedges.ts'
import { UNDECIDED } from './doubts/open-choices.ts'
import { type SpokenClause, WHICH_ONE } from './speech/act.ts'
import { ORDERING, orderOfGerund, orderOfParticiple } from './speech/verbs.ts'
import { CONDITIONAL, NEGATING, SPEECH } from './stop-words.ts'

// `approve instead of me`: who stands in denies nothing; `all except cart` and `no more than 4` set a bound.
const denies = (items: readonly Item[]): boolean =>
  items.some(
    (item, index) =>
      !item.slot &&
      NEGATING.has(item.text) &&
      item.text !== 'except' &&
      !(
        /^no[t]?$/.test(item.text) &&
        /^(?:more|less|fewer|longer|later) than <\w+>/.test(textOf(items.slice(index + 1, index + 4)))
      ) &&
      !(
        item.text === 'instead' &&
        items[index + 1]?.text === 'of' &&
        /^(?:me|<person>)$/.test(items[index + 2]?.text ?? '')
      ),
  )

// `for a while` is a length of time, `while i'm away` a reason.
const setsCondition = (items: readonly Item[]): boolean =>
  items.some(
    (item, index) =>
      !item.slot &&
      (CONDITIONAL.has(item.text) || isSomeDay(items, index)) &&
      !/^(?:until|till|til)$/.test(items[index - 1]?.text ?? '') &&
      !isCourtesy(items, index) &&
      !(item.text === 'maybe' && items[index + 1]?.slot) &&
      !(item.text === 'before' && items[index + 1]?.slot?.kind === 'operation') &&
      !(item.text === 'once' && (items[index + 1]?.text === 'more' || items[index - 1]?.text === 'at')) &&
      !(item.text === 'weekend' && items[index - 1]?.text === 'the') &&
      !(
        item.text === 'while' &&
        (items[index - 1]?.text === 'a' || /^(?:i'm|im|we|i)$/.test(items[index + 1]?.text ?? ''))
      ),
  )

// `before it gets worse`, `when you get a chance`, `if you can`: now, politely.
const isCourtesy = (items: readonly Item[], index: number): boolean =>
  /^(?:before (?:it|this|that|they|things|something)|(?:when|whenever|once) you|if (?:you (?:can|could|would|may|don't mind|have)|possible)|after (?:the|that) (?:halt|freeze|stop))(?= |$)/.test(
    items
      .slice(index, index + 3)
      .map(({ text }) => text)
      .join(' '),
  )

// `next sprint`, `some day`, `at some point`
const isSomeDay = (items: readonly Item[], index: number): boolean =>
  /^(?:(?:some|one|another|the other) day|next (?:sprint|time|release|iteration|quarter|year|month|week)|some point|in (?:the )?future|sooner or)(?= |$)/.test(
    items
      .slice(index, index + 3)
      .map(({ text }) => text)
      .join(' '),
  )

/**
 * Why a sentence asks for no change, whatever verb it bears: it denies, wonders, sets a condition or another time, or passes on what
 * somebody else said. `tells`: the skill passes words on, so that "saying" is a part of the request. This is the authority: no likelihood of an intent outweighs it.
 */
export function forbidsChange({ clause, items, others, behind }: Asked, tells = false): string | undefined {
  if (clause.act !== 'request' && clause.act !== 'fragment') return 'no request'
  const [first, ...rest] = clause.main
  if (denies(rest) || (first && NEGATING.has(first.text) && clause.act === 'fragment')) return 'negated'
  if (setsCondition(items)) return 'conditional'
  if (
    !tells &&
    items.some(
      ({ text, slot }, index) =>
        !slot &&
        SPEECH.has(text) &&
        !/^(?:recommended|asks|means|example)$/.test(text) &&
        !WHICH_ONE.test(textOf(items.slice(0, index + 1))),
    )
  )
    return 'somebody else’s words'
  if (clause.end.includes('?') && !clause.courteous) return 'half a question'
  for (const other of others) {
    const why = spoils(other, !behind.includes(other))
    if (why) return why
    // `yesterday we had to stop op-…, wrong version`: half a sentence is a part of what is told.
    if (clause.act === 'fragment' && other.act === 'report' && /(?:^| )(?:had|have|has) to /.test(other.text))
      return 'a report'
  }
  return undefined
}

// `to whatever ran before the weekend`, `as yesterday`, `for 2h or maybe 3`: words of time stand in values too.
const ONLY_TIME = /^(?:before|after|weekend|yesterday|maybe|perhaps|possibly|noon|midnight|\w+day)$/

/**
 * Whether a request that sets a time, or follows what others told, may be asked about where it leaves something open. One that leaves
 * nothing open, or names a true condition, is none.
 */
export function mayBeAskedAbout(why: string, { clause, items, others }: Asked): boolean {
  // `restart cart?? or seats, not sure`: who leaves the choice wants it done.
  const chooses = others.some(({ text }) => UNDECIDED.test(text) || HEDGE.test(text))
  if (clause.end.includes('?') && !clause.courteous && !chooses) return false
  if (why === 'half a question') return chooses
  if (others.some(({ act, end }) => act === 'negated' || act === 'conditional' || end.includes(':'))) return false
  if (why === 'conditional')
    return items.every(({ text, slot }) => slot || !CONDITIONAL.has(text) || ONLY_TIME.test(text))
  // What others told is a reason where it orders nothing itself: `hana says hers is the culprit, so roll that back`.
  return why === 'quoted' && others.every(({ act, main }) => act !== 'quoted' || !speaksOfDoing(main))
}

// Words of speech that also tell how things are: "finance wants a limit".
const TELLING = /^(?:wants|wanted|wished|believes?|believed|thinks|thought)$/

const ASKING =
  /^(?:should|shall|would|could|can|may|might|must (?:i|we|you|he|she|it|they|the|this|that|<\w+>)|what if|what about|how about|why|when|is it|are we|do we|do you|who)(?= )/
const GOING_TO =
  /^(?:\S+ )?(?:\S+'ll|will|shall|(?:am|are|is|\S+'m|\S+'re|\S+'s) (?:going to|gonna|about to|planning to)|gonna|(?:plan|intend) to)(?= )/

// `i'll take the sev1, ack it`: whose it is now.
const TAKING_IT =
  /^(?:i|we)(?:'ll|'m| will| am| are|'re)(?: gonna| going to)? (?:just )?(?:take|taking|handle|handling|look|looking|own|owning|deal|dealing|investigate|investigating|check|checking|be|on|work|working)(?= )/

const DONE =
  /^(?:all|is|was|now|done|finished|complete|completed|works|worked|ok|okay|failed|success|successful|succeeded|passed|fixed|deployed|live|up|green)$/

const DOUBTS =
  /^(?:right|ok|okay|yes|no|agreed|correct|thoughts|opinions|objections|any (?:thoughts|objections|opinions)|what do you think|wdyt|is that (?:ok|okay|right|fine)|does that (?:work|make sense)|makes sense|sounds good|good idea|deal)$/

// What stands around a request may tell why, but not take it back, set conditions, or make it somebody else's.
function spoils(other: SpokenClause, before: boolean): string | undefined {
  const { act, end, main } = other
  // Who hedges or leaves the choice is asked which.
  if (UNDECIDED.test(other.text) || HEDGE.test(other.text)) return undefined
  if (/^or(?= )/.test(other.text)) return 'asks about doing'
  const ownStory = /^(?:nobody|noone|no one|we (?:all )?(?:agreed|decided|discussed)|i (?:agreed|decided))(?= )/.test(
    other.text,
  )
  if (act !== 'talk' && !ownStory && main.some(({ text, slot }) => !slot && DOCUMENTS.test(text)))
    return 'somebody else’s words'
  // `cart asks for more memory` tells of cart.
  const needs = act === 'report' && /^<service> asks for(?= )/.test(other.text)
  if (
    act !== 'talk' &&
    !ownStory &&
    !needs &&
    other.items.some(({ text, slot }) => !slot && SPEECH.has(text) && !TELLING.test(text))
  )
    return 'somebody else’s words'
  if (end.includes('?') && DOUBTS.test(other.text)) return 'asks about doing'
  if (end.includes(':') && !isHarmlessLabel(other)) return 'somebody else’s words'
  // `ben, please …` is said to ben, `… - ben` was said by him.
  if (other.items.length > 0 && other.items.every((item) => item.slot?.kind === 'person'))
    return 'somebody else’s words'
  if (main.length > 0 && main.length < 3 && main.every(({ text, slot }) => !slot && DONE.test(text))) return 'a report'
  if (
    other.items.some(
      ({ text, slot }, index) => !slot && /^(?:if|unless)$/.test(text) && !isCourtesy(other.items, index),
    )
  )
    return 'conditional'
  if (act === 'quoted' || act === 'negated' || act === 'conditional') return act
  // `restart it? no`, `never ever`: a short denial beside a request takes it back.
  if (
    main.length < 5 &&
    /^(?:no|not|never|none|nope|nah|don't|dont)$/.test(main[0]?.text ?? '') &&
    !main.some(({ slot }) => slot)
  )
    return 'negated'
  if ((act === 'wondering' || act === 'plan') && speaksOfDoing(main)) return act
  // `should we …, deploy it`, `we are going to …, deploy it`: what follows is a part of the thought.
  if (act === 'wondering' && ASKING.test(other.text)) return act
  if (before && GOING_TO.test(other.text) && !TAKING_IT.test(other.text)) return 'plan'
  return undefined
}

const speaksOfDoing = (items: readonly Item[]): boolean =>
  items.some((item) => {
    if (item.slot) return false
    const order = ORDERING.has(item.text) ? item.text : (orderOfGerund(item.text) ?? orderOfParticiple(item.text))
    return order !== undefined && !EVERYDAY.has(order)
  })

// Verbs of everyday talk: with one of them alone nobody speaks of changing anything.
const EVERYDAY: ReadonlySet<string> = new Set(
  'leave look check see view find read watch work call use take make have give get go stand hold keep note say tell write do help wait ping post sign file ask come show start finish end try let wake move be place open report name'.split(
    ' ',
  ),
)

// What is found in one of these was written by somebody else.
const DOCUMENTS =
  /^(?:wiki|docs?|documentation|manual|readme|handbook|postmortem|post-mortem|retro|confluence|transcript|screenshot|slides?|article|blog|tutorial|training|exercise|quiz|example|checklist|changelog|demo|copied|pasted|excerpt|snippet|cited|verbatim|typed|texted|messaged|emailed|forwarded|forward|shouted|yelled|commented|dictated|standup|stand-up|instance)$/

const URGENT =
  /^(?:urgent|urgently|emergency|important|asap|please|pls|request|hey|hi|hello|ok|okay|ok to go|good to go|ready to go|all clear|green light|approved|go|bot|team|quick one|one thing|sorry)$/

// `nobody needs it at night: scale it down`, unless it is a word of how to do it.
const TELLS_WHY =
  /^(?:nobody|noone|no one|everybody|everyone|i'm|i am|we're|we are|it's|it is|they're|not|(?:before|after|while|since) )(?= ?\S+(?: \S+){2})/
const POINTS_ON =
  /(?:^| )(?:this|that|following|follows|like|so|steps?|orders?|commands?|how|what|is|was|be|do|did|usually|always|would|should|could|if|when|asked|asking|says?|said|told|went|goes|<\w+>)(?: \S+)?$/

// `jonas: deploy it` is a transcript line, `step 3: deploy it` a page of a book. A place ("staging: scale cart to 4") or a cry is neither.
export function isHarmlessLabel({ items, text, act, main, courteous }: SpokenClause): boolean {
  if (act === 'talk' || URGENT.test(text) || main.length === 0) return true
  if (TELLS_WHY.test(text) && !POINTS_ON.test(text)) return true
  if (items.at(-1)?.slot?.kind === 'url') return true
  if (
    items.some((item) => item.slot?.kind === 'channel' || item.slot?.kind === 'person' || item.slot?.kind === 'quoted')
  )
    return false
  // `op-… needs a human: settle it`
  if (/^(?:operation|incident)$/.test(items[0]?.slot?.kind ?? '')) return true
  if ((act === 'request' && courteous) || /^do (?:this|that|it|the following)$/.test(text)) return true
  return items.every(
    (item) =>
      item.slot ||
      /^(?:in|on|for|to|at|and|the|our|from|of|all|incident|alert|service|env|environment|→|->)$/.test(item.text),
  )
}
