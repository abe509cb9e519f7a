import type { z } from 'zod'
import { messageOf, UpstreamError } from '../../../core/errors.ts'

const WITHIN_MS = 12_000
const LONGEST_WAIT_MS = 10 * 60_000
const WORTH_ANOTHER_TRY = [408, 412, 425, 429, 500, 502, 503, 504]

/** An answer that says no, with its status. */
export class ServiceError extends UpstreamError {
  readonly status: number
  /** How sentences about it call whom was asked. */
  readonly what: string
  constructor(
    message: string,
    detail: ConstructorParameters<typeof UpstreamError>[1] & Pick<ServiceError, 'status' | 'what'>,
  ) {
    super(message, detail)
    this.status = detail.status
    this.what = detail.what
  }
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** How sentences about it call whom is asked. */
  readonly what: string
  readonly token?: string
  readonly json?: unknown
  readonly body?: URLSearchParams | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** One request to Microsoft: no redirects, so that our token goes nowhere else; no tries but one, because the sender has its own. */
export async function request(address: string, asked: Asked): Promise<unknown> {
  const { method, what, token, json, body } = asked
  const headers: Record<string, string> = { ...asked.headers }
  if (token) headers.Authorization = `Bearer ${token}`
  if (json !== undefined) headers['Content-Type'] = 'application/json'
  let answer: Response
  let text: string
  try {
    const content = json === undefined ? body : JSON.stringify(json)
    const signal = AbortSignal.timeout(WITHIN_MS)
    answer = await fetch(address, {
      method,
      headers,
      redirect: 'error',
      signal,
      ...(content !== undefined && { body: content }),
    })
    text = await answer.text()
  } catch (error) {
    throw passing(`${what} does not answer (${messageOf(error)}).`, error)
  }
  if (!answer.ok) throw refusal(what, answer, text)
  return parsed(text)
}

const passing = (says: string, cause: unknown) => new UpstreamError(says, { service: 'teams', retryable: true, cause })

/** An answer as it should be. Throws UpstreamError for what is none, such as the page of a proxy. */
export function understood<Schema extends z.ZodType>(what: string, schema: Schema, answer: unknown): z.infer<Schema> {
  const read = schema.safeParse(answer)
  if (read.success) return read.data
  throw passing(`${what} answers something else than it was asked. Is there a proxy in between?`, read.error)
}

function refusal(what: string, answer: Response, text: string): ServiceError {
  const { status, headers } = answer
  const retryable = WORTH_ANOTHER_TRY.includes(status)
  const retryAfterMs = askedToWait(headers.get('retry-after'))
  const says = `${what} answers ${status}${sayCode(text)}.${hint(status)}`
  return new ServiceError(says, {
    ...{ status, what, service: 'teams' },
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

function hint(status: number): string {
  if (status === 401) return ' Check teams.appId and teams.appPassword.'
  return status === 403 ? ' Is the bot installed in that team or chat, and not blocked there?' : ''
}

function sayCode(text: string): string {
  const body = parsed(text)
  if (typeof body !== 'object' || body === null || !('error' in body)) return ''
  const { error } = body
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error
  return typeof code === 'string' ? ` (${code.slice(0, 80)})` : ''
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds, or a date. */
function askedToWait(header: string | null): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : new Date(header).getTime() - Date.now()
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT_MS, Math.max(0, ms)) : undefined
}
