/** An outside system did not answer as it should, before any sentence is made of it. */
export class Trouble extends Error {
  override readonly name = 'Trouble'
  /** For people, to follow "does not answer": `connection refused`, `HTTP 503`. */
  readonly how: string
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  /** The system itself is in trouble: counts against the circuit breaker. A 429 does not. */
  readonly outage: boolean
  constructor(how: string, detail: { status?: number; retryAfterMs?: number; outage?: boolean; cause?: unknown } = {}) {
    super(how, { cause: detail.cause })
    this.how = how
    this.status = detail.status
    this.retryAfterMs = detail.retryAfterMs
    this.outage = detail.outage ?? true
  }
}

const NETWORK_CODES: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection lost',
  ENOTFOUND: 'its name cannot be found in DNS',
  EAI_AGAIN: 'DNS does not answer',
  ECONNABORTED: 'connection lost',
  EHOSTUNREACH: 'no route to it',
  EHOSTDOWN: 'no route to it',
  ENETUNREACH: 'no network to it',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not in the configured CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the configured CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the configured CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by the configured CA',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** What OpenSSL names in too many ways to list (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
function kindOf(code: string): string | undefined {
  if (/^(?:CERT_|CRL_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/.test(code))
    return `its certificate is not accepted (${code})`
  const isTls = code === 'EPROTO' || code.startsWith('ERR_SSL_')
  return isTls ? `no TLS with it (${code}): look at the address and its port` : undefined
}

/** Network trouble in words; undefined when the error is none (a bug of ours must not look like an outage). */
export function networkTrouble(error: unknown): Trouble | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current.name === 'TimeoutError') return new Trouble('no answer in time', { cause: error })
    if (current.name === 'HTTPParserError')
      return new Trouble('what answers there does not speak HTTP', { cause: error })
    const code = 'code' in current && typeof current.code === 'string' ? current.code : undefined
    const how = code && (NETWORK_CODES[code] ?? kindOf(code))
    if (how) return new Trouble(how, { cause: error })
    // Several addresses tried: the first one's reason stands for all.
    if (current instanceof AggregateError && current.errors.length) return networkTrouble(current.errors[0])
  }
  // What fetch gives up on without a code, such as redirects without end, is still no bug of ours.
  if (error instanceof TypeError && error.message === 'fetch failed' && error.cause instanceof Error)
    return new Trouble(error.cause.message, { cause: error })
  return undefined
}

/** Nobody waits for longer, and a number without bounds would be no date of ours. */
const LONGEST_ASKED_MS = 86_400_000

/** Milliseconds of a Retry-After header (seconds or an HTTP date; RFC 9110 §10.2.3), a day at most; undefined when there is none. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (!header) return undefined
  if (/^\d+$/.test(header.trim())) return Math.min(LONGEST_ASKED_MS, Number(header) * 1000)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.min(LONGEST_ASKED_MS, Math.max(0, at - now.getTime()))
}
