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

const PLACE = '(?:(?: on| in| at| from| of| to)?(?: the)?)'
const ELSEWHERE: readonly RegExp[] = [
  // `what runs in`, `whatever is on`, `what's live in`, `what we have in`, `that is in`
  new RegExp(
    `^(?:exactly )?(?:what|whatever|what's|whats|the one|the version|the build|the release|the image|the tag|version|build|release)(?:(?: that| which)?(?: is|'s| currently| now| already| we| have| got| they)*)?(?: running| runs| deployed| live| there| sits| sitting| installed| that's| thats)?${PLACE}$`,
  ),
  // `the same version as in`, `same build that runs on`, `same as`
  new RegExp(
    `^(?:the )?(?:exact )?(?:same|identical|current|running)(?: version| build| release| image| tag| one| thing)?(?: as| that| which| like| of)?(?: what| is|'s| runs| running| we| have| that's| currently)*${PLACE}$`,
  ),
]
const LONGEST_LEAD_WORDS = 8

/**
 * The words in front of an environment that make it a version, `@staging`: `what runs in`, `the same version as`. Returns how many they
 * are; whether an environment follows is for the caller to say. A bare "the version of" is none: a service may follow.
 */
export function elsewhereLeadsAt(words: readonly string[], from: number): readonly number[] {
  if (
    !/^(?:exactly|what|whatever|what's|whats|the|version|build|release|same|exact|identical|current|running)$/.test(
      words[from] ?? '',
    )
  )
    return []
  const lengths: number[] = []
  for (let length = Math.min(LONGEST_LEAD_WORDS, words.length - from); length > 0; length--) {
    const lead = words.slice(from, from + length).join(' ')
    // "the latest build to qa" goes there.
    if (
      lead !== 'the' &&
      !/^(?:(?:the )?(?:version|build|release|image|tag) to|(?:the )?(?:running|current)(?: (?:on|in|at))?(?: the)?)$/.test(
        lead,
      ) &&
      ELSEWHERE.some((pattern) => pattern.test(lead))
    )
      lengths.push(length)
  }
  return lengths
}
