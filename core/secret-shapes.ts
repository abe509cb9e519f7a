/**
 * Secrets that nobody told us, known by how they look: tool output, log lines and other systems' errors are full of them. Takes the value and
 * leaves what stands before it, so that a person still sees what it was.
 */
export function strikeShapes(text: string): string {
  if (!MAYBE.test(text)) return text
  let clean = text.replace(PRIVATE_KEY, `$1${STRUCK}`).replace(IN_ADDRESS, `$1${STRUCK}`)
  clean = clean.replace(AFTER_SCHEME, (whole, scheme: string, value: string) =>
    looksRandom(value) ? scheme + STRUCK : whole,
  )
  clean = clean.replace(AFTER_NAME, (whole, name: string, value: string) =>
    isPlain(name, value) ? whole : name + STRUCK,
  )
  return clean.replace(BY_ISSUER, STRUCK)
}

export const STRUCK = '[redacted]'

/** The lines of one output: a private key goes over several of them. */
export function strikeLines(lines: readonly string[], strike: (line: string) => string): string[] {
  let inKey = false
  return lines.map((line) => {
    if (BEGIN_KEY.test(line)) inKey = true
    const clean = inKey ? STRUCK : strike(line)
    if (END_KEY.test(line)) inKey = false
    return clean
  })
}

/** Cheap, because nearly no text has any: what one of the patterns below needs. */
const MAYBE =
  /pass|pwd|secret|token|key|credential|bearer|basic|:\/\/[^\s/@]+@|PRIVATE|eyJ|A[KS]IA|gh[pousr]_|github_pat_|xox|sk-|_live_|glpat-|npm_|AIza/i
const BEGIN_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const END_KEY = /-----END [A-Z ]*PRIVATE KEY-----/
/** One that is cut off ends with its text: no key has quotes in it, and a line of JSON stays one. */
const PRIVATE_KEY =
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:[^"\\]|\\(?!"))*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=\\?")|$)/g
/** `postgres://shop:PASSWORD@db` */
const IN_ADDRESS = /(:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g
const AFTER_SCHEME = /\b((?:Bearer|Basic)\s+)([\w.~+/=-]{12,})/gi
/** `password=…`, `X-Auth-Token: …`, `"client_secret": "…"`, also where its quotes are escaped once more. */
const AFTER_NAME =
  /((?:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|account|private|secret)[_-]?key|credential)\\*["']?\s*[=:]\s*\\*["']?)([^\s"'\\,;&|<>{}()[\]]{6,})/gi
// A token in three parts is looked for only where a word is young: a long one that says "eyJ" again and again would be read from each to its end.
const BY_ISSUER =
  /\b(?:(?<![\w-]{40})eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+|A[KS]IA[0-9A-Z]{16}|gh[pousr]_\w{30,}|github_pat_\w{40,}|xox[abeoprs]-[\w-]{10,}|sk-[\w-]{20,}|[rs]k_live_\w{16,}|glpat-[\w-]{16,}|npm_\w{30,}|AIza[\w-]{30,})/g

/** "The token: expired" is a sentence, and env:NAME says where a secret is. */
const isPlain = (name: string, value: string): boolean =>
  /^(?:env|file|vault):/.test(value) || (name.includes(':') && /^[A-Za-z][a-z.]*$/.test(value))

const looksRandom = (value: string): boolean => /\d|[a-z][A-Z]|=$/.test(value)
