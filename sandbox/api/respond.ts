import type { ServerResponse } from 'node:http'
import { stringify } from 'yaml'
import { StatusError } from '../store/errors.ts'

export interface Answer {
  code?: number
  body: unknown
  contentType?: string
  /** Texts for the Warning header, shown to the person by kubectl. */
  warnings?: string[]
}

export function send(response: ServerResponse, answer: Answer, yaml = false): void {
  if (response.writableEnded || response.destroyed) return
  const text = yaml ? stringify(answer.body, { aliasDuplicateObjects: false }) : `${JSON.stringify(answer.body)}\n`
  response.statusCode = answer.code ?? 200
  response.setHeader('Content-Type', answer.contentType ?? (yaml ? 'application/yaml' : 'application/json'))
  response.setHeader('Cache-Control', 'no-cache, private')
  for (const warning of answer.warnings ?? []) response.appendHeader('Warning', `299 - ${quoted(warning)}`)
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(text)
}

/** A quoted-string of RFC 7230; header values carry no control characters. */
function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a header
  return `"${text.replace(/[\x00-\x1f\x7f]/g, ' ').replace(/[\\"]/g, '\\$&')}"`
}

export function sendError(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof StatusError ? error : internalError(error)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const wait = refusal.status.details?.retryAfterSeconds
  // Clients wait and try again by themselves where they are told to, and only there.
  if (wait) response.setHeader('Retry-After', String(wait))
  // A body that was not read to its end would be taken for the next request.
  if (refusal.code === 413) response.setHeader('Connection', 'close')
  send(response, { code: refusal.code, body: refusal.status })
}

function internalError(error: unknown): StatusError {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.error(`The sandbox's API failed on a request; this is a bug in the sandbox: ${why}`)
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  )
}
