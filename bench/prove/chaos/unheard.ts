import { type Chat, POST } from '../surfaces/chat.ts'

/** From a message on; then all is well. */
const LOST_MS = 500
const WELL_MS = 2_000

/** For `Chat.watch`: from the time that a message is posted, the answers to it and to those after it are lost for a while. */
export function unheard(chat: Chat): Chat['watch'] {
  let lostUntil = Number.NEGATIVE_INFINITY
  return (passing, moment) => {
    if (passing !== POST || moment !== 'after') return false
    const now = performance.now()
    if (now > lostUntil + WELL_MS) lostUntil = now + LOST_MS
    if (now > lostUntil) return false
    chat.died()
    return true
  }
}
