import type { ApiCall, Front } from '../../../test/bot/slack/front.ts'
import type { Breach } from '../prover.ts'

const POST = 'chat.postMessage'
const EDIT = 'chat.update'
const GAP_MS = 1_000
/** What was on its way when Slack said no may still arrive; all of it was let go in one round. */
const ON_ITS_WAY_MS = 1_500
const MOST_TOLD = 3

const PACE = 'a channel hears one post a second'
const WAITS = 'nobody asks while Slack says wait'

interface Shown {
  readonly text: string
  readonly at: number
}

/** From when until when Slack takes no calls of a method. */
export interface Closing {
  readonly from: number
  readonly until: number
}

/** The limits of the Web API, to the letter: what comes too soon is refused, and so is all of a method while it is closed. */
export interface Limits {
  /** From now on a method is refused, with a word for how long. */
  close(method: typeof POST | typeof EDIT, ms: number): Closing
  /** By the `ts` of a message: what was shown there, in order. */
  readonly shown: ReadonlyMap<string, readonly Shown[]>
  readonly posts: readonly number[]
  readonly refused: number
  breaches(): Breach[]
}

/** `loses`: whether Slack's answer to this post is lost, though it was made. */
export function enforceLimits(front: Front, loses: (count: number) => boolean): Limits {
  const posts: number[] = []
  const shown = new Map<string, Shown[]>()
  const closings: (Closing & { readonly method: string; firstRefusedAt?: number })[] = []
  const early: string[] = []
  const knocks: string[] = []
  let refused = 0
  let made = 0
  const refuse = (ms: number) => {
    refused++
    // Slack counts in whole seconds, and says no less than is left.
    const seconds = String(Math.max(1, Math.ceil(ms / 1_000)))
    return { status: 429, headers: { 'retry-after': seconds }, body: { ok: false, error: 'ratelimited' } }
  }
  front.instead.push((call) => {
    const { method, at } = call
    const closed = closings.find((one) => one.method === method && at >= one.from && at < one.until)
    if (closed) {
      closed.firstRefusedAt ??= at
      const sinceMs = at - closed.firstRefusedAt
      if (sinceMs > ON_ITS_WAY_MS) knocks.push(`${method} came ${sinceMs} ms after Slack had said wait`)
      return refuse(closed.until - at)
    }
    if (method !== POST) return undefined
    const gapMs = at - (posts.at(-1) ?? 0)
    posts.push(at)
    if (gapMs >= GAP_MS) return undefined
    early.push(`a post came ${gapMs} ms after the one before it`)
    return refuse(GAP_MS)
  })
  front.also.push((call, answer) => {
    if (answer.ok !== true || (call.method !== POST && call.method !== EDIT)) return answer
    const ts = String(answer.ts)
    shown.set(ts, [...(shown.get(ts) ?? []), { text: textOf(call), at: Date.now() }])
    const lost = call.method === POST && loses(made++)
    return lost ? { ok: false, error: 'internal_error' } : answer
  })
  return {
    shown,
    posts,
    get refused() {
      return refused
    },
    close(method, ms) {
      const from = Date.now()
      const closing = { from, until: from + ms }
      closings.push({ method, ...closing })
      return closing
    },
    breaches: () => [
      ...early.slice(0, MOST_TOLD).map((what) => ({ promise: PACE, what })),
      ...knocks.slice(0, MOST_TOLD).map((what) => ({ promise: WAITS, what })),
    ],
  }
}

const textOf = ({ args }: ApiCall): string => args.text ?? ''
