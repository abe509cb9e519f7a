import type { Clause, Item } from './clauses.ts'
import { ASKS, ASKS_ABOUT_DOING } from './read-phrases.ts'
import { CONDITIONAL, NEGATING, REPORTING, SPEECH } from './stop-words.ts'

const saysAny = (items: readonly Item[], words: ReadonlySet<string>): boolean =>
  items.some((item) => !item.slot && words.has(item.text))

/**
 * Why a sentence asks for no change, whatever verb it bears: it denies, wonders, sets a condition or another time, or passes on what
 * somebody else said. `main` is the clause with the verb, courtesies off; `clauses` all of them.
 */
export function forbidsChange(clauses: readonly Clause[], main: readonly Item[]): string | undefined {
  const text = main.map((item) => item.text).join(' ')
  if (ASKS_ABOUT_DOING.test(text)) return 'asks about doing'
  if (/^(?:hold|back|lay) (?:off|on|up)(?= |$)/.test(text)) return 'negated'
  const [first, ...rest] = main
  // The verb itself is beyond suspicion; its objects and the clauses around it are not.
  const around = clauses.flatMap((clause) => clause.items).filter((item) => item !== first)
  if (saysAny(around, NEGATING)) return 'negated'
  if (saysAny(around, CONDITIONAL)) return 'conditional'
  if (saysAny(around, SPEECH)) return 'somebody else’s words'
  if (saysAny(rest, REPORTING)) return 'a report'
  return speaksAs(clauses, main) ? 'somebody else’s words' : undefined
}

const SUBJECT = /^(?:i|we|he|she|they|you|it|this|that|there|someone|somebody|everyone|nobody|<person>)(?= |$)/

/** Why a sentence asks to see nothing. */
export function forbidsReading(clauses: readonly Clause[], main: readonly Item[]): string | undefined {
  const text = main.map((item) => item.text).join(' ')
  if (ASKS_ABOUT_DOING.test(text) && !/^(?:what (?:can|may) i|how)/.test(text)) return 'asks about doing'
  const before = clauses.slice(
    0,
    clauses.findIndex((clause) => clause.items.some((item) => main.includes(item))),
  )
  if (
    saysAny(
      before.flatMap((clause) => clause.items),
      SPEECH,
    ) ||
    speaksAs(clauses, main)
  )
    return 'somebody else’s words'
  if (
    saysAny(
      before.flatMap((clause) => clause.items),
      NEGATING,
    )
  )
    return 'negated'
  if (/^what an? /.test(text)) return 'an exclamation'
  if (/^(?:don't|dont|do not|never|no need|please don't|not)(?= |$)/.test(text)) return 'negated'
  if (/(?:^| )(?:if|unless|suppose|supposing|assuming|imagine)(?= |$)/.test(text)) return 'conditional'
  if (ASKS.test(text)) return undefined
  if (SUBJECT.test(text) || saysAny(main, REPORTING) || saysAny(main, SPEECH) || saysAny(main, NEGATING))
    return 'a report'
  return undefined
}

// `jonas: deploy it`: a transcript line. A name of ours in front of a colon ("staging: scale cart to 4") is a place.
function speaksAs(clauses: readonly Clause[], main: readonly Item[]): boolean {
  return clauses.some(
    (clause) =>
      clause.end.includes(':') &&
      !clause.items.some((item) => main.includes(item)) &&
      clause.items.some((item) => !item.slot || item.slot.kind === 'person' || item.slot.kind === 'quoted'),
  )
}
