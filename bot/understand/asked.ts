import type { SpokenClause } from './speech/act.ts'

/** A request in a text, and what stands around it. */
export interface Request {
  readonly clause: SpokenClause
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
    const fragments = clauses.filter(({ act }) => act === 'fragment')
    const [first] = fragments
    if (!first) return []
    const items = fragments.flatMap(({ main }) => main)
    const last = fragments.at(-1) ?? first
    return [
      {
        clause: { ...first, main: items, end: last.end, courteous: fragments.some(({ courteous }) => courteous) },
        naming: [],
        others: clauses.filter((other) => !fragments.includes(other)),
        all: clauses,
      },
    ]
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
