import { type Item, textOf } from '../clauses.ts'
import { BY_OTHERS } from './orders/frames.ts'

const WHO =
  /^(?:i|we|you|they|he|she|it|this|that|there|someone|somebody|nobody|anyone|what|how|why|who|if|when|will|gonna|\S+'(?:ll|d)|<person>)(?= )/
// What a thing shall be or become, as people say it who mean that it be done.
const BECOMES =
  'go(?: back| on| over| up| down| out| live)?|move|come|return|get(?: back)?|run|use|have|switch|roll|auto-?scale|stay (?:quiet|silent|locked|frozen|closed)|be (?:on|at|in|under|set|put|back (?:on|at)|off limits|\\w+ed|taken|put|shut|undone|rebuilt|cut|sent|made|held|run|brought|frozen|woken)|shut up|stop|end|scale|grow|float|size|shrink|restart|reboot|cost|spend|know|hear|work'
const OBLIGES = new RegExp(
  `^(?=(?:(?!should |must |shall |has to |have to |needs? to |ought to |is to |are to )\\S+ ){0,9}?(?:<(?:service|environment|operation|incident|team)>|changes|deploys|deployments|everything) )(?:\\S+ ){1,10}?(?:should|must|shall|has to|have to|needs to|need to|ought to|is to|are to)(?: please| now| just| also| only| again)* (?:${BECOMES})(?= |$)`,
)
const PERMITS =
  /^(?:\S+ ){1,8}?(?:can|may)(?: please| now| just| also| again)* (?:go(?: live| back| on| to)|move (?:on|to|up)|spend|cost|be (?:closed|resolved|cancelled|canceled|undone|reverted|unlocked|lifted|released|changed again|opened|removed|promoted|shut|stopped)|start again|resume|continue|flow)(?= |$)/
/** Words that make of what shall be what is, was, is hoped for, or comes another time. */
export const MERELY_TOLD =
  /(?:^| )(?:by now|already|usually|normally|always|sometimes|theory|eventually|soon|later|tomorrow|tonight|yesterday|some day|one day|someday|once|whenever|if|when|unless|why|but|ideally|principle|probably|really|actually|never|not|isn't|hopefully|maybe|perhaps|have been|had|would|said|says|docs?|wiki|i|we|think|guess|again and again|at night|overnight|only (?:at|when|on|during|after|before)|each|every|daily|weekly|next (?:week|month|sprint|time|year))(?= |$)/
const ABOUT =
  /<(?:service|environment|operation|incident|team|money)>|^(?:all |the )?(?:changes|deploys|deployments|everything)(?= )/
const AGAIN =
  /^(?:all )?(?:changes|deploys|deployments|releases|everybody|everyone|people|everything|we all) (?:may|can|is|are|should|is allowed to|are allowed to|is free to|are free to)(?: now)? (?:allowed|fine|ok|okay|open|possible|welcome|deploy|ship|change things|go on|go ahead|start|continue|resume|flow|run)(?: \w+){0,2} again$/
const SPENDS =
  /^(?:the |our |team )*<(?:service|environment|team)> (?:team )?(?:may|can|should|must|gets|has|have)(?: now)?(?: spend| cost| have| a budget of)?(?: at most| no more than| up to| not more than| a maximum of| max)? <money> (?:a|per|each|every) (?:day|week|month|quarter|year)/
const BUDGET_IS =
  /^(?:the |our |new )*(?:\w+ly )?budget (?:of|for) (?:the |team )?<\w+>(?: team)? (?:should be|must be|is now|shall be|is to be|becomes) <money>/
const TAKES =
  /^<incident> is (?:mine|ours|with me|on me)$|^(?:taking|taking over|taking care of|owning|claiming|grabbing|picking up) <incident>$|^(?:i've|i have|i) (?:got|taken|took|have) <incident>$|^got <incident>$|^dibs on <incident>$|^(?:i'll|ill|i will) (?:take|handle|own|grab|have) <incident>$|^(?:i'm|im|i am) (?:on|taking care of|taking|handling|looking after|dealing with|working on) <incident>(?: now)?$/

/**
 * Whether a statement is an order: it says of a thing what shall be (`cart in qa should run 1.4`, `the lock on cart can be lifted`), or does it by
 * saying so (`inc-7 is mine`). One that may as well tell how things are is none.
 */
export function ordersByStating(items: readonly Item[], end: string, courteous: boolean): boolean {
  const text = textOf(items)
  if (end.includes('?')) return courteous && PERMITS.test(text.replace(/^(?:can|may) (.*?) (?=go|move|be )/, '$1 can '))
  if (TAKES.test(text) || AGAIN.test(text) || SPENDS.test(text) || BUDGET_IS.test(text)) return true
  if (WHO.test(text) || !ABOUT.test(text) || MERELY_TOLD.test(text) || BY_OTHERS.test(text)) return false
  return OBLIGES.test(text) || PERMITS.test(text)
}

const NOBODY =
  /^(?:(?:there )?(?:must|should|may) be )?(?:(?:make|be) sure (?:that )?|see to it that |ensure (?:that )?)?(?:nobody|no one|noone|no-one) (?:touches|changes|deploys(?: to)?|(?:gets|is) to (?:change|touch|deploy)|(?:may|should|must|can|is allowed to) (?:change|touch|deploy)(?: to)?|deploy)(?: anything (?:in|to|on))? (?=.*<service>)(?=.*<(?:duration|moment)>)/
const UNTOUCHED =
  /^((?:\S+ ){1,7}?)(?:must|should|may|shall|can) ?(?:not|never) be (?:changed|touched|deployed|modified|altered|updated)(?= .*<(?:duration|moment)>)/
const NONE_TO =
  /^(?:there (?:must|should|may|are to) be )no (?:more )?(?:changes|deploys|deployments|releases) (?:to|of|on|in|for) (?=.*<service>)/

/** `nobody touches cart in qa until noon`, `cart must not be changed for 2 hours` as the order it is: to lock. Others unchanged. */
export function asLock(items: readonly Item[]): readonly Item[] {
  const text = textOf(items)
  const [first] = items
  const lead = NOBODY.exec(text) ?? NONE_TO.exec(text)
  if (first && lead) return [{ text: 'lock', word: first.word }, ...items.slice(wordsIn(lead[0]))]
  const place = /^<moment> (?=there must be no |nobody |no one )/.exec(text)
  if (place) {
    const rest = asLock([...items.slice(1), ...items.slice(0, 1)])
    return rest[0]?.text === 'lock' ? rest : items
  }
  const left = UNTOUCHED.exec(text)
  if (!first || !left?.[1] || !/<service>/.test(left[1])) return items
  const before = items.slice(0, wordsIn(left[1]))
  return [{ text: 'lock', word: first.word }, ...before, ...items.slice(wordsIn(left[0]))]
}

const LEADS_TO_QUESTION =
  /^(?:(?:so |and |also |well |hi |hey )?(?:(?:i|we)(?:'d| would)? (?:really |just |also )?(?:need|want|like|love|have|wanted) to (?:know|see|find out|understand|hear|learn|check)|(?:i|we|i'm|im|i am|we're|we are|was|i was) (?:just |still )?(?:wonder|wondering|curious|asking myself)(?: about)?|(?:wondering|curious)(?: about)?|(?:need|want|wanna|would like|like) to (?:know|see|find out|understand)|(?:do|would|does|did) (?:you|anyone|anybody|someone|somebody) (?:happen to |by any chance |possibly )?(?:know|see|remember|have an idea)|any(?:one|body) (?:know|knows)|(?:any|no|have you any|do you have any) (?:idea|clue|insight)(?: about| on)?|(?:is|are) (?:anyone|anybody|someone|somebody|you) able to (?:tell|show) (?:me|us)|(?:can|could|may|might) (?:i|we|anyone|anybody|someone|somebody) (?:please |just |quickly )?(?:ask|know|tell me|tell us|show me|show us|explain to me|see|check)|(?:it )?(?:would|'d) (?:help|be (?:good|nice|great|helpful|useful|interesting)) to (?:know|see)|(?:i|we) (?:don't|dont|do not) (?:know|get|understand|see|remember)|(?:<person>|<team>|\S+|my \S+|the \S+) (?:wants|want|needs|would like|is asking|asks|asked|was asking|keeps asking)(?: me| us)?(?: to (?:know|see))?|(?:i|we)(?:'d| would) be interested in|(?:i'm|im|i am|we're|we are) (?:interested in|looking for)|(?:roughly|approximately|about|exactly|and|also)))(?: (?:about|on|in|me|us))*(?: (?:if|whether))? (?=(?:who|who's|whom|whose|what|what's|which|why|how|how's|when|where|the (?:logs?|last|latest|recent|costs?|status|history|alerts?|list|state|bill|spend)) )/

/** `i'd like to know who is on call`: how many items lead to what is asked; 0 where none do. */
export const questionLeadAt = (items: readonly Item[]): number => {
  const lead = LEADS_TO_QUESTION.exec(`${textOf(items)} `)
  return lead ? wordsIn(lead[0]) : 0
}

const wordsIn = (text: string): number => text.trim().split(' ').filter(Boolean).length
