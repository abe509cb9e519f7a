/** The words round a verb by which people order without an imperative. Each is matched against a clause whose values are written as `<service>`. */

const WHILE = '(?: (?:please|now|just|also|kindly|hereby|again|immediately|urgently))*'

// What stands before the verb names what it is done to.
const SUBJECT = '(?:\\S+ ){1,10}?'

const passive = (words: string): RegExp => new RegExp(`^${SUBJECT}(?:${words})${WHILE} be (?=\\S+)`)

/** `cart can be restarted`: what is permitted or needed. */
export const PERMITTED = passive('can|may|must|needs? to|has to|have to|should please')

/** `cart is to be restarted`: what shall be; told of rules and plans as well. */
export const STATED = passive('should|shall|ought to|is to|are to')

/** `cart could be restarted`: an order only where it is asked for. */
export const WISHED = passive('could|can|might|would')

/** `could cart be restarted`: asks somebody, or asks whether it is possible. */
export const ASKED = new RegExp(`^(?:could|can|may|might) ${SUBJECT}be (?=\\S+)`)

/** `that cart be restarted`, behind who asks for it. */
export const THAT = new RegExp(
  `^(?:that|(?:make sure|ensure|see to it|take care)(?: that)?) ${SUBJECT}(?:be|is|are|gets?|should be|shall be)${WHILE} (?=\\S+)`,
)

/** `could cart get autoscaling`: what a thing shall be given. */
export const RECEIVES = /^(?:could|can|may) ((?:\S+ ){1,4}?)(?:get|receive|have|be given) (?:an? |another )?(?=\S+)/

/** `… of cart is required`, behind the noun of a deed. */
export const IS_NEEDED = new RegExp(
  `^((?:\\S+ ){0,8}?)(?:is|are|would be)${WHILE} (?:required|requested|needed|ordered|necessary|desired|asked for)(?= |$)(.*)$`,
)

/** Where and when may follow; anything else tells what it is needed for. */
export const ONLY_WHERE =
  /^(?: (?:in|on|for|at|until|the|now|please|immediately|<(?:environment|duration|moment|url)>))*$/

/** Words in front of the noun of a deed. */
export const OF_A_NOUN =
  /^(?:a|an|the|one|another|its|their|immediate|urgent|prompt|quick|complete|full|total|rolling|new|simple)$/

/** `could cart be restarted safely`, `… without downtime`, `… by hand`: asks how or whether. */
export const WHETHER = / (?:safely|ever|at all|without|even|too|still|directly|somehow|theoretically|manually)(?: |$)/

/** `it is to be deployed by the release team`: somebody else does it. `by 2`, `by noon` are values. */
export const BY_OTHERS = / by(?: (?!<(?!person|team|service))|$)/

/** Nouns of deeds whose verb they do not look like. Participles, gerunds and verbs that are nouns themselves need no list. */
export const DEEDS: Readonly<Record<string, string>> = {
  acknowledgement: 'acknowledge',
  acknowledgment: 'acknowledge',
  activation: 'activate',
  cancellation: 'cancel',
  closure: 'close',
  deployment: 'deploy',
  escalation: 'escalate',
  promotion: 'promote',
  reboot: 'restart',
  redeployment: 'redeploy',
  removal: 'remove',
  resolution: 'resolve',
  resumption: 'resume',
  reversal: 'undo',
  reversion: 'undo',
  rollout: 'deploy',
  termination: 'cancel',
}

/** What orders take away or end, and what names no service: a subject of an order though it is no value. */
export const THINGS =
  /(?:^| )(?:lock|freeze|halt|stop|change stop|deployment stop|emergency stop|kill-?switch|brake|button|whoever|on-call|account|changes|everything|incident|operation|budget|digest|silence|mode|runbook)(?: |$)/
