import { isLink } from './values/urls.ts'

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
  /(<(?:[a-z][a-z0-9+.-]{1,20}:\/\/|mailto:)[^<>\n]{1,2000}>)([.,;:!?)]*)|"([^"\n]{0,500})"([.,;:!?)]*)|(?<![\p{L}\p{N}])'([^'\n]{1,500})'(?![\p{L}\p{N}])([.,;:!?)]*)|(\n)|([\p{L}_][\p{L}\p{N}_.-]{0,59}=(?='[^'\n])|[^\s"]+)/giu

/** A cleaned text as words. Punctuation at a word's end is kept aside, since it separates clauses. */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = []
  let startsLine = true
  for (const match of text.matchAll(PIECE)) {
    const [, link, afterLink, double, afterDouble, single, afterSingle, newline, plain] = match
    if (newline) {
      startsLine = true
      continue
    }
    const quotedText = double ?? single
    if (link !== undefined) {
      words.push({ text: link, lower: link.toLowerCase(), quoted: false, after: afterLink ?? '', startsLine })
    } else if (quotedText !== undefined) {
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

const JOINED = [
  // `checkout:1.4.2`, `checkout@sha256:…`: a name and its version, as images are written.
  /^(?!(?:slack|teams|cli|sha1|sha256|https?|op|inc)[@:])([\p{L}][\p{L}\p{N}_-]{0,99})[@:](v?\d[\w.+-]{0,99}|sha256:[0-9a-f]{7,64}|latest|previous)([.,;:!?)]*)$/iu,
  // `3k/month`, `EUR/month`: an amount and how often.
  /^((?:(?:us)?[$\u20ac\u00a3\u00a5]?\d[\d.,]{0,19}[km]?(?:[$\u20ac\u00a3\u00a5]|[a-z]{3})?|[a-z]{3}|[$\u20ac\u00a3\u00a5]))\/(day|week|month|quarter|year)([.,;:!?)]*)$/iu,
]

function pushPlain(words: Word[], plain: string, startsLine: boolean): void {
  const opened = plain.replace(/^[([{*_~]{1,5}/, '')
  if (isLink(opened)) {
    const [, text = opened, after = ''] = /^(.*?)([.,;:!?)\]*]{0,9})$/.exec(opened) ?? []
    words.push({ text, lower: text.toLowerCase(), quoted: false, after, startsLine })
    return
  }
  // `dev->qa`
  const arrow = plain.length > 220 ? null : /^([\p{L}\p{N}][\p{L}\p{N}._-]*?)(-+>|=>)([\p{L}\p{N}]\S*)$/u.exec(plain)
  if (arrow?.[1] && arrow[3]) {
    pushPlain(words, arrow[1], startsLine)
    words.push({ text: '->', lower: '->', quoted: false, after: '', startsLine: false })
    pushPlain(words, arrow[3], false)
    return
  }
  const joined = plain.length > 220 ? null : (JOINED[0]?.exec(plain) ?? JOINED[1]?.exec(plain))
  if (joined?.[1] && joined[2]) {
    pushPlain(words, joined[1], startsLine)
    pushPlain(words, joined[2] + (joined[3] ?? ''), false)
    return
  }
  // A list without blanks, `cart,search`, is as many words; a thousands separator and `key=a,b` are not one.
  if (/^\p{L}[^=]*,\p{L}/u.test(plain)) {
    const parts = plain.split(',').filter(Boolean)
    parts.forEach((part, index) => {
      pushPlain(words, index < parts.length - 1 ? `${part},` : part, startsLine && index === 0)
    })
    return
  }
  // A bracket begins a piece of its own: the word before it ends one.
  if (/^[([{]/.test(plain)) markAfter(words, '(')
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
