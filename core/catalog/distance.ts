/**
 * Damerau–Levenshtein distance in its optimal string alignment form: insertions, deletions, substitutions and swaps of neighbours each
 * count one, and no part is edited twice. Stops early and returns `most + 1` once the distance must exceed `most`.
 */
export function editDistance(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > most) return most + 1
  let twoAgo: number[] = []
  let leastBefore = 0
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let least = row
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, at(twoAgo, column - 2) + 1)
      current.push(cost)
      least = Math.min(least, cost)
    }
    // The next row can build on this one, or by a swap on the one before.
    if (least > most && leastBefore + 1 > most) return most + 1
    leastBefore = least
    twoAgo = previous
    previous = current
  }
  return Math.min(at(previous, b.length), most + 1)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

/** The `count` candidates nearest to a word, nearest first; those too far to have been meant are left out. */
export function nearestWords(word: string, candidates: readonly string[], count: number): string[] {
  const wanted = word.toLowerCase()
  return candidates
    .map((candidate) => ({ candidate, distance: reach(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 2)),
    )
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

/** A beginning that was typed rightly is near, however long the rest: "rec" means "recommendations". */
function reach(word: string, candidate: string): number {
  if (word.length >= 3 && candidate.startsWith(word)) return 0.5
  return editDistance(word, candidate)
}
