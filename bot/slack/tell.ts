import type { Logger } from '../../core/ports/logger.ts'
import { LIMITS } from './render/limits.ts'
import { escaped, plainObject } from './render/words.ts'
import { isDirectMessage } from './thread-key.ts'
import { call, isNotTakenThere } from './web-client.ts'
import type { Workspaces } from './workspaces.ts'

/** Where somebody is who said or clicked something. */
export interface Where {
  readonly team: string
  readonly user: string
  readonly channel?: string | undefined
  readonly threadTs?: string | undefined
  /** Slack's address for answers to a click or a command: five within half an hour. */
  readonly responseUrl?: string | undefined
}

/** Says something to one person alone, in the thread they are in. Never throws: nobody can do more about it than read the log. */
export type Tell = (where: Where, says: string) => Promise<void>

const TIMEOUT_MS = 10_000

export function createTell(options: {
  readonly workspaces: Workspaces
  readonly api: string
  readonly log: Logger
}): Tell {
  const { api, log } = options
  return async (where, says) => {
    const text = escaped(says)
    // Plain text: no word of anybody's becomes a mention or a link.
    const blocks = [{ type: 'section' as const, text: plainObject(says, LIMITS.text) }]
    const { team, channel, user, threadTs, responseUrl } = where
    const thread = threadTs ? { thread_ts: threadTs } : {}
    try {
      if (responseUrl && isSlacks(responseUrl, api)) {
        const body = { response_type: 'ephemeral', replace_original: false, text, blocks, ...thread }
        if (await sent(responseUrl, body)) return
      }
      const workspace = await options.workspaces.of(team)
      if (!workspace) return
      const { chat } = workspace.web
      const alone = (channel = user, thread = {}) =>
        call('chat.postMessage', () => chat.postMessage({ channel, text, blocks, ...thread }))
      const there = (channel: string) =>
        isDirectMessage(channel)
          ? alone(channel, thread)
          : call('chat.postEphemeral', () => chat.postEphemeral({ channel, user, text, blocks, ...thread }))
      if (!channel) return void (await alone())
      await there(channel).catch((error: unknown) => {
        // A message may be asked about where we are not let in.
        if (isNotTakenThere(error)) return alone()
        throw error
      })
    } catch (error) {
      log.warn({ err: error, team, channel, user }, 'a private word could not be said')
    }
  }
}

async function sent(url: string, body: object): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined)
  return response?.ok ?? false
}

/** The address comes in a signed request; we still post to nobody but Slack. */
function isSlacks(address: string, api: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, origin } = new URL(address)
  return (
    origin === new URL(api).origin || (protocol === 'https:' && /^(?:[a-z0-9-]+\.)?slack(?:-gov)?\.com$/.test(hostname))
  )
}
