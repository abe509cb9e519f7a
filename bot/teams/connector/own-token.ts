import { z } from 'zod'
import { keepSecret } from '../../../core/secrets.ts'
import { LOGIN } from './health.ts'
import { request, understood } from './request.ts'

/** A token is not used to its last second. */
const SPARE_MS = 5 * 60_000
/** Where a new one is refused as the old one was, yet another is no better: the login is not asked for one with each card. */
const ANOTHER_AFTER_MS = 60_000

const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

export interface OwnToken {
  get(): Promise<string>
  /** A service does not take this one any more, however long it was to last. Whether the next one is another. */
  refused(token: string): boolean
}

/** The bot's own token, got with its password and kept until shortly before its end; who asks meanwhile waits for the same answer. */
export function createOwnToken(options: {
  /** `https://login.microsoftonline.com`; with a path, the path names the directory that the bot is registered in. */
  readonly login: string
  readonly homeTenant: string
  readonly appId: string
  readonly appPassword: string
  /** How tokens name the Bot Framework's services (verify/service-hosts.ts). */
  readonly services: string
  readonly clock: () => Date
}): OwnToken {
  const { clock } = options
  let kept: { readonly token: string; readonly untilMs: number } | undefined
  let asking: Promise<string> | undefined
  let droppedAt = Number.NEGATIVE_INFINITY

  const ask = async (): Promise<string> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: options.appId,
      client_secret: options.appPassword,
      scope: `${options.services}/.default`,
    })
    const given = await request(tokenAddress(options), { method: 'POST', body, what: LOGIN })
    const answer = understood(LOGIN, Answer, given)
    keepSecret(answer.access_token)
    kept = { token: answer.access_token, untilMs: clock().getTime() + answer.expires_in * 1_000 - SPARE_MS }
    return kept.token
  }

  return {
    get() {
      if (kept && kept.untilMs > clock().getTime()) return Promise.resolve(kept.token)
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
    refused(token) {
      if (kept?.token !== token) return true
      const now = performance.now()
      if (now - droppedAt < ANOTHER_AFTER_MS) return false
      droppedAt = now
      kept = undefined
      return true
    },
  }
}

function tokenAddress({ login, homeTenant }: { login: string; homeTenant: string }): string {
  const { origin, pathname } = new URL(login)
  const directory = pathname.replaceAll(/^\/+|\/+$/g, '') || homeTenant
  return `${origin}/${directory}/oauth2/v2.0/token`
}
