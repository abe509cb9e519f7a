/** One word of a cleaned text, or one quoted piece of it. */
export interface Word {
  /** Without the quotes, and without the punctuation around it. */
  readonly text: string
  readonly lower: string
  readonly quoted: boolean
  /** What stood right behind it: `,`, `.`, `?`, `:` and the like; empty when nothing. */
  readonly after: string
  /** First word of a line of its own. */
  readonly startsLine: boolean
}

const PIECE =
  /"([^"\n]{0,500})"([.,;:!?)]*)|(?<![\p{L}\p{N}])'([^'\n]{1,500})'(?![\p{L}\p{N}])([.,;:!?)]*)|(\n)|([^\s"]+)/gu

/** A cleaned text as words. Punctuation at a word's end is kept aside, since it separates clauses. */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = []
  let startsLine = true
  for (const match of text.matchAll(PIECE)) {
    const [, double, afterDouble, single, afterSingle, newline, plain] = match
    if (newline) {
      startsLine = true
      continue
    }
    const quotedText = double ?? single
    if (quotedText !== undefined) {
      const trimmed = quotedText.trim()
      words.push({
        text: trimmed,
        lower: trimmed.toLowerCase(),
        quoted: true,
        after: afterDouble ?? afterSingle ?? '',
        startsLine,
      })
    } else if (plain) {
      pushPlain(words, plain, startsLine)
    }
    startsLine = false
  }
  return words
}

function pushPlain(words: Word[], plain: string, startsLine: boolean): void {
  // A list without blanks, `cart,search`, is as many words; a thousands separator and `key=a,b` are not one.
  if (/^\p{L}[^=]*,\p{L}/u.test(plain)) {
    const parts = plain.split(',').filter(Boolean)
    parts.forEach((part, index) => {
      pushPlain(words, index < parts.length - 1 ? `${part},` : part, startsLine && index === 0)
    })
    return
  }
  const bare = plain.replace(/^[([{*_~]+(?=[^\s])/, '')
  // Bounded from the end by hand: a run of ten thousand dots must not cost its square.
  let end = bare.length
  while (end > 0 && '.,;:!?)]}*~…'.includes(bare[end - 1] ?? '')) end--
  const text = bare.slice(0, end)
  if (text) words.push({ text, lower: text.toLowerCase(), quoted: false, after: bare.slice(end), startsLine })
  else markAfter(words, bare)
}

function markAfter(words: Word[], punctuation: string): void {
  const last = words.at(-1)
  if (last) words[words.length - 1] = { ...last, after: last.after + punctuation }
}
