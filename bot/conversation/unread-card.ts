import type { Action, Card } from '../../core/card.ts'
import { redact } from '../../core/secrets.ts'
import { isChange } from '../../core/skill.ts'
import { visibleLine } from '../../core/visible-text.ts'
import { cleanText } from '../understand/clean.ts'
import { resolveEntity } from '../understand/entities.ts'
import { isForeign } from '../understand/speech/language.ts'
import { type UnderstandOptions, understand } from '../understand/understand.ts'
import { hintCard } from './notice-cards.ts'

/** Buttons for the services of a place; whoever has more places knows their names. */
const MOST_PLACES = 4

const WOULD =
  /^(?:so |and |but |ok(?:ay)?,? )?what (?:(?:would|will|does) )?(?:happens?|would happen) (?:if|when) (?:i|we|you|somebody) (.+?)[?.! ]*$/i
const WOULD_DO = /^what (?:would|will|does) (?:an? |the )?(.+?) (?:do|change|touch|break)[?.! ]*$/i

/** What to say to words that nothing was made of: why, where that can be told. */
export function unreadCard(text: string, options: UnderstandOptions): Card {
  const cleaned = cleanText(text)
  return wouldCard(cleaned, options) ?? foreignCard(cleaned) ?? unknownNameCard(cleaned, options) ?? hintCard()
}

/** `what happens if I restart cart in production?`: its plan tells. */
function wouldCard(cleaned: string, options: UnderstandOptions): Card | undefined {
  const asked = (WOULD.exec(cleaned) ?? WOULD_DO.exec(cleaned))?.[1]
  if (asked === undefined) return undefined
  const read = understand(asked, options)
  if (!options.skills.some((skill) => skill.name === read.skill && isChange(skill))) return undefined
  const text = `${visibleLine(redact(asked))} --dry-run`
  return unread(`"${text}" shows the plan and changes nothing.`, [say(text)])
}

function foreignCard(cleaned: string): Card | undefined {
  if (!isForeign(cleaned.toLowerCase().split(/[\s,.;:!?"]+/))) return undefined
  return unread('I read English sentences, and the commands that "help" lists, like "restart checkout in staging".')
}

/** `status foo` */
function unknownNameCard(cleaned: string, { skills, catalog }: UnderstandOptions): Card | undefined {
  const [, word = '', name = ''] = /^(\S+) ([\p{L}\p{N}][\p{L}\p{N}._-]*)[?.! ]*$/u.exec(cleaned) ?? []
  const skill = skills.find((one) => one.name === word.toLowerCase() && !isChange(one))
  if (!skill?.input.shape.service) return undefined
  const isUnknown = (['service', 'environment'] as const).every(
    (kind) => 'unknown' in resolveEntity(catalog, kind, name, false),
  )
  if (!isUnknown) return undefined
  const places = catalog.environments.map((environment) => say(`status ${environment.name}`))
  return unread(`There is no service or environment "${visibleLine(name)}".`, places.slice(0, MOST_PLACES))
}

function unread(text: string, actions: readonly Action[] = []): Card {
  const card = hintCard()
  return {
    ...card,
    blocks: [{ type: 'text', text: `Nothing was done. ${text}` }],
    actions: [...actions, ...(card.actions ?? [])],
  }
}

const say = (text: string): Action => ({ verb: 'say', label: text, style: 'plain', payload: { text } })
