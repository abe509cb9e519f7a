import { type Clause, type Item, textOf } from '../clauses.ts'
import { asOrder } from './as-order.ts'
import { stripCourtesy } from './courtesy.ts'
import { asLock, ordersByStating, questionLeadAt } from './statements.ts'
import { ORDERING, orderOfGerund, orderOfParticiple, tells } from './verbs.ts'

/**
 * What somebody does by saying a clause (Austin, Searle): only a `request` may become a change, and a `fragment` ("cart qa restart") only
 * when every word of it is explained.
 */
export type Act =
  /** An order, a polite request, a wish. */
  | 'request'
  /** Asks to know. */
  | 'question'
  /** Names things and claims nothing. */
  | 'fragment'
  /** Tells what is, was or will be. */
  | 'report'
  /** Says what the speaker is going to do themselves. */
  | 'plan'
  /** Says what not to do. */
  | 'negated'
  /** Sets a condition. */
  | 'conditional'
  /** Asks whether to do something, or says what might be done. */
  | 'wondering'
  /** Passes on somebody else's words. */
  | 'quoted'
  /** Greets, thanks, sighs. */
  | 'talk'

export interface SpokenClause extends Clause {
  readonly act: Act
  /** Without greetings and courtesies. */
  readonly main: readonly Item[]
  /** A courtesy led it, or a wish: it asks somebody else to do something. */
  readonly courteous: boolean
}

const NEGATED =
  /^(?!not (?:happy|pleased|good|great|nice|thrilled|amused)(?= |$))(?:(?:please )?(?:don't|dont|do not|do-not|never|not|no longer|no need|stop trying|refrain|avoid|let's not|lets not|let us not|(?:nobody|no one|noone|no-one) (?:should|may|must|shall|is to|deploys?|touch(?:es)?|restarts?|changes?|scales?|locks?)|nope|nah|nvm|never mind|nevermind|forget|scratch|disregard|ignore|skip|strike|hold (?:off|on|up|back|your)|wait|hang on|leave|hands off|stay away|keep your hands|by no means|under no (?:circumstances?|conditions?)|(?:in|at|on) no (?:case|account|point|way)|no way|anything but|far from|rather not|i'd rather not|forbidden|stop (?!everything|anything|alerting|paging|notifying)\w+ing)(?= |$))/
// Of those, the ones that are orders of their own when something is named.
const ALSO_ORDERS = /^(?:skip|leave|ignore|forget|never|not)(?= )/
const JUST_NO =
  /^(?:no|nope|nah|not(?: yet| now| again| really| today)?|wait|stop|hold on|hang on|never ?mind|nvm|nevermind|forget (?:it|that|about it)|stop it there|scratch that|just kidding|kidding|jk|joking|lol no|on second thought|no wait|wait no|cancel that|actually no|or not|not really|don't|dont|do not)$/

const CONDITIONAL =
  /^(?!while (?:i'm|im|i am|we're) (?:away|out|off|on|in|asleep|sleeping|travelling|gone))(?:(?:and |but |only |even |just )?(?:if|unless|once|when(?! (?:was|were|is|are|did|do|does|has|have|will|am|had))|whenever|whether|as soon as|in case|provided|suppose|supposing|assuming|assume|imagine|as long as|until|till|after|before|while|should (?:it|they|that|this|the|<\w+>)|in the event|had (?:we|i|you)|were (?:we|i)|hypothetically|theoretically|in theory|let's say|lets say|say we|pretend)(?= |$))/

const WONDERING =
  /^(?:should|shall|would|could|can|may|might|must (?:i|we|you|he|she|it|they|the|this|that|<\w+>)|wouldn't|shouldn't|couldn't|can't|cant|shouldnt|wouldnt|what if|what happens|what would|what will happen|what could|what should|how about|what about (?:\w+ing)|how come|why don't|why dont|why not|why should|why would|why (?:are|is|did|do|were|was|have|has) (?:we|you|i|they|he|she|it)|when should|when can|when do we|when are we|when could|when is it (?:safe|ok)|is it (?:ok|okay|safe|possible|time|worth|wise|fine|allowed|too|a good|really|even|still)|is this (?:ok|safe)|is now|are we (?:going|allowed|supposed|ready|still|sure|ok|good|able|planning)|am i (?:allowed|supposed|able|the)|do we (?:need|want|really|still|even|dare|plan|ever|usually|just)|do i (?:need|have to|want|dare|really)|do you (?:think|reckon|want|agree|mind if|plan|intend|really|ever|guys)|who can|who should|who may|who wants|who could|who would|i wonder|wonder|wondering|i'm wondering|im wondering|i was wondering|thinking|i'm thinking|im thinking|i was thinking|i think|i guess|i suppose|i believe|i'd say|i would|i'd|we think|we believe|considering|let me know|any (?:reason|objection|objections|chance we|idea|ideas|thoughts)|does anyone|does anybody|has anyone thought|anyone (?:against|else)|maybe|perhaps|possibly|we could|we might|we may|we should|we can|we'd|you could|you might|one could|someone should|somebody should|i could|i might|i should|i can|i may|could we|can we|may we|might we|thoughts|not sure|i'm not sure|im not sure|unsure|i doubt|worth|better (?:not|to)|it (?:might|may|would|could) be|would it|could it|will it|will that|will this|will we|will a|will the|if only|imho|imo|theoretically|hypothetically|what's the (?:risk|harm|worst|best way|point)|whats the (?:risk|harm|worst|best way|point))(?= |$)/

const PLAN =
  /^(?!(?:i'm|im|i am|we're|we are) (?:tired|tried|sick|fed up|done with|happy|sorry|afraid)(?= ))(?:i|we|he|she|they|you|the team|ops|<person>)(?:'ll|'m going to|'re going to|'s going to| will| shall| am going to| are going to| is going to| was going to| plan to| plan on| intend to| mean to|'m about to|'re about to| am about to| are about to|'m gonna| gonna|'re gonna| am gonna| are gonna| have to| must| had to| ought to| were going to| try to| tried to| am| are|'m|'re)(?= )|^(?:i'll|ill|we'll|well|let me|gonna|going to|about to|planning to|off to|time for me to|imma|lemme)(?= )|^(?:im|i'm|we're|were) (?:\w+ing|about|going|gonna)(?= |$)/

const QUESTION =
  /^(?:how|what|what's|whats|which|who|who's|whos|whose|whom|when|when's|why|where|where's|wheres|is|are|was|were|has|have|did|does|do|any|anything|something|anyone|anybody|am|isn't|aren't|hows|how's|wat|whats|wut|there (?:is|are) any)(?= |$)/

const NAMES_A_VALUE =
  /^(?:the |our )?(?:outcome|severity|strategy|kind|version|reason|title|name)(?: is| should be| =)? \S+(?: \S+)?$|^(?:the |our )?(?:service|environment|env|version|region|severity|outcome|channel|scope|target)(?: is| are| should be| =)? <\w+>/
const NEEDS =
  /^(?!.*(?:would|could|might|may|should|will) need)(?:[^ ]+ ){1,6}?(?:needs?|wants?|could use|deserves?|requires?) (?:a|an|another|some|more|to be|<change>|<number>|\w+ing|escalation|promotion|rollback|restart|redeploy|unlock)(?= |$)/
// `changes may start again`
const ALLOWING =
  /^(?:all )?(?:changes|deploys|deployments|releases|rollouts|operations|everybody|everyone|everything) (?:may|can|should) (?:now )?(?:start|go|resume|continue|proceed|run|flow|happen|deploy|ship|work)(?= |$)/
// `seats in qa should run 4 pods`: what a thing shall be, said of the thing.
const SHOULD_HAVE =
  /^(?:<(?:service|environment)> (?:in |on )?){1,3}(?:should|shall|must) (?:(?:run|have|be (?:on|at|in)|use|get) (?=.*<)|be (?:in |set to )?\S+(?: mode)?$)/
const STANDS_IN =
  /^(?:(?:and|can|could|may|shall|let|have|make) )?(?:<person>|someone|somebody)(?: \S+){0,3} (?:approve|approves|decide|decides|sign off|signs off|act|acts|stand in|stands in|cover|covers|handle|take over|takes over|takes|gets|deputy|stand-in|substitute)(?= |$)(?=.*(?:for me|in my place|instead of me|on my behalf|my approvals|my behalf|my stuff|my deputy|my stand-in|my substitute)(?= |$))|^<person> is my (?:deputy|stand-in|substitute|delegate)(?= |$)/

const ASKED_STAND_IN =
  /^(?:can|could|may) <person> (?:please )?(?:approve|decide|sign off|act|stand in|cover)(?= |$)(?=.*(?:for me|in my place|instead of me|on my behalf|my approvals)(?= |$)(?=.*<))/

const SPEECH_LEAD =
  /^(?!\S+ asks for )(?:<person>|he|she|they|someone|somebody|everyone|everybody|\S+|the \S+(?: \S+)?|my \S+|our \S+) (?:said|says|say|told|tells|asked|asks|wrote|writes|mentioned|mentions|suggested|suggests|recommended|recommends|proposed|proposes|claims|claimed|replied|announced|insists|insisted|ordered|instructed|posted|tweeted|quoted|reckons|thinks|wants (?:me|us|you|them|him|her|to)|wanted)(?= |$)|^(?:according to|as per|per|quote|quoting|to quote|as \S+ (?:said|put|wrote|suggested)|like \S+ (?:said|says))(?= |$)/
const INSTANCE =
  /^(?:for (?:instance|example)|like|such as|as in|e\.?g\.?|i\.?e\.?|yet another|another (?!<|pod|replica|instance|copy|one)|the (?:classic|old|usual|famous))(?= )/
/** Who wrote what is spoken of: `that thing ben wrote`. */
export const WHICH_ONE =
  /(?:^| )(?:thing|things|one|ones|service|app|stuff|runbook|playbook|script|job|branch|fix|patch|version|build|what|whatever|that|which) (?:\S+ )?(?:wrote|reported|announced|proposed|suggested|mentioned|ordered|meant|wanted)$/
const SPEECH_TAIL =
  / (?:he|she|they|<person>) (?:goes|went|was like|is like)$| (?:he|she|they|<person>|someone|somebody) (?:said|says|wrote|asked|told me|told us|suggested|suggests|replied)$|^(?:said|says|wrote|asked|told|quoth) (?:he|she|they|<person>|\S+)$|^(?:he|she|they|<person>|i) (?:said|says|wrote|asked|suggested|told me|told us|was told|heard|read|quote)$/

/** The act of one clause, by its first words and its verbs. `nicely`: what stands behind it asks for it. */
export function speak(clause: Clause, nicely = false): SpokenClause {
  const asks = questionLeadAt(clause.items)
  if (asks > 0)
    return { ...clause, main: stripCourtesy(clause.items.slice(asks)).main, courteous: false, act: 'question' }
  const { main: asSaid, courteous } = stripCourtesy(clause.items)
  const said = clause.end.includes('?') ? asSaid : asLock(asSaid)
  const saying = textOf(said)
  // A wish that is wondered about, denied or planned is none.
  const idle = [WONDERING, CONDITIONAL, NEGATED, PLAN, SPEECH_LEAD].some((lead) => lead.test(saying))
  const wishes = !idle || /^(?:can|could|may|might) /.test(saying)
  const main = wishes ? asOrder(said, courteous || nicely) : said
  const turned = main !== said
  const politely = courteous || (turned && (idle || nicely)) || ASKED_STAND_IN.test(saying)
  const act = actOf(clause, main, politely)
  // `incidents nobody has taken yet?`
  return { ...clause, main, courteous: politely, act: act === 'report' && clause.end.includes('?') ? 'question' : act }
}

// `could someone …`: a sentence that was begun anew; `…, would you`: a courtesy at its end.
const BROKEN_OFF = /^(?:can|could|would|will) (?:you|u|someone|somebody|anyone|anybody)(?: please| pls| kindly)?$/
// `op-… failed, how come?`
const ASKS_WHY = /^how come(?: <(?:operation|incident)>.*| (?:it|that|this) (?!is|was).*)?$/

function actOf(clause: Clause, main: readonly Item[], courteous: boolean): Act {
  const text = textOf(main)
  const whole = clause.text
  if (main.length === 0 || THANKS.test(whole) || BROKEN_OFF.test(text) || BROKEN_OFF.test(whole)) return 'talk'
  if (ASKS_WHY.test(text)) return 'question'
  if (
    /^(?:cheers|thanks|thx|ty|tx|ta|nice|great|cool|perfect|super|awesome|lovely|yay|phew|nice one|well done)$/.test(
      whole,
    )
  )
    return 'talk'
  if (courteous && /^do (?:it|this|that|so)$/.test(text)) return 'talk'
  if (JUST_NO.test(text) || JUST_NO.test(whole)) return 'negated'
  if (INSTANCE.test(text)) return 'quoted'
  if (SPEECH_LEAD.test(text) || (SPEECH_TAIL.test(whole) && !WHICH_ONE.test(whole))) return 'quoted'
  if (NEGATED.test(text) && !(ALSO_ORDERS.test(text) && names(main.slice(1)))) return 'negated'
  if (CONDITIONAL.test(text)) return 'conditional'
  if (ordersByStating(main, clause.end, courteous)) return 'request'
  if (/^no(?= )/.test(text) && !NO_ALARMS.test(text) && !NO_CHANGES.test(text) && main.some(({ slot }) => slot))
    return 'report'
  if (NO_CHANGES.test(text) && (courteous || /<(?:duration|moment)>/.test(text))) return 'request'
  if (NO_THAT.test(text)) return 'fragment'
  if (STANDS_IN.test(text) || (NO_ALARMS.test(text) && /<(?:duration|moment)>/.test(text))) return 'request'
  if (!courteous && WONDERING.test(text))
    return OPINION.test(text) && !speaksOfDoing(main.slice(2)) ? 'report' : 'wondering'
  if (courteous && /^(?:not|don't|dont|never|avoid)(?= |$)/.test(text)) return 'negated'
  if (!courteous && PLAN.test(text)) return 'plan'
  if (/^or(?= )/.test(text)) return main.some(({ slot }) => slot) && !speaksOfDoing(main) ? 'fragment' : 'wondering'
  if (main.length === 1 && !main[0]?.slot && (orderOfParticiple(text) || tells(text))) return 'fragment'
  if (QUESTION.test(text) && !/^(?:do|have) (?:a|an|the|another|one|<\w+>)(?= )|^was$/.test(text)) return 'question'
  if (/^(?:new|now|live|already|currently) (?:in|on) <environment>|^<\w+> costs? (?:us )?<money>/.test(text))
    return 'report'
  if (NAMES_A_VALUE.test(text)) return 'fragment'
  if (ALLOWING.test(text) && !clause.end.includes('?')) return 'request'
  if (SHOULD_HAVE.test(text) && !clause.end.includes('?')) return 'request'
  if (NEEDS.test(text)) return startsWithSpeaker(text) || /^<(?:person|team)>/.test(text) ? 'report' : 'request'
  const [first, second] = main
  if (first && !first.slot && ORDERING.has(first.text)) return isTitle(main) ? 'report' : 'request'
  if (courteous && first && !first.slot && orderOfGerund(first.text)) return 'request'
  if (first && (ADJECTIVES.test(text) || NOUN_OF_DOING.test(text))) return 'fragment'
  if (first && !first.slot && (orderOfParticiple(first.text) || orderOfGerund(first.text)) && second) return 'report'
  if (startsWithSpeaker(text) || main.some((item) => !item.slot && tells(item.text))) return 'report'
  if (main.some((item) => !item.slot && orderOfParticiple(item.text))) return courteous ? 'request' : 'report'
  if (!courteous && main.some(({ text: word, slot }, index) => index > 0 && !slot && /^\w{3,}ed$/.test(word)))
    return 'report'
  return 'fragment'
}

// `failed operations`, `firing alerts`, `rolling restart of cart`: what was done is half of a name.
const ADJECTIVES =
  /^(?:all |the |only |my |our |any |currently |still |recently |<\w+> )*(?:\w+ed|firing|running|waiting|pending|ongoing|open|planned|active|rolling|acked) (?:and \w+ )?(?:operations?|ops|incidents?|alerts?|alarms?|deploys?|deployments?|changes|approvals?|load|costs?|spend|spending|traffic|restart|deploy|rollout|update|release|jobs)(?= |$)/
const THANKS =
  /(?:^|^\S+ )(?:many |big |huge |lots of |a million )?(?:thanks|thank you|thank u|thx|tx|ty|cheers|kudos|props|congrats|congratulations|well done|nice work|good work|great work|good job|great job|nice job|nice one|appreciate|appreciated|shout-?out|hats off|bravo)(?: \S+){0,3} (?:for|on|to|with|of|that|in)(?= )/
const VIEWING = /^(?:show|list|get|give|see|view|find|tell|check|fetch|pull|read|open|look|search|display|print)$/
// `autoscaling for cart`, `no pages from cart for an hour`
const NOUN_OF_DOING = /^(?:horizontal )?\w+ing (?:for|of|bounds|limits) /
const NO_CHANGES = /^no (?:more )?(?:changes|deploys|deployments|releases|rollouts) (?:to|of|on|in|for) (?=.*<service>)/
// `operations that failed`
const NO_THAT = /^(?:all |the |any |only )*(?:operations|ops|incidents|alerts|changes|deploys|requests) (?:that|which) /
const NO_ALARMS =
  /^no (?:more )?(?:alerts?|pages?|alarms?|notifications?|paging|alerting|noise) (?:from|for|of|on|about|by) (?=.*<(?:service|duration|moment)>)/
const OPINION =
  /^(?:i think|i guess|i suppose|i believe|we think|we believe|not sure|i'm not sure|im not sure|unsure|maybe|perhaps|i'm thinking|any ideas?|thoughts)(?= |$)/

const startsWithSpeaker = (text: string): boolean =>
  /^(?:i|we|he|she|they|it|this|that|there|someone|somebody|everyone|everybody|nobody|you|these|those)(?= |$)/.test(
    text,
  )

const names = (items: readonly Item[]): boolean =>
  items.some((item) => item.slot || /^(?:all|everything|changes|deploys|alerts)$/.test(item.text))

const speaksOfDoing = (items: readonly Item[]): boolean =>
  items.some(
    (item) => !item.slot && (ORDERING.has(item.text) || orderOfGerund(item.text) || orderOfParticiple(item.text)),
  )

// `deploy failed`, `rollback of cart is done`: the verb was a noun, and something is told of it.
function isTitle(main: readonly Item[]): boolean {
  const [first, second] = main
  if (first && VIEWING.test(first.text)) return false
  // `mark it as failed`, `tell me how it is doing`
  if (
    first &&
    ENDING.test(first.text) &&
    main.some((item) => item.slot?.kind === 'operation' || item.slot?.kind === 'incident')
  )
    return false
  if (
    second &&
    !second.slot &&
    /^(?:failed|failing|finished|done|worked|works|succeeded|completed|complete|is|was|has|went|broke|started|ended|timed|looks|took|seems)$/.test(
      second.text,
    )
  )
    return true
  const verb = main.findIndex(
    (item, index) => index > 1 && !item.slot && (TELLING.has(item.text) || tellsOfIt(item.text)),
  )
  // `the one i started`, `the build lucia made`
  if (verb > 1 && /^(?:i|we|you|he|she|they|just|already|<person>)$/.test(main[verb - 1]?.text ?? '')) return false
  return (
    verb > 0 &&
    !main
      .slice(0, verb)
      .some(
        (item) =>
          !item.slot &&
          /^(?:that|which|who|where|what|whats|it|because|saying|how|if|whether|when|why|as|whoever|whatever|what's|until|till|til|while|so)$/.test(
            item.text,
          ),
      )
  )
}

const ENDING =
  /^(?:mark|set|settle|note|record|put|close|finish|end|conclude|declare|call|resolve|treat|write|say|tell|make|acknowledge|ack|sign|explain|show|register|move|flag|leave|report)$/

// Finite forms only: `look` and `wait` may be orders.
const tellsOfIt = (word: string): boolean =>
  tells(word) &&
  !word.includes("'") &&
  !ORDERING.has(word) &&
  !/^(?:look|feel|think|wait|complain|die|throw|burn|eat|hang|stand|do|does|did|have|get|broken|left|not)$/.test(word)

const TELLING: ReadonlySet<string> = new Set(
  'is are was were has had failed finished done worked succeeded completed went broke took looks seems crashed helped fixed happened caused successful complete underway ongoing pending aborted scheduled planned approved denied rejected skipped attached'.split(
    ' ',
  ),
)
