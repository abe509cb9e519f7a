import type { Card } from '../../core/card.ts'
import { isChange } from '../../core/skill.ts'
import { type UnderstandOptions, understand } from '../understand/understand.ts'

const PARTS_MAX = 5
/** Pieces and the words between them: more is a text, not a request. */
const PIECES_MAX = 19
const JOINTS = /(\s*[;\n]+\s*|,?\s+(?:and then|and also|then|and)\s+|,\s+)/i

/**
 * Several different requests in one sentence, each as a text of its own; undefined unless every word of it belongs to one of them and
 * at least one is a change. A question, a wish not to, or a condition makes a part of it no request, and so the whole.
 */
export function splitRequests(cleaned: string, options: UnderstandOptions): readonly string[] | undefined {
  if (cleaned.includes('?')) return undefined
  const pieces = cleaned.split(JOINTS)
  if (pieces.length > PIECES_MAX) return undefined
  const skillOf = (text: string) => understand(text, options).skill
  const parts: string[] = []
  for (let at = 0; at < pieces.length; at += 2) {
    const piece = (pieces[at] ?? '').trim()
    if (!piece) continue
    const last = parts.at(-1)
    const joined = last === undefined ? piece : `${last}${pieces[at - 1] ?? ' '}${piece}`
    const grows = last !== undefined && skillOf(joined) !== null && skillOf(joined) === skillOf(last)
    // `restart cart and search` is one request of two names, though `search` by itself asks for something, too.
    if (!grows && skillOf(piece) !== null) parts.push(piece)
    else if (last === undefined) return undefined
    else parts[parts.length - 1] = joined
  }
  if (parts.length < 2 || parts.length > PARTS_MAX) return undefined
  const whole = withShared(parts, options)
  const read = whole.map((part) => understand(part, options))
  if (read.some(({ skill }) => skill === null)) return undefined
  const changes = read.some(({ skill: name }) => options.skills.some((one) => one.name === name && isChange(one)))
  return changes ? whole : undefined
}

/** `restart identity and scale baggage to 4 in qa`: what only one of them names, and another lacks, is meant for both. */
function withShared(parts: readonly string[], options: UnderstandOptions): readonly string[] {
  const read = parts.map((part) => understand(part, options))
  const only = (name: string) => {
    const said = new Set(read.flatMap(({ input }) => (typeof input[name] === 'string' ? [input[name]] : [])))
    return said.size === 1 ? [...said][0] : undefined
  }
  const service = only('service')
  const environment = only('environment')
  return parts.map((part, index) => {
    const missing = read[index]?.missing ?? []
    const named = missing.includes('service') && service ? part.replace(/\b(?:it|that)\b/i, service) : part
    return missing.includes('environment') && environment ? `${named} in ${environment}` : named
  })
}

/** Which of several different changes goes first: each button says one of them. Not as a command: its plan waits for a click, too. */
export function splitCard(parts: readonly string[]): Card {
  return {
    kind: 'question',
    tone: 'neutral',
    title: 'Which one first?',
    blocks: [
      {
        type: 'text',
        text: `These are ${parts.length} different requests, and each gets a plan of its own. Nothing was done yet.`,
      },
    ],
    actions: parts.map((text) => ({ verb: 'say', label: text, style: 'plain', payload: { text: `please ${text}` } })),
    footer: 'The buttons stay: click one, then the next.',
  }
}
