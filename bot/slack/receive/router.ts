import express, { type Request, type Response, Router } from 'express'
import type { HandOn } from './hand-on.ts'
import { ReplayMemory } from './replay-memory.ts'
import { isSigned } from './signature.ts'

const BODY_MAX = '1mb'

/** Where Slack sends to: events, buttons, commands and menus may share one address, or use those of the manifest. */
const PATHS = ['/events', '/interactions', '/commands', '/options']

/**
 * Slack over HTTP. Reads the bytes itself, because the signature is over them; takes what is signed, fresh and new, and answers before
 * anything is done with it.
 */
export function createSlackRouter(options: {
  readonly signingSecret: string
  readonly handOn: HandOn
  readonly clock: () => Date
  readonly isOpen: () => boolean
}): Router {
  const { signingSecret, handOn, clock, isOpen } = options
  const replays = new ReplayMemory()
  const router = Router()
  // Slack compresses nothing; what is compressed is somebody's who wants it to be large.
  router.use(express.raw({ type: () => true, limit: BODY_MAX, inflate: false }))
  router.post(PATHS, (request, response) => {
    if (!isOpen()) return refuse(response, 503, 'Quarterdeck is stopping. Send it again in a moment.')
    const bytes = bytesOf(request)
    const now = clock().getTime()
    const signature = request.get('x-slack-signature')
    const timestamp = request.get('x-slack-request-timestamp')
    if (!signature || !isSigned({ timestamp, signature, body: bytes }, signingSecret, now))
      return refuse(response, 401, 'This is not signed by Slack within the last five minutes.')
    if (!replays.isNew(signature, now)) return refuse(response, 401, 'This very request was here before.')
    const body = bodyOf(bytes, request.get('content-type') ?? '')
    if (!body) return refuse(response, 400, 'The body is neither JSON nor a form of Slack.')
    if (body.type === 'url_verification') return void response.json({ challenge: String(body.challenge ?? '') })
    if (body.ssl_check !== undefined) return void response.status(200).end()
    handOn(body, (answer) => {
      if (response.headersSent) return
      if (answer) response.json(answer)
      else response.status(200).end()
    })
  })
  return router
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error })
}

// Without a body there is nothing that was read.
const bytesOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))

/** A JSON body, the JSON in a form's `payload`, or the fields of a form. */
function bodyOf(bytes: Buffer, contentType: string): Record<string, unknown> | undefined {
  const text = bytes.toString('utf8')
  if (!contentType.includes('application/x-www-form-urlencoded')) return objectOf(text)
  const fields = Object.fromEntries(new URLSearchParams(text))
  return fields.payload === undefined ? fields : objectOf(fields.payload)
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // An object that is no array: its fields are looked at one by one.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
