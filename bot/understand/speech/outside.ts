/** Lines that people paste and do not say: alerts, logs, code, mail headers, tickets, tables. One is enough: nobody orders a change in such company. */
const PASTED: readonly RegExp[] = [
  // Alerts and monitors.
  /^\W*\[?(?:firing|resolved|alerting|pending|ok|critical|warning|warn|info|error|debug|fatal|trace|notice|jira|ci|build|system|admin|audit)(?::\s?\d+)?\]/im,
  /\b(?:alertname|runbook_url|generatorurl|startsat|endsat|severity|description|summary|annotations|labels)\s?[:=]\s?\S/i,
  /^\W*(?:firing|alert|alarm|triggered|page|incident opened|monitor|pagerduty|prometheus|alertmanager|grafana|datadog|nagios|sentry|opsgenie|statuspage)\b ?[:#|-]/im,
  /^\W*INC-?\d+ (?:was |has been )?(?:opened|created|raised|triggered|assigned|escalated|acknowledged|resolved|closed) (?:by|to|from)\b/im,
  // The buttons of somebody's card.
  /(?:\[\p{Lu}\p{Ll}+(?: \p{L}+){0,2}\][ \t]*){2,}$/mu,
  // Logs.
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/,
  /^\W*\d\d:\d\d:\d\d\b/m,
  /^\W*(?:(?:info|warn|warning|error|debug|fatal|trace|notice|stderr|stdout)\s?[:\]|]\s|(?:INFO|WARN|WARNING|ERROR|DEBUG|FATAL|TRACE)\s+[a-z[])/m,
  /\b(?:level|lvl|msg|ts|caller|trace_?id|span_?id|logger|thread|err)=\S/i,
  /\bexit (?:code|status) \d/i,
  /^\s*at [\w.$<>]+ ?\(|Traceback|Exception in thread|Caused by:|panic:|^goroutine \d/im,
  // Commands, code, configuration.
  /(?:^|\n|[`;|&]\s*)(?:[$#%>❯➜]\s+\S|(?:sudo|kubectl|helm|docker|terraform|ansible|gcloud|git|curl|wget|ssh|npm|npx|yarn|bash|psql|redis-cli|argocd|istioctl|systemctl)\s+[\w./-]+)/i,
  /\b(?:kubectl|helm|terraform|docker|argocd|systemctl) \w+/i,
  /[{}]\s*$|^\s*[{[]|"\w+"\s*:|=>|\);|\(\)|&&|\|\||;\s*\w+ -|^\s*<\/?[a-z]|<!--|\$\(|\$\{|^\s*(?:\/\/|#|--|\/\*|\*) \w/im,
  /^(?:diff --git|@@ |\+\+\+ |--- |[+-] {2,}\S)/m,
  /^\s*(?:(?:if|for|while|switch) ?\(.*[){]|(?:def|function|class|const|let|var) \w+ ?[=({:]|return .*;|import .* from|select .* from|insert into|update \w+ set|delete from)/im,
  /^(?:image|env|name|kind|spec|metadata|replicas|containers|apiVersion|version|service|environment|namespace): ?\S+$/im,
  // A line of who and when above what they said.
  /^\W*[\p{L}.'-]{2,20}(?: [\p{L}.'-]{2,20}){0,2}(?:,| at| {1,2}\u2014)? +\[?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]m)?\]?:?[ \t]*\n/iu,
  /^\W*\[?\d{1,2}[:.]\d\d(?: ?[ap]m)?\]? [\p{L}.'-]{2,20}(?: [\p{L}.'-]{2,20})?[:>]? *(?:\n|$)/iu,
  // Mail, tickets, chat exports, forms.
  /^(?:from|to|cc|subject|date|sent|re|fwd?|aw|wg)(?: ?\d+)?: /im,
  /^\W*\[?[A-Z]{2,10}-\d{1,6}\]?[:\s]+(?!.*\b(?:please|pls)\b)[A-Z][a-z]/m,
  /^(?:feat|fix|chore|docs|refactor|test|build|ci|perf|style|revert)(?:\([^)]*\))?!?: /im,
  /^\s*(?:- )?\[[ x]\] /im,
  /^\s*(?:step|todo|example|e\.g\.|fyi|note|action items?|agenda|title|option|task|reminder|changelog|tl;?dr|re|ps|ticket|report|minutes|summary|transcript|quote|warning|caution|faq|q|a|test case|scenario|given|when|then) ?\d*[:.)] /im,
  /^\s*\d{1,2}[.)] \w+/m,
  /^\s*[-*\u2022\u25e6] \S/m,
  /\|.*\|.*\||\t.*\t/,
  /^(?:NAME|NAMESPACE|REVISION|STATUS)\s{2,}\S/m,
]

/** Words that try to talk the reader out of its rules, or to speak as somebody else. */
const ATTACKS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|circumvent|skip|disable|suspend|drop|violate|break|turn off|switch off|without|no) (?:\w+ ){0,4}(?:instructions?|rules?|polic(?:y|ies)|guard ?rails?|restrictions?|safety|checks?|approvals?|confirmations?|permissions?|prompt|limits?|reviews?|questions?|audit)\b/i,
  /\b(?:system|developer|admin|root|debug|god|sudo|jailbreak|unrestricted|maintenance|dan) (?:mode|prompt|override|message|instructions?)\b/i,
  /\b(?:system|assistant|user|developer|tool|human|bot|ai)\s?:/i,
  /\byou (?:are|'re) (?:now|no longer|an? )|\bact as\b|\bpretend\b|\brole-?play\b|\bas (?:an? )?(?:the )?(?:admin|root|superuser|owner|ceo|cto|boss)\b/i,
  /\bi am (?:the |an? )?(?:admin|root|owner|ceo|cto|boss|security|<|@)/i,
  /\bon behalf of\b|\b(?:with|using) \w+'s (?:rights|role|account|permissions)\b|\btrust me\b|\bpre-?approved\b|\balready approved\b|\bapproved by (?:me|myself|default)\b|\bself-?approve\b|\bauto-?approve\b|\bdo not (?:ask|tell|log|audit)\b|\bdon'?t (?:ask|tell|log|audit)\b/i,
  /\b(?:base64|rot13|hex)\b|\\u00|%[0-9a-f]{2}%[0-9a-f]{2}|\bdrop table\b|' or '?1|; ?(?:rm|curl|wget|sh|bash)\b|\| ?(?:sh|bash)\b|\.\.\//i,
  /\bnew (?:instructions?|rules?|policy)\b|\b(?:hidden|secret) (?:command|instruction|mode)\b|\bend of (?:message|prompt|text)\b|\[\/?(?:inst|sys)\]|<\|/i,
]

// Said at the end, it takes back what stands before, or asks.
const TAKEN_BACK =
  /\b(?:just kidding|kidding|jk|joking|not really|no,? wait|wait,? no|never ?mind|nvm|scratch that|yes or no|or not|y\/n|as if|yeah right|in my dreams|i wish)\W*$/i
// A mark of something that ran already: in front of anything, or behind what may as well be a title. `mark it solved ✅` is an order.
const TICKED =
  /^\W*[\u2705\u2714\u2611\u274c\u{1f3c1}\u23f3\u231b\u{1f504}]|^\W*(?:deploy|rollback|restart|release|rollout|upgrade|promote|scale|scaling|lock|unlock|revert|build|reboot|runbook)\b[^,;:!?\u2192]*[\u2705\u2714\u2611\u274c\u{1f3c1}]\ufe0f?\W*$/iu
const ALARM =
  /^\s*(?:[\u{1f6a8}\u{1f534}\u26a0\u{1f514}\u{1f4df}\u{1f525}\u203c]|(?:warning|notice|alarm|alert|caution|attention|problem|critical)\b)|\b(?:automated|auto-generated|triggered|threshold|severity|error budget|remediation|recommended action|suggested action)\b/iu
const SPOKEN =
  /\b(?:pls|plz|please|can you|could you|would you|thx|thanks|i|i'm|we|we're|our|let's|lets|need|us all|guys|folks|bot|it|go ahead|(?:wake(?: up)?|page|ring|alert) (?:the|our|whoever|someone|somebody|up|@\w+)|incident\b.{0,40} (?:is|has) to be (?:created|opened|declared|raised|filed)|(?:declare|open|raise|file|start|report|log|create|make|call) (?:an?|the) (?:\w+ ){0,3}incident)\b/i

const ASKED = /\b(?:(?:can|could|would) (?:you|u)|please|pls|plz)\b/i

/** True when a text ends by taking itself back, or is ticked off. */
export const isTakenBack = (text: string): boolean => TAKEN_BACK.test(text) || (TICKED.test(text) && !ASKED.test(text))

/** True when a text reads like a monitor's: it cries alarm and there is nobody in it who speaks. */
export const isAlarm = (text: string): boolean => ALARM.test(text) && !SPOKEN.test(text)

/** The part of a text that is its sender's own: without quoted lines and fenced blocks. */
export function ownWords(text: string): string {
  return text
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/'''[\s\S]*?(?:'''|$)/g, ' ')
    .replace(/^\s*>.*$/gm, '')
    .trim()
}

/** A text that is nothing but one line of code formatting: somebody shows the exact command they mean. */
export function wholeCodeSpan(raw: string): string | undefined {
  return /^\s*(?:<@[^<>\s]+>\s*|@\S+\s+)?(?:```(?:\w+\n)?\s*([^`\n]{1,300}?)\s*```|`([^`\n]{1,300})`)\s*(?:please|pls|plz|thanks)?[.!]?\s*$/i
    .exec(raw)
    ?.slice(1)
    .find(Boolean)
}

/** True when a text bears the marks of something pasted. */
export const isPasted = (text: string): boolean => PASTED.some((mark) => mark.test(text))

/** True when a text tries to lift the rules. */
export const isAttack = (text: string): boolean => ATTACKS.some((mark) => mark.test(text))
