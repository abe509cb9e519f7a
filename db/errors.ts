import { DrizzleQueryError } from 'drizzle-orm'
import { messageOf, UpstreamError } from '../core/errors.ts'

/**
 * SQLSTATE classes and codes that mean "not now": connection lost, shutting down, too many connections, timeouts; and a server that takes
 * no writes, which after a failover is the one that was the primary.
 */
const UNAVAILABLE = /^(?:08|57P0|53300$|57014$|25006$)/
const STANDBY = '25006'
const STANDBY_SAYS = 'takes no writes, as a standby does, or a primary that was just replaced'
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
])
/** Errors that pg and PGlite throw without a code. */
const UNAVAILABLE_WORDS =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|pglite is (?:closed|closing)|query read timeout/i
const DISK_FULL = /no space left on device|ENOSPC|disk full/i
/** SQLSTATE classes whose messages quote the data that they refuse. */
const QUOTES_DATA = /^(?:2[0-9]|4[0-9])...$/

export function diskFull(cause: unknown): UpstreamError {
  return new UpstreamError(
    'The disk of the database is full: nothing was stored. Free some space; Quarterdeck goes on by itself.',
    { service: 'database', retryable: true, cause },
  )
}

function* causes(error: unknown): Generator<unknown> {
  for (let current = error, depth = 0; current !== undefined && current !== null && depth < 6; depth++) {
    yield current
    if (current instanceof AggregateError) yield* current.errors
    current = current instanceof Error ? current.cause : undefined
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The SQLSTATE of an error of either driver, through drizzle's wrapping: `23505` is a unique violation. */
function sqlState(error: unknown): string | undefined {
  for (const cause of causes(error)) {
    const code = codeOf(cause)
    if (code && /^[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}

/** True when the database refused because its user lacks a right. */
export function isForbidden(error: unknown): boolean {
  return sqlState(error) === '42501'
}

/** True when the same transaction may succeed if it is run again at once. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/**
 * What a caller of the store gets to see. A database that does not answer, and a disk that is full, become UpstreamError; a refused
 * statement loses drizzle's copy of the parameters, which may hold what nobody should find in a log.
 */
export function translated(error: unknown): unknown {
  for (const cause of causes(error)) {
    if (cause instanceof UpstreamError) return cause
    const code = codeOf(cause)
    // Words count only where nobody else's can be among them: drizzle's own message holds all parameters of the statement.
    const quotes = cause instanceof DrizzleQueryError || (code !== undefined && QUOTES_DATA.test(code))
    const message = quotes ? '' : messageOf(cause)
    if (code === '53100' || DISK_FULL.test(message)) return diskFull(cause)
    if (code ? UNAVAILABLE.test(code) || UNREACHABLE.has(code) : UNAVAILABLE_WORDS.test(message))
      return new UpstreamError(
        `The database ${code === STANDBY ? STANDBY_SAYS : 'does not answer'} (${code ?? message}). Nothing was stored.`,
        {
          service: 'database',
          retryable: true,
          cause,
        },
      )
  }
  if (error instanceof DrizzleQueryError && error.cause)
    return Object.assign(new Error(`${error.cause.message} (in: ${error.query})`, { cause: error.cause }), {
      code: sqlState(error),
    })
  return error
}
