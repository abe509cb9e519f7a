import type { IncomingMessage } from '../../core/ports/surface.ts'
import { unansweredRequests } from '../../db/requests.ts'
import { threadById } from '../../db/threads.ts'
import type { ConversationDeps, Limits } from './deps.ts'

const BATCH = 100

/**
 * Takes up stored messages that have no answer because the process that took them died. On the embedded store there is no other process,
 * so that what is found at the start is ours; elsewhere another one may still be at it, so that only what is a minute old is taken. Twice
 * is harmless: an operation binds to its request once.
 */
export function startRecovery(options: {
  readonly deps: ConversationDeps
  readonly limits: Limits
  readonly take: (message: IncomingMessage) => void
  readonly signal: AbortSignal
}): { run(): Promise<void>; stop(): void } {
  const { deps, limits, take } = options
  let first = deps.store.backend === 'pglite'
  const run = async () => {
    const now = deps.clock().getTime()
    const before = new Date(now - (first ? 0 : limits.recoverMs))
    first = false
    // The stale ones are left out by the store: a hundred of them must not stand in front of the others for ever.
    const after = new Date(now - limits.lateMs)
    for (const request of await unansweredRequests(deps.store.db, { after, before }, BATCH)) {
      const thread = await threadById(deps.store.db, request.threadId)
      const person = request.personId ? deps.people.byId(request.personId) : undefined
      // The page also speaks in the terminal's threads, and the other way round: any account of theirs says who it was.
      const account = person?.accounts.find((one) => one.surface === request.surface) ?? person?.accounts[0]
      if (!thread || !account) continue
      const { surface, text, key, receivedAt: at } = request
      take({ surface, threadKey: thread.surfaceKey, account, text, key, at })
    }
  }
  const runQuietly = () => {
    run().catch((error: unknown) => deps.log.debug({ error }, 'unanswered requests could not be looked for'))
  }
  const timer = setInterval(runQuietly, limits.recoverMs)
  timer.unref()
  // After whoever composes the program has put the rest in place.
  const soon = setTimeout(runQuietly, 0)
  soon.unref()
  return {
    run,
    stop() {
      clearInterval(timer)
      clearTimeout(soon)
    },
  }
}
