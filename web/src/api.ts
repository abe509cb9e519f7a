/** The server said no, or could not be reached. `says` is a sentence for people. */
export class ApiError extends Error {
  readonly status: number
  /** Worth trying again with the same words. */
  readonly retryable: boolean
  readonly suggestions: readonly string[]
  constructor(says: string, detail: { status: number; retryable: boolean; suggestions?: readonly string[] }) {
    super(says)
    this.status = detail.status
    this.retryable = detail.retryable
    this.suggestions = detail.suggestions ?? []
  }
}

const TIMEOUT_MS = 20_000

/** Asks the local API. Throws ApiError and nothing else. The answer's shape is the server's word (api-types.ts). */
export async function ask<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    throw new ApiError('Quarterdeck does not answer. Is it still running?', { status: 0, retryable: true })
  }
  const answer: unknown = await response.json().catch(() => undefined)
  // Every answer of ours is JSON: one without was cut off on its way, or is somebody else's.
  if (response.ok && answer === undefined)
    throw new ApiError("Quarterdeck's answer did not arrive whole.", { status: response.status, retryable: true })
  if (response.ok) return answer as Answer // one origin, one release: the types are the contract
  const problem = answer as { error?: string; suggestions?: string[] } | undefined
  throw new ApiError(problem?.error ?? `Quarterdeck answered ${response.status}.`, {
    status: response.status,
    retryable: response.status >= 500 || response.status === 429,
    suggestions: problem?.suggestions,
  })
}

/** `length` random characters; for idempotency keys and thread keys. */
export function randomKey(length: number): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  let key = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) key += alphabet[byte & 31]
  return key
}
