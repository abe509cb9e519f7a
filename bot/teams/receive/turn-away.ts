import { messageOf } from '../../../core/errors.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { chatWith } from '../send/chat-with.ts'

export const TURNED_AWAY =
  'I take no requests from guests or from people of other organisations. Ask somebody of this organisation to say it.'

/** Nobody needs to hear it more often. */
const AGAIN_MS = 60 * 60_000
const MOST = 1_000

/** Tells somebody from outside, in their own chat, why nothing happens. Where Teams does not let us, nothing is said. */
export function createTurnAway(deps: TeamsDeps): (accountId: string, near: Place) => Promise<void> {
  const told = new Map<string, number>()
  return async (accountId, near) => {
    const now = deps.clock().getTime()
    if (now - (told.get(accountId) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
    told.delete(accountId)
    told.set(accountId, now)
    for (const [first] of told) {
      if (told.size <= MOST) break
      told.delete(first)
    }
    try {
      await deps.adapter.send(await chatWith(deps, accountId, near), {
        type: 'message',
        text: TURNED_AWAY,
        textFormat: 'plain',
      })
    } catch (error) {
      deps.log.debug(
        { account: accountId, why: messageOf(error) },
        'somebody from outside could not be told why nothing happens',
      )
    }
  }
}
