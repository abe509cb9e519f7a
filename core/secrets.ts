import { readFileSync } from 'node:fs'
import { ConfigError, messageOf } from './errors.ts'
import { STRUCK, strikeLines, strikeShapes } from './secret-shapes.ts'

/** Where a secret is, never the secret: `env:NAME`, `file:/path`. */
export type SecretReference = `env:${string}` | `file:${string}`

function isSecretReference(text: string): text is SecretReference {
  return /^(?:env|file):./.test(text)
}

/** Values that were resolved in this process, longest first, so that none of them is ever written anywhere. */
let known: string[] = []

/** Shorter values would blot out ordinary words. */
const SHORTEST_REDACTED = 6

/**
 * The secret's value, read now. Text that is no reference is returned as it is (an address without a password, a user name). Throws
 * ConfigError naming the reference when nothing is there.
 */
export function resolveSecret(reference: string, env: NodeJS.ProcessEnv = process.env): string {
  if (reference.startsWith('vault:'))
    throw new ConfigError(`${reference}: secrets in Vault are not read yet; use env:NAME or file:/path.`)
  if (!isSecretReference(reference)) return reference
  const value = reference.startsWith('env:') ? fromEnvironment(reference, env) : fromFile(reference)
  keepSecret(value)
  return value
}

function fromEnvironment(reference: string, env: NodeJS.ProcessEnv): string {
  const value = env[reference.slice('env:'.length)]
  if (!value)
    throw new ConfigError(
      `The configuration refers to ${reference}, but that variable is not set: set it and start again.`,
    )
  return value
}

function fromFile(reference: string): string {
  const path = reference.slice('file:'.length)
  let value: string
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    value = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConfigError(`The configuration refers to ${reference}, which cannot be read (${messageOf(error)}).`)
  }
  if (!value) throw new ConfigError(`The configuration refers to ${reference}, but that file is empty.`)
  return value
}

/** From now on this value is struck out wherever it stands: for secrets that come otherwise than by a reference (a kubeconfig's token). */
export function keepSecret(value: string): void {
  const parts = [value]
  if (URL.canParse(value)) {
    const { password } = new URL(value)
    if (password) parts.push(password, decodeURIComponent(password))
  }
  // As they stand in a line of JSON.
  parts.push(...parts.map((part) => JSON.stringify(part).slice(1, -1)))
  const fresh = [...new Set(parts)].filter((part) => part.length >= SHORTEST_REDACTED && !known.includes(part))
  if (fresh.length) known = [...known, ...fresh].sort((a, b) => b.length - a.length)
}

/**
 * A text with every secret that this process resolved taken out, and whatever looks like one of somebody else's: for logs, cards, prompts and
 * all that is stored of other systems' words. Texts are cut to length after this, never before: half a secret is not recognised.
 */
export function redact(text: string): string {
  let clean = text
  for (const value of known) clean = clean.replaceAll(value, STRUCK)
  return strikeShapes(clean)
}

/** The same for lines of one output. */
export const redactLines = (lines: readonly string[]): string[] => strikeLines(lines, redact)

/** JSON data in which no text holds a secret; the same object where none did. */
export function withoutSecrets<T>(data: T): T {
  if (data === undefined || data === null) return data
  let found = false
  const clean = JSON.stringify(data, (_key, part) => {
    if (typeof part !== 'string') return part
    const struck = redact(part)
    found ||= struck !== part
    return struck
  })
  // Only texts are changed, so the copy has the shape of the data.
  return found ? (JSON.parse(clean) as T) : data
}
