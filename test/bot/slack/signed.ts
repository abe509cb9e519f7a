import { createHmac } from 'node:crypto'

export const SIGNING_SECRET = 'a-signing-secret-of-these-tests-0123456789'

export interface SignedRequest {
  readonly body: string
  readonly headers: Record<string, string>
}

/** A request as Slack signs it. */
export function signed(body: string, contentType: string, more: { at?: number; secret?: string } = {}): SignedRequest {
  const timestamp = String(Math.floor((more.at ?? Date.now()) / 1_000))
  const digest = createHmac('sha256', more.secret ?? SIGNING_SECRET)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex')
  return {
    body,
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
  }
}

export const signedJson = (value: object, more?: Parameters<typeof signed>[2]) =>
  signed(JSON.stringify(value), 'application/json', more)

export const signedForm = (fields: Record<string, string>, more?: Parameters<typeof signed>[2]) =>
  signed(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded', more)

/** Interactions come as a form with one field of JSON. */
export const signedPayload = (value: object, more?: Parameters<typeof signed>[2]) =>
  signedForm({ payload: JSON.stringify(value) }, more)
