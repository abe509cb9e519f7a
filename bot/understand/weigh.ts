import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { Asked } from './asked.ts'
import { textOf } from './clauses.ts'
import type { Lexicon } from './lexicon.ts'
import { parametersOf } from './parameters.ts'
import { NOISE } from './stop-words.ts'

const DESTROYING =
  /^(?:delete|destroy|remove|purge|wipe|kill|decommission|undeploy|uninstall|terminate|nuke|erase|truncate|drop|empty|format|retire|shut|whack|evict|disable)$/

// What one does with words, or asks others for.
const PASSING_ON =
  /^(?:approve|reject|deny|confirm|translate|repeat|spell|imagine|remember|remind|tell|ask|say|write|describe|simulate|pretend|draft|document|schedule|plan|consider|discuss|quote|copy|paste|practice|practise|learn|explain|summarize|summarise|report)$/

// Names of changes that are words for no other one.
const PLAIN_VERBS =
  /^(?:deploy|scale|restart|rollback|rightsize|autoscale|promote|unlock|silence|escalate|acknowledge)$/

// Makes it well again, by whatever means: `fix cart`, `do something about cart`.
const REMEDY = /^(?:fix|repair|heal|mend|solve|sort|unbreak|save|rescue|(?:do|try) (?:something|anything|sth))(?= |$)/

const WHOLE_COUNTS = 0.9

// The sentence with all that stands around the request may say better what it means.
function likelier(own: ReadonlyMap<string, number>, whole: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const top = (chances: ReadonlyMap<string, number>) =>
    Math.max(...[...chances].filter(([label]) => label !== 'none').map(([, one]) => one))
  return whole.size > 0 && top(whole) * WHOLE_COUNTS > top(own)
    ? new Map([...whole].map(([label, one]) => [label, one * WHOLE_COUNTS]))
    : own
}

function withoutChanges(
  chances: ReadonlyMap<string, number>,
  changes: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const kept = [...chances].filter(([label]) => !changes.has(label))
  const [top] = chances
  // A sure change was asked about: that is no question of ours.
  if (top && changes.has(top[0]) && top[1] > SURELY_A_CHANGE) return chances
  const sum = kept.reduce((total, [, one]) => total + one, 0)
  return sum > LEAST_LEFT ? new Map(kept.map(([label, one]) => [label, one / sum])) : chances
}

const SURELY_A_CHANGE = 0.9
const LEAST_LEFT = 0.1

// `disable the alerts of cart`: what shall go is not the service.
function namesItsThing(skill: SpokenSkill, { clause, others }: Asked, lexicon: Lexicon): boolean {
  const own = lexicon.intents.vocabulary(skill.name)
  const object = clause.main.slice(1)
  // `inc-7 is over, shut it`
  const pointed = object.some(({ text }) => /^(?:it|that|this|them)$/.test(text)) ? others : []
  return [...object, ...pointed.flatMap(({ items }) => items)].some(({ text, slot }) =>
    slot ? /^(?:incident|operation)$/.test(slot.kind) : own.has(text) && !NOISE.has(text),
  )
}

/** How surely these words mean that skill, by phrases and by what was learned. */
export function weigh(skill: SpokenSkill, asked: Asked, lexicon: Lexicon): number {
  const [first] = asked.clause.main
  const phrase = lexicon.phraseWeight(skill.name, textOf(asked.clause.main))
  const likely = asked.texts.map((text) => lexicon.intents.chances(text)).reduce(likelier)
  // Who asks to know asks for no change: what is left is between the things to look at.
  const looks = !isChange(skill) && (asked.clause.act === 'question' || asked.clause.end.includes('?'))
  const chances = looks ? withoutChanges(likely, lexicon.changes) : likely
  const none = chances.get('none') ?? 0
  const chance = (chances.get(skill.name) ?? 0) / Math.max(0.05, 1 - none)
  const rival = Math.max(
    0,
    ...[...chances].filter(([label]) => label !== skill.name && label !== 'none').map(([, one]) => one),
  )
  if (phrase > 0 && chance > 0.3) return Math.max(phrase, chance)
  // Nothing here deletes anything: "delete cart" is no request of ours, whatever it resembles.
  if (phrase === 0 && first && DESTROYING.test(first.text) && !namesItsThing(skill, asked, lexicon)) return 0
  // Which means is what nobody said.
  if (
    phrase === 0 &&
    REMEDY.test(textOf(asked.clause.main)) &&
    asked.items.every(({ slot }) => !slot || /^(?:service|environment|team)$/.test(slot.kind)) &&
    !namesItsThing(skill, asked, lexicon)
  )
    return 0
  if (
    phrase === 0 &&
    first &&
    isChange(skill) &&
    PASSING_ON.test(first.text) &&
    !lexicon.intents.leads(skill.name).has(first.text)
  )
    return 0
  // `cancel my wish to scale cart`: the verb of one change is no word for another.
  if (
    phrase === 0 &&
    first &&
    (chance < 0.85 || PLAIN_VERBS.test(first.text)) &&
    isChange(skill) &&
    first.text !== skill.name &&
    lexicon.changes.has(first.text)
  )
    return 0
  // A weak phrase that nothing learned agrees with is a coincidence.
  if (phrase > 0 && phrase < 0.9 && chance < 0.2 && asked.clause.act !== 'fragment') return 0
  if (phrase > 0) return phrase * (rival > 0.7 ? 0.75 : 0.95)
  // Two meanings almost as likely are no meaning.
  if (isChange(skill) && rival > chance * 0.5) return 0
  // What needs no value at all is asked for in words of its own, never by a likeness.
  if (
    isChange(skill) &&
    parametersOf(skill).every(({ optional }) => optional) &&
    (asked.clause.act !== 'request' || chance < 0.9)
  )
    return 0
  return chance * (asked.clause.act === 'fragment' ? 0.9 : 0.95)
}
