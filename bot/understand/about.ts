import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { Asked } from './asked.ts'
import type { Draft } from './draft.ts'
import { resolveEntity } from './entities.ts'
import type { Extraction } from './extract.ts'
import type { Sentence } from './judge.ts'
import { parametersOf } from './parameters.ts'
import type { Known } from './slots.ts'
import { orderOfParticiple } from './speech/verbs.ts'

// What people call the things that we change, without naming one.
const THINGS =
  /^(?:hotfix|fix|bugfix|patch|thing|things|stuff|branch|code|feature|features|box|machine|site|website|backend|frontend|api|database|db|project|product|module|job|jobs|worker|system|platform|stack|main|master|good|stable|working|older|right|broken|bad|slow|affected|whole|lot|everywhere|biggest|smallest|busiest|wrote|made|built|owns)$/

export const POINTING =
  /^(?:it|that|this|them|those|these|either|both|all|any|some|every|each|one|him|her|there|again|same|someone|somebody)$/

/** Without one value that we know, the words may be about anything: "restart the meeting". A strong verb that points at something may ask. */
export function isAbout(
  skill: SpokenSkill,
  asked: Asked,
  found: Extraction,
  weight: number,
  { known, lexicon }: Sentence,
): boolean {
  const { knows } = lexicon.spelling
  const unsure = vagueNames(skill, found.draft, known)
  const certain = found.certain + found.strange - unsure.length
  if (certain + found.recalled > 0 || found.left.length + unsure.length === 0) return true
  const parameters = parametersOf(skill)
  const open = [...found.left.map(({ text }) => text), ...unsure]
  // To look harms nobody: plain words beside a sure question are how it was put, where none of them may be a name.
  if (!isChange(skill))
    return (
      parameters.every(({ optional }) => optional) &&
      weight >= 0.85 &&
      (asked.clause.act === 'question' || unsure.length === 0) &&
      !(parameters.some(({ kind }) => kind === 'service' || kind === 'scope') && namesAThing(asked, found)) &&
      open.every((word) => THINGS.test(word) || (unsure.length === 0 && knows(word)))
    )
  const named = asked.clause.main[0]?.text === skill.name
  if (weight < 0.75 || !(named || asked.clause.act === 'request')) return false
  const required = parameters.filter(({ optional }) => !optional)
  if (required.length === 0)
    return weight >= 0.9 && open.every((word) => /^(?:immediate|effect|immediately|everywhere|everything)$/.test(word))
  if (asked.items.some((item) => POINTING.test(item.text))) return open.length < 4
  if (open.every((word) => THINGS.test(word) || orderOfParticiple(word) !== undefined)) return true
  return !required.some(({ kind }) => kind === 'service') && open.length < 3
}

// `who restarted my laptop`: what stands where a name would.
const namesAThing = ({ items }: Asked, { left }: Extraction): boolean =>
  left.some(
    (item) =>
      !THINGS.test(item.text) &&
      /^(?:my|the|a|an|this|that|our|your|his|her|their|for|of|on|in|to|with)$/.test(
        items[items.indexOf(item) - 1]?.text ?? '',
      ),
  )

// Words taken for names that are none of the catalog's, nor a slip of one.
function vagueNames(skill: SpokenSkill, draft: Draft, { catalog }: Known): readonly string[] {
  return parametersOf(skill).flatMap(({ name, kind }) => {
    const value = draft[name]?.value
    if ((kind !== 'service' && kind !== 'environment') || typeof value !== 'string') return []
    const resolved = resolveEntity(catalog, kind, value, true)
    return 'name' in resolved || ('unclear' in resolved && resolved.unclear.length > 1) ? [] : [value.toLowerCase()]
  })
}
