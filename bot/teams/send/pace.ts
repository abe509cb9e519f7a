/** Below what Teams is known to take from one bot in one conversation: 8 in 2 s, 60 in 30 s. It says more when it is too much. */
const WINDOWS = [
  { withinMs: 2_000, most: 6 },
  { withinMs: 30_000, most: 50 },
] as const
const LONGEST_MS = 30_000

/** Milliseconds until a message may go to a conversation; 0 takes the place. */
export function createPace(nowMs: () => number): (conversation: string) => number {
  const sent = new Map<string, number[]>()
  return (conversation) => {
    const now = nowMs()
    const times = (sent.get(conversation) ?? []).filter((at) => now - at < LONGEST_MS)
    const waits = WINDOWS.map(({ withinMs, most }) => {
      const nth = times.at(-most)
      return nth === undefined ? 0 : nth + withinMs - now
    })
    const waitMs = Math.max(0, ...waits)
    if (waitMs === 0) times.push(now)
    sent.delete(conversation)
    sent.set(conversation, times)
    for (const [oldest, last] of sent) {
      if (now - (last.at(-1) ?? 0) < LONGEST_MS) break
      sent.delete(oldest)
    }
    return waitMs
  }
}
