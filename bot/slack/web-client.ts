import {
  LogLevel,
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
} from '@slack/web-api'
import { messageOf, UpstreamError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { keepSecret } from '../../core/secrets.ts'

const TIMEOUT_MS = 10_000

/** A client of the Web API for one token. It tries nothing again by itself: whoever calls knows what may be repeated. */
export function createWebClient(token: string | undefined, api: string, log: Logger): WebClient {
  if (token) keepSecret(token)
  return new WebClient(token, {
    slackApiUrl: api,
    logger: slackLogger(log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
  })
}

/** Slack's libraries log through ours; their debug lines hold tokens and everything that was said, so they go nowhere. */
export function slackLogger(log: Logger) {
  const text = (parts: readonly unknown[]) => parts.map(String).join(' ')
  return {
    debug() {},
    info: (...parts: unknown[]) => log.debug({ slack: text(parts) }, "a word of Slack's library"),
    warn: (...parts: unknown[]) => log.debug({ slack: text(parts) }, "a warning of Slack's library"),
    error: (...parts: unknown[]) => log.warn({ slack: text(parts) }, "Slack's library reports an error"),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  }
}

/** The library calls it Slack's word too when the page of a proxy came, or half an answer. */
const WORD = /^[\w.:-]{1,100}$/

/** Slack's own word for what was wrong (`channel_not_found`); undefined when it did not answer. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof UpstreamError) return codeOf(error.cause)
  if (error instanceof WebAPIPlatformError) return WORD.test(error.data.error) ? error.data.error : undefined
  return error instanceof WebAPIRateLimitedError ? 'ratelimited' : undefined
}

/** What Slack itself will be well again from. */
const PASSING =
  /^(?:ratelimited|rate_limited|message_limit_exceeded|internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org|org_login_required|update_failed|external_channel_migrating)$/

/** The place does not take it from us, or has nobody there to show it to. */
const NOT_TAKEN_THERE =
  /^(?:channel_not_found|not_in_channel|is_archived|user_not_in_channel|restricted_action(?:_\w+)?|cannot_reply_to_message|thread_not_found|invalid_thread_ts)$/

/** Whether it was refused because of where it was to be said: alone with somebody it may still be said. */
export const isNotTakenThere = (error: unknown): boolean => NOT_TAKEN_THERE.test(codeOf(error) ?? '')

/** There is no such message any more, or none that we may change. */
const GONE = /^(?:message_not_found|cant_update_message|edit_window_closed|thread_not_found)$/
/** The workspace does not know these blocks yet, or they weigh too much. */
const NOT_DRAWN = /^(?:invalid_blocks|invalid_blocks_format|msg_blocks_too_long)$/

export const isMessageGone = (error: unknown): boolean => GONE.test(codeOf(error) ?? '')
export const areBlocksRefused = (error: unknown): boolean => NOT_DRAWN.test(codeOf(error) ?? '')

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  channel_not_found: 'There is no such channel, or the app is not in it: invite it there.',
  not_in_channel: 'The app is not in that channel: invite it there.',
  is_archived: 'The channel is archived.',
  account_inactive: 'The app was removed from the workspace, or its token ended: install it again.',
  token_revoked: 'The token was revoked: install the app again.',
  invalid_auth: 'The token is not right: check slack.botToken.',
  not_authed: 'The token is missing: check slack.botToken.',
  missing_scope: 'A right is missing: compare the app with `npm run slack:manifest` and install it again.',
  token_expired:
    'The app has token rotation, which never ends once it is on: create it anew from `npm run slack:manifest`.',
  restricted_action: 'The workspace does not let apps post there.',
  restricted_action_read_only_channel: 'Only some may post there: let the app.',
  restricted_action_thread_only_channel: 'The channel takes answers in threads only.',
  restricted_action_non_threadable_channel: 'The channel takes no answers in threads.',
  restricted_action_thread_locked: 'The thread is locked.',
}

/** One sentence, with what a person must do where it does not pass by itself. */
export function upstreamOf(error: unknown, method: string): UpstreamError {
  if (error instanceof UpstreamError) return error
  const code = codeOf(error)
  if (error instanceof WebAPIRateLimitedError)
    return new UpstreamError(`Slack takes no more ${method} for ${error.retryAfter} s.`, {
      service: 'slack',
      retryable: true,
      retryAfterMs: error.retryAfter * 1_000,
      cause: error,
    })
  if (code !== undefined) {
    const more = WHAT_TO_DO[code]
    const says = `Slack refused ${method}: ${code}.${more ? ` ${more}` : ''}`
    return new UpstreamError(says, { service: 'slack', retryable: PASSING.test(code), cause: error })
  }
  return new UpstreamError(silenceOf(error, method), { service: 'slack', retryable: true, cause: error })
}

function silenceOf(error: unknown, method: string): string {
  if (error instanceof WebAPIHTTPError) return `Slack answered ${method} with ${error.statusCode}.`
  if (error instanceof WebAPIPlatformError)
    return `Slack answers ${method} with something else than it was asked. Is there a proxy in between?`
  return `Slack does not answer ${method}: ${messageOf(error)}.`
}

/** Calls a method, and throws nothing but UpstreamError. */
export async function call<Result extends WebAPICallResult>(
  method: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw upstreamOf(error, method)
  }
}
