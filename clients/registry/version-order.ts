/** The parts of a semantic version (semver.org 2.0.0), with or without a leading v, patch optional. */
interface SemanticVersion {
  readonly numbers: readonly number[]
  readonly prerelease: readonly string[]
}

export function parseVersion(tag: string): SemanticVersion | undefined {
  const match = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(tag)
  if (!match) return undefined
  return {
    numbers: [match[1], match[2], match[3]].map((part) => Number(part ?? 0)),
    prerelease: match[4]?.split('.') ?? [],
  }
}

/** Build numbers count: `build-10` is after `build-9`. */
const words = new Intl.Collator('en', { numeric: true })

/** Newest first: versions by precedence, whatever is no version after them in reverse alphabetical order, numbers in it by their size. */
export function newestFirst(tags: readonly string[]): string[] {
  const known = tags.map((tag) => ({ tag, version: parseVersion(tag) }))
  return known
    .toSorted((a, b) => {
      if (a.version && b.version) return compare(b.version, a.version) || (a.tag < b.tag ? 1 : -1)
      if (a.version || b.version) return a.version ? -1 : 1
      return words.compare(b.tag, a.tag) || (a.tag < b.tag ? 1 : -1)
    })
    .map(({ tag }) => tag)
}

function compare(a: SemanticVersion, b: SemanticVersion): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0)
    if (difference) return difference
  }
  // A pre-release comes before its release.
  if (!a.prerelease.length || !b.prerelease.length) return b.prerelease.length - a.prerelease.length
  for (const [index, left] of a.prerelease.entries()) {
    const right = b.prerelease[index]
    if (right === undefined) return 1
    const difference = comparePart(left, right)
    if (difference) return difference
  }
  return a.prerelease.length - b.prerelease.length
}

function comparePart(a: string, b: string): number {
  const [left, right] = [a, b].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined))
  if (left !== undefined && right !== undefined) return left - right
  if (left !== undefined || right !== undefined) return left !== undefined ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
