const SEMANTIC = /^v?\d{1,9}(?:\.\d{1,9}){1,3}(?:[-+][0-9a-z][0-9a-z.+-]{0,60})?$/i
const DIGEST = /^sha256:[0-9a-f]{7,64}$/i
// A branch or build with its number or commit: `main-3f2a91c`, `build-812`, `release-2026.11`, `rc1`.
const BUILD =
  /^(?:v\d{1,9}|(?:main|master|build|release|rc|sha|git|hotfix|nightly|beta|alpha|pr|r|b)[-_.]?(?=[0-9a-z._-]*\d)[0-9a-z][0-9a-z._-]{0,60})$/i
const COMMIT = /^(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}$/i

/** True for a word that can hardly be anything but a version: semver (with `v`), a digest, a build tag, a commit. */
export function looksLikeVersion(word: string): boolean {
  return word.length <= 140 && (SEMANTIC.test(word) || DIGEST.test(word) || BUILD.test(word) || COMMIT.test(word))
}

/** A tag of the distribution specification (https://github.com/opencontainers/distribution-spec), or a digest. */
export const isTag = (word: string): boolean => /^[0-9a-z_][0-9a-z_.-]{0,127}$/i.test(word) || DIGEST.test(word)

// Longest first; each said of the running version.
const SAID: readonly (readonly [phrase: string, value: string])[] = [
  ['the version before that', 'previous'],
  ['the version before', 'previous'],
  ['the one before that', 'previous'],
  ['the one before', 'previous'],
  ['what it was before', 'previous'],
  ['what ran before', 'previous'],
  ['what we had before', 'previous'],
  ['where it was', 'previous'],
  ['how it was', 'previous'],
  ['last known good version', 'previous'],
  ['last known good', 'previous'],
  ['last good version', 'previous'],
  ['last good one', 'previous'],
  ['last working version', 'previous'],
  ['last stable version', 'previous'],
  ['previous version', 'previous'],
  ['previous release', 'previous'],
  ['previous one', 'previous'],
  ['prior version', 'previous'],
  ['prior release', 'previous'],
  ['earlier version', 'previous'],
  ['last version', 'previous'],
  ['last release', 'previous'],
  ['last one', 'previous'],
  ['version before', 'previous'],
  ['one before', 'previous'],
  ['one version', 'previous'],
  ['one release', 'previous'],
  ['previous', 'previous'],
  ['latest version', 'latest'],
  ['latest release', 'latest'],
  ['latest build', 'latest'],
  ['newest version', 'latest'],
  ['newest release', 'latest'],
  ['newest', 'latest'],
  ['latest', 'latest'],
]
const SPLIT = SAID.map(([phrase, value]) => ({ words: phrase.split(' '), value }))

/** A version said in words at `words[from]` (lower case): `previous` or `latest`, and how many words say it. */
export function saidVersionAt(
  words: readonly string[],
  from: number,
): { readonly value: string; readonly length: number } | undefined {
  for (const said of SPLIT) {
    if (said.words.every((word, index) => words[from + index] === word))
      return { value: said.value, length: said.words.length }
  }
  return undefined
}
