import type { SignedRequest } from '../../../test/bot/slack/signed.ts'

const A_SECOND_MS = 1_000

/** Slack signs every delivery anew, with a time in whole seconds. Resolves with whether it was acknowledged. */
export function delivering(
  now: () => number,
  sign: (at: number) => SignedRequest,
): (address: string) => Promise<boolean> {
  let signedAt = 0
  return async (address) => {
    signedAt = Math.max(signedAt + A_SECOND_MS, now())
    const { body, headers } = sign(signedAt)
    const answer = await fetch(`${address}/slack/events`, { method: 'POST', headers, body }).catch(() => undefined)
    await answer?.arrayBuffer().catch(() => undefined)
    return answer?.ok ?? false
  }
}
