import type { Asked } from './asked.ts'
import { isHarmlessLabel } from './mood.ts'
import type { SpokenClause } from './speech/act.ts'
import { SPEECH } from './stop-words.ts'

/** Why a sentence asks to see nothing. `surely`: what was learned leaves no doubt, and looking harms nobody. */
export function forbidsReading({ clause, others, items }: Asked, surely = false): string | undefined {
  const { act } = clause
  if (act === 'quoted' || act === 'negated' || act === 'plan') return act
  if ((act === 'conditional' || act === 'report') && !(surely && clause.end.includes('?'))) return act
  if (act === 'wondering' && !surely && !/^(?:what (?:can|may) i|how)(?= )/.test(clause.text)) return 'asks about doing'
  if (items.some(({ text, slot }) => !slot && SPEECH.has(text)) && act === 'fragment') return 'somebody else’s words'
  for (const other of others) {
    if (other.act === 'quoted' && !(surely && /^(?:question|request)$/.test(clause.act))) return other.act
    if (other.act === 'negated' && (!surely || deniesLooking(other))) return other.act
    // A short label is who speaks, or what is to be done some day.
    if (other.end.includes(':') && !isHarmlessLabel(other) && !(surely && isTopic(other)))
      return 'somebody else’s words'
  }
  return undefined
}

// `never mind`, `no wait`, `don't show it`; `not touching anything` and `never used it before` are beside the question.
const deniesLooking = ({ main, text }: SpokenClause): boolean =>
  !/^not (?:the|a|all|only|just|yet another)(?= )/.test(text) &&
  ((main.length < 4 && !/^(?:not|never|don't|dont|no need) \S+/.test(text)) ||
    main.some(({ text: word }) => LOOKING.test(word)))

const LOOKING =
  /^(?:show|list|tell|display|check|look|see|know|answer|explain|status|logs?|history|costs?|alerts?|asking|worry|mind|that|it|this|yet|now)$/

// `housekeeping: which warnings are active`; a name in front is who speaks.
const isTopic = ({ items, main }: SpokenClause): boolean =>
  (items.length > 2 || (main.length > 0 && main.every(({ text, slot }) => !slot && TOPICS.test(text)))) &&
  !items.some(({ slot }) => slot?.kind === 'person')

const TOPICS =
  /^(?:housekeeping|curious|question|questions|quick|another|one|silly|dumb|stupid|newbie|noob|honest|serious|random|monday|morning|check|sanity|follow-?up|checking|just|last|final|basic|simple|general|context|background|audit|compliance|reporting|planning|finance|standup|handover|shift|ask|first|second|next)$/
