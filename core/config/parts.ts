import { z } from 'zod'
import { durationMs } from '../parameters.ts'

/**
 * The leaves of the configuration. Each says in its description what to write there: editors show it, and the sentence about a mistake
 * ends with it.
 */

export const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
  .describe('a name of lower-case letters, digits and dashes, like "checkout"')

export const words = z.string().min(1).max(500).describe('a text')

export const wordList = z.array(words).describe('a list of texts, like [one, two]')

export const channels = z.array(z.string().regex(/^(?:slack:(?:[^\s:/]+\/)?[^\s:/]+|teams:\S+)$/)).default([])

/** A date that is further away than this is no date any more, nor in PostgreSQL. */
const LONGEST_MS = 3_660 * 86_400_000

export const duration = z
  .string()
  .regex(/^(?:\d+(?:\.\d+)?[smhdw])+$/)
  .transform((text) => durationMs(text) ?? 0)
  .refine((ms) => ms > 0 && ms <= LONGEST_MS)
  .describe('a duration like 30m, 2h or 1d, 10 years at most')

export const timezone = z.string().refine(isTimezone).describe('a time zone of the IANA list, like Europe/Berlin')

export const secretReference = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/)
  .describe('a reference to a secret, like env:NAME or file:/run/secrets/name, never the secret itself')

/** A URL may stand in the file itself as long as nothing in it is secret. */
export const urlOrSecret = (schemes: readonly string[]) =>
  z
    .string()
    .refine((text) => secretReference.safeParse(text).success || isOpenUrl(text, schemes))
    .describe(
      `a reference like env:NAME or file:/path, or a ${schemes[0]}// address without a password (a password belongs into the environment or a file)`,
    )

export const sandboxUrl = z
  .url({ protocol: /^http$/ })
  .refine(bearsNoPassword)
  .describe('the address of a sandbox that runs by itself, like http://127.0.0.1:8001')

export const port = z.number().int().min(0).max(65_535).describe('a port number between 0 (any free one) and 65535')

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

// A code or a token that travels in clear is anybody's; on this machine alone it does not travel.
export const guarded = (text: string) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return username + password === '' && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname)))
}

export const atRoot = (text: string) => guarded(text) && new URL(text).pathname === '/' && !/[?#]/.test(text)

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

export function bearsNoPassword(text: string): boolean {
  return URL.canParse(text) && new URL(text).password === ''
}

function isOpenUrl(text: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return schemes.includes(url.protocol) && url.password === ''
}
