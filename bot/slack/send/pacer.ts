/** chat.postMessage takes one message a second and channel (https://docs.slack.dev/apis/web-api/rate-limits); a little more is kept free. */
const POST_GAP_MS = 1_050
/** chat.update is tier 3: fifty and more a minute for a workspace. */
const UPDATES = { most: 50, perMs: 50 / 60_000 }
/** So many of them are kept for last words: progress waits, and is then newer. */
const KEPT_FOR_LAST_WORDS = 25
const LONGEST_WAIT_MS = 5_000

export type Method = 'chat.postMessage' | 'chat.postEphemeral' | 'chat.update'

export interface Sending {
  readonly team: string
  readonly channel: string
  readonly method: Method
  /** Progress may wait for a newer one; the last word goes first. */
  readonly isLastWord: boolean
}

/** How fast we may send, of one process for all workspaces. Times are in ms of a monotonic clock. */
export class Pacer {
  readonly #now: () => number
  /** By channel: when the next post may go, and how many were sent to wait since the last one. */
  readonly #channels = new Map<string, { freeAt: number; waiting: number }>()
  readonly #updates = new Map<string, { left: number; at: number }>()
  /** By workspace and method: until when Slack takes nothing. */
  readonly #closed = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** 0 when it may go now, and its place is then taken; else the milliseconds to wait before asking again. */
  wait(sending: Sending): number {
    const now = this.#now()
    const key = `${sending.team} ${sending.method}`
    const closedMs = (this.#closed.get(key) ?? 0) - now
    if (closedMs > 0) return closedMs
    this.#closed.delete(key)
    return sending.method === 'chat.update' ? this.#update(sending, now) : this.#post(sending, now)
  }

  #post({ team, channel }: Sending, now: number): number {
    const key = `${team} ${channel}`
    const place = this.#channels.get(key)
    if (place && place.freeAt > now) return place.freeAt - now + place.waiting++ * POST_GAP_MS
    this.#channels.set(key, { freeAt: now + POST_GAP_MS, waiting: 0 })
    if (this.#channels.size > 10_000) this.#forgetIdle(now)
    return 0
  }

  #update({ team, isLastWord }: Sending, now: number): number {
    const was = this.#updates.get(team) ?? { left: UPDATES.most, at: now }
    const left = Math.min(UPDATES.most, was.left + (now - was.at) * UPDATES.perMs)
    const kept = isLastWord ? 0 : KEPT_FOR_LAST_WORDS
    if (left < kept + 1) {
      this.#updates.set(team, { left, at: now })
      return Math.min(LONGEST_WAIT_MS, Math.ceil((kept + 1 - left) / UPDATES.perMs))
    }
    this.#updates.set(team, { left: left - 1, at: now })
    return 0
  }

  /** A post was answered: Slack counts from when it came there, which is before this. */
  posted(team: string, channel: string): void {
    const place = this.#channels.get(`${team} ${channel}`)
    if (place) place.freeAt = this.#now() + POST_GAP_MS
  }

  /** Slack says that it takes no more of a method for a while. */
  closedFor(team: string, method: Method, ms: number): void {
    this.#closed.set(`${team} ${method}`, this.#now() + ms)
  }

  #forgetIdle(now: number): void {
    for (const [key, place] of this.#channels) if (place.freeAt <= now) this.#channels.delete(key)
  }
}
