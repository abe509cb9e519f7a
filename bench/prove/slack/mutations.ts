import { createHmac } from 'node:crypto'
import {
  SIGNING_SECRET,
  type SignedRequest,
  signedForm,
  signedJson,
  signedPayload,
} from '../../../test/bot/slack/signed.ts'
import type { Random } from '../frame/random.ts'
import type { Sent } from './gate.ts'

const SIGNATURE = 'x-slack-signature'
const TIMESTAMP = 'x-slack-request-timestamp'
const WINDOW_MS = 5 * 60_000
/** Between the making of a request and its arrival the clock goes on. */
const MARGIN_MS = 30_000
const DAY_MS = 86_400_000

/** A request that Slack could have sent now, of each form that it has. */
export function goodOne(random: Random, more: Parameters<typeof signedJson>[1] = {}): SignedRequest {
  const id = `Ev${random.below(2 ** 31)}${random.below(2 ** 31)}`
  const text = `deploy checkout 1.${random.below(100)}.2 to production`
  return random.pick([
    () => signedJson({ type: 'event_callback', event_id: id, event: { type: 'app_mention', text } }, more),
    () =>
      signedPayload({ type: 'block_actions', trigger_id: id, actions: [{ action_id: 'approve', value: text }] }, more),
    () => signedForm({ command: '/qd', text, trigger_id: id }, more),
  ])()
}

type Mutate = (random: Random) => Sent

const onGood =
  (change: (good: SignedRequest, random: Random) => Sent): Mutate =>
  (random) =>
    change(goodOne(random), random)

const withHeader = ({ body, headers }: SignedRequest, name: string, value: string): Sent => ({
  body,
  headers: { ...headers, [name]: value },
})

/** The header of a request that was signed has a value. */
const headerOf = ({ headers }: SignedRequest, name: string): string => headers[name] ?? ''

/** Signed by Slack itself, over what it never sends. */
function signedAt(timestamp: string, body: string): Sent {
  const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = { 'content-type': 'application/json', [TIMESTAMP]: timestamp, [SIGNATURE]: `v0=${digest}` }
  return { body, headers }
}

/** Every way to be no request of Slack's of the last five minutes. */
export const MUTATIONS: Readonly<Record<string, Mutate>> = {
  'a changed byte of the body': onGood(({ body, headers }, random) => {
    const bytes = Buffer.from(body)
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255))
    return { body: bytes, headers }
  }),
  'more behind the body': onGood(({ body, headers }, random) => ({
    body: body + random.pick([' ', '\n', '\0', '}', '&text=help', ',"admin":true}']),
    headers,
  })),
  'a body that was cut': onGood(({ body, headers }, random) => ({
    body: body.slice(0, random.below(body.length)),
    headers,
  })),
  'the body of another request': onGood(({ headers }, random) => ({ body: goodOne(random).body, headers })),
  'a changed digit of the signature': onGood((good, random) => {
    const signature = headerOf(good, SIGNATURE)
    const at = 3 + random.below(64)
    const other = (Number.parseInt(signature[at] ?? '0', 16) + 1 + random.below(15)) % 16
    return withHeader(good, SIGNATURE, signature.slice(0, at) + other.toString(16) + signature.slice(at + 1))
  }),
  'the signature of another request': onGood((good, random) =>
    withHeader(good, SIGNATURE, headerOf(goodOne(random), SIGNATURE)),
  ),
  'an odd signature': onGood((good, random) => {
    const signature = headerOf(good, SIGNATURE)
    const odd = [
      '',
      'v0=',
      'v0',
      signature.toUpperCase(),
      signature.slice(3),
      `v0=${signature}`,
      signature.slice(0, -1),
    ]
    return withHeader(good, SIGNATURE, random.pick([...odd, signature.replace('v0', 'v1'), `${signature}00`]))
  }),
  'another timestamp': onGood((good, random) => {
    const seconds = Number(headerOf(good, TIMESTAMP)) + random.pick([-1, 1]) * (1 + random.below(400))
    return withHeader(good, TIMESTAMP, String(seconds))
  }),
  'signed too long ago': (random) =>
    goodOne(random, { at: Date.now() - WINDOW_MS - 1_000 - random.below(random.pick([1_000, DAY_MS])) }),
  'signed for later': (random) =>
    goodOne(random, { at: Date.now() + WINDOW_MS + MARGIN_MS + random.below(random.pick([1_000, DAY_MS])) }),
  'a timestamp that is none': (random) => {
    const now = Math.floor(Date.now() / 1_000)
    const odd = ['', 'NaN', '-1', `${now}.0`, `+${now}`, `0x${now.toString(16)}`, `${now * 1_000}`, '1e9', 'Infinity']
    return signedAt(random.pick(odd), goodOne(random).body)
  },
  'signed with another secret': (random) => goodOne(random, { secret: `${SIGNING_SECRET}${random.below(10)}` }),
  'signed with nothing': (random) => goodOne(random, { secret: '' }),
  'a header that is missing': onGood(({ body, headers }, random) => {
    const missing = random.pick([[SIGNATURE], [TIMESTAMP], [SIGNATURE, TIMESTAMP]])
    return { body, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !missing.includes(name))) }
  }),
}
