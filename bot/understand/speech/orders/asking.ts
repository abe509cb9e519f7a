/** Words by which people ask for what follows without a question: data of the grammar in `as-order.ts`. */

const SPOKEN_BY = "(?:i|we)(?:'d| would| hereby| kindly| herewith| therefore| must| have to| need to| also)*"

/** Leads to an infinitive: `you are kindly asked to restart cart`. */
export const ASKS_TO = new RegExp(
  `^(?:${[
    'it is(?: hereby| kindly)* (?:requested|asked|desired) to',
    '(?:you|quarterdeck) (?:are|is)(?: hereby| kindly)* (?:asked|requested|invited) to',
    `${SPOKEN_BY} (?:ask|request|beg)(?: you| u)?(?: kindly)? to`,
    'it would be (?:very |most |so )?kind (?:of you )?to',
    '(?:would|could) (?:you|u) be so (?:kind|good|nice)(?: as)? (?:to|and)',
  ].join('|')})(?= )`,
)

/** Leads to a clause with `that`: `we kindly ask that cart be restarted`. The `that` stays. */
export const ASKS_THAT = new RegExp(
  `^(?:it is(?: hereby| kindly)* (?:requested|asked|desired)|${SPOKEN_BY} (?:ask|request)(?: you)?)(?= that )`,
)

/** Leads to what could be done: `we would be grateful if cart could be restarted`. */
export const GRATEFUL_IF =
  /^(?:i|we)(?:'d| would)? (?:(?:be )?(?:very |most |really )?(?:grateful|glad|happy|thankful|obliged)|(?:really )?appreciate it) if (?=(?:\S+ ){1,10}?(?:could|can) (?:please )?be )/

/** Leads to the noun of what is wished: `i kindly ask for its reversal`. */
export const ASKS_FOR = new RegExp(`^${SPOKEN_BY} (?:(?:ask|beg)(?: you)? for|request|require)(?= (?!to |that ))`)

/** A clause of its own that asks for what stands before it: `…, please`, `…, thank you`, `…, would you do it`. */
export const ASKS_FOR_BEFORE =
  /^(?:please|pls|plz|kindly|thank you(?: (?:very much|so much|in advance|kindly))?|many thanks|thanks in advance)$|^(?:(?:please|pls|plz|kindly|would you|could you|can you) ){1,2}(?:do|arrange|configure|set up|see to|take care of|make) (?:it|this|that|so)(?: (?:please|happen|now|for me|for us|up))*$|^(?:please |pls )do so$/
