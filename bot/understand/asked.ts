import type { SpokenSkill } from '../../core/skill.ts'
import { type Item, textOf } from './clauses.ts'
import { type Lexicon, placeholderText } from './lexicon.ts'
import type { SpokenClause } from './speech/act.ts'
import { NOISE } from './stop-words.ts'

/** A request in a text, and what stands around it. */
export interface Request {
  /** Absent where nothing but names was said. */
  readonly clause?: SpokenClause
  /** Clauses that may only name things for it, in the order they were said. */
  readonly naming: readonly SpokenClause[]
  readonly others: readonly SpokenClause[]
  /** All clauses of the text. */
  readonly all: readonly SpokenClause[]
}

/**
 * What a text may ask for: each request with the clauses that only name things ("restart cart, in staging, please"); without any, the
 * named things together ("cart, staging: restart").
 */
export function askedIn(clauses: readonly SpokenClause[]): readonly Request[] {
  const telling = clauses.filter(({ act }) => act === 'request' || act === 'question')
  if (telling.length === 0) {
    const naming = clauses.filter(({ act }) => act === 'fragment')
    return naming.length ? [{ naming, others: clauses.filter((other) => !naming.includes(other)), all: clauses }] : []
  }
  return telling.map((clause) => {
    const naming = clauses.filter(
      (other) => other.act === 'fragment' && (telling.length === 1 || nearest(other, telling, clauses) === clause),
    )
    return {
      clause,
      naming,
      others: clauses.filter((other) => other !== clause && !naming.includes(other)),
      all: clauses,
    }
  })
}

// What is named belongs to the request before it, else to the one behind.
function nearest(
  fragment: SpokenClause,
  telling: readonly SpokenClause[],
  all: readonly SpokenClause[],
): SpokenClause | undefined {
  const at = all.indexOf(fragment)
  return telling.findLast((clause) => all.indexOf(clause) < at) ?? telling[0]
}

/** `cancel the meeting, not op-…`: what is named only to say that it is not meant. */
export const isDenied = ({ main: [first] }: SpokenClause): boolean =>
  first !== undefined && !first.slot && /^(?:not|never|nor|except)$/.test(first.text)

/** What is asked for: the clause with the request and the clauses that only name things. */
export interface Asked {
  readonly clause: SpokenClause
  readonly items: readonly Item[]
  readonly others: readonly SpokenClause[]
  /** What to learn the meaning from, values as `{service}`: the request, as it was said, and with all around it. */
  readonly texts: readonly string[]
  /** Those of them that were said behind the request. */
  readonly behind: readonly SpokenClause[]
}

// `roll cart` may be back, out or through; `keep cart at 3` asks for nothing to happen.
const AMBIGUOUS =
  /^roll (?!.*(?:back|out|forward|over|pods?|instances?|replicas|containers?)(?: |$))(?!.*from (?:the )?<environment>.* to (?:the )?<environment>)|^(?:keep|leave|hold) (?:.* )?(?:at|on|with) <(?:number|version)>/

/** The request with those clauses beside it that only name things this skill can use. */
export function gather(
  skill: SpokenSkill,
  { clause, naming, others, all }: Request,
  lexicon: Lexicon,
): Asked | undefined {
  const vocabulary = lexicon.vocabulary(skill.name)
  if (AMBIGUOUS.test(textOf(clause?.main ?? []))) return undefined
  const joined = naming.filter((other) => {
    if (isDenied(other)) return false
    const plain = other.main.filter((item) => !item.slot && /[\p{L}\p{N}]/u.test(item.text))
    const strange = plain.filter((item) => !NOISE.has(item.text) && !vocabulary.has(item.text.replace('/', '-'))).length
    // A name in front of a colon is who speaks.
    if (other.end.includes(':') && other.items.some((item) => item.slot?.kind === 'person')) return false
    if (naming.length === 1 && !clause) return true
    if (other.act !== 'fragment') return strange === 0 && plain.length > 0 && plain.length < 4
    // `drain-node runbook, start it`: what is named with the skill's own word.
    return strange <= (other.main.some((item) => item.slot || item.text === skill.name) ? 1 : 0)
  })
  const [first, last] = [joined[0], joined.at(-1)]
  const spoken =
    clause ??
    (first &&
      last && {
        ...first,
        main: joined.flatMap(({ main }) => main),
        end: last.end,
        courteous: joined.some(({ courteous }) => courteous),
      })
  // What names things and is not understood may be what was meant.
  if (!spoken || (!clause && naming.some((other) => !joined.includes(other) && other.items.some((item) => item.slot))))
    return undefined
  const items = clause ? all.flatMap((one) => (one === clause || joined.includes(one) ? one.main : [])) : spoken.main
  const asSaid = all.flatMap((one) => (one === clause || joined.includes(one) ? one.items : []))
  // Beside another request the whole would speak of both.
  const alone = !others.some(({ act }) => act === 'request' || act === 'question')
  const around = alone ? [placeholderText(all.flatMap((one) => one.items))] : []
  return {
    clause: spoken,
    items,
    texts: [placeholderText(items), placeholderText(asSaid), ...around],
    others: [...others, ...naming.filter((other) => !joined.includes(other))],
    behind: all.slice(all.indexOf(clause ?? last ?? spoken) + 1).filter((other) => !joined.includes(other)),
  }
}
