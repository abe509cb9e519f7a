/** Beyond this a text is a pasted log, and its beginning says what is wanted. */
const LONGEST_TEXT = 2_000
const LONGEST_WORDS = 100
const LONGEST_WORD = 30

/** A placeholder such as `{service}`, or a word with its apostrophe. */
const WORD = /\{[\p{L}\p{N}_-]+\}|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:'\p{L}+)?/gu

/** The words of a text, small letters, placeholders whole; at most 100. */
export function splitTokens(text: string): readonly string[] {
  const plain = text.slice(0, LONGEST_TEXT).normalize('NFKC').replaceAll('’', "'").toLowerCase()
  return (plain.match(WORD) ?? []).slice(0, LONGEST_WORDS).map((word) => word.slice(0, LONGEST_WORD))
}

export const isPlaceholder = (token: string) => token.startsWith('{')

/** Takes an English ending off, so that "restarts", "restarted" and "restarting" meet; lighter and ruder than Porter's, which gained nothing. */
export function stem(token: string): string {
  if (isPlaceholder(token) || token.length < 4) return token
  let word = token.endsWith("'s") ? token.slice(0, -2) : token
  if (word.length === 4) return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
  if (word.endsWith('ies')) word = `${word.slice(0, -3)}y`
  else if (word.endsWith('ing') && word.length > 5) word = word.slice(0, -3)
  else if (word.endsWith('ed') || word.endsWith('es')) word = word.slice(0, -2)
  else if (word.endsWith('s') && !word.endsWith('ss')) word = word.slice(0, -1)
  return word.endsWith('e') && word.length > 3 ? word.slice(0, -1) : word
}
