import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far Slack's clock and ours may be apart: what is older is a replay (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export const WINDOW_S = 5 * 60

/** Whether Slack itself signed these bytes, within the last five minutes. `now` in ms since 1970. */
export function isSigned(
  request: { readonly timestamp: string | undefined; readonly signature: string | undefined; readonly body: Buffer },
  secret: string,
  now: number,
): boolean {
  const { timestamp, signature, body } = request
  if (!timestamp || !/^\d{1,12}$/.test(timestamp) || !signature || !/^v0=[0-9a-f]{64}$/.test(signature)) return false
  if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW_S) return false
  const right = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest()
  return timingSafeEqual(right, Buffer.from(signature.slice(3), 'hex'))
}
