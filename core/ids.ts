import { randomBytes } from 'node:crypto'

/** A string that only one kind of thing may carry. */
type Branded<Name extends string> = string & { readonly __brand: Name }

export type PersonId = Branded<'person'>
export type RequestId = Branded<'request'>
export type OperationId = Branded<'operation'>
export type ThreadId = Branded<'thread'>
export type DeliveryId = Branded<'delivery'>
export type PlanHash = Branded<'plan-hash'>

// Crockford's base 32: no I, L, O, U, so an id survives being read aloud or typed on a phone.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** `length` random characters of Crockford base 32 (5 bits each). */
export function randomCode(length: number): string {
  let code = ''
  for (const byte of randomBytes(length)) code += ALPHABET[byte & 31]
  return code
}

// Eight characters: 40 bits; the primary key refuses the one collision in a trillion and the writer tries again.
export const newOperationId = () => `op-${randomCode(8)}` as OperationId
export const newRequestId = () => `rq-${randomCode(12)}` as RequestId
export const newThreadId = () => `th-${randomCode(10)}` as ThreadId
export const newDeliveryId = () => `dl-${randomCode(12)}` as DeliveryId

/** What a person may type for an operation id: any case, with or without `op-`; undefined when it cannot be one. */
export function parseOperationId(text: string): OperationId | undefined {
  const match = /^(?:op-?)?([0-9a-hjkmnp-tv-z]{8})$/i.exec(text.trim())
  return match?.[1] ? (`op-${match[1].toLowerCase()}` as OperationId) : undefined
}

/** A request's id, which the log and the traces have: `rq-` and twelve characters, in any case; undefined when it cannot be one. */
export function parseRequestId(text: string): RequestId | undefined {
  const match = /^rq-([0-9a-hjkmnp-tv-z]{12})$/i.exec(text.trim())
  return match?.[1] ? (`rq-${match[1].toLowerCase()}` as RequestId) : undefined
}
