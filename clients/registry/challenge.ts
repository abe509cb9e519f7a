/** What a 401 asks for (RFC 9110 §11.6.1). */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The first challenge of a WWW-Authenticate header; undefined when it is none. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const match = /^\s*([\w-]+)\s*(.*)$/.exec(header ?? '')
  if (!match?.[1]) return undefined
  const parameters: Record<string, string> = {}
  for (const [, key, quoted, plain] of (match[2] ?? '').matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    if (key) parameters[key.toLowerCase()] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')
  return { scheme: match[1].toLowerCase(), parameters }
}
