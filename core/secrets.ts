import { readFileSync } from 'node:fs'
import { ConfigError, messageOf } from './errors.ts'

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
  remember(value)
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

function remember(value: string): void {
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

/** A text with every secret that this process resolved taken out: for logs, cards and prompts. */
export function redact(text: string): string {
  let clean = text
  for (const value of known) clean = clean.replaceAll(value, '[redacted]')
  return clean
}

/** A copy of JSON data in which no text holds a secret that this process resolved. */
export function withoutSecrets<T>(data: T): T {
  if (known.length === 0) return data
  // Only texts are changed, so the copy has the shape of the data.
  return JSON.parse(JSON.stringify(data, (_key, part) => (typeof part === 'string' ? redact(part) : part))) as T
}
