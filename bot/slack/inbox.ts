import { messageOf, UpstreamError } from '../../core/errors.ts'
import type { Account } from '../../core/person.ts'
import type { ChatDeps } from '../chat-surface.ts'
import { createLanes } from '../conversation/lanes.ts'
import { atLast } from './at-last.ts'
import type { Callers } from './callers.ts'
import type { Tell, Where } from './tell.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** What somebody said, as Slack sent it. */
export interface Said extends Where {
  readonly threadKey: string
  readonly text: string
  readonly key: string
}

export interface Caller {
  readonly workspace: Workspace
  readonly account: Account
}

/** Everything that people say or click passes here: who it is comes before what they want. */
export interface Inbox {
  /** Gives it to the conversation, in order within a thread, when it is known who said it. */
  say(said: Said): void
  /** Gives it to the conversation now. */
  hand(said: Said, account: Account): Promise<void>
  /**
   * Does something for somebody who may act, in order within `lane`. Guests are turned away with a word, or without one where they asked
   * for nothing (`silent`); bots are not answered.
   */
  serve(lane: string, where: Where, work: (caller: Caller) => Promise<void>, how?: 'silent'): void
  /** Looks at what may not be for us, in order within `lane`, beside what is: it holds up nothing. */
  overhear(lane: string, work: () => Promise<void>): void
  /** Resolves when all that was taken is handed on, or given up after `withinMs`. */
  close(withinMs: number): Promise<void>
}

/** Slack's answers about people are waited for by so many at once. */
const CONCURRENT = 64
const OVERHEARD = 16

export function createInbox(options: {
  readonly deps: Pick<ChatDeps, 'intake' | 'log' | 'clock'>
  readonly workspaces: Workspaces
  readonly callers: Callers
  readonly tell: Tell
}): Inbox {
  const { workspaces, callers, tell } = options
  const { intake, log, clock } = options.deps
  const stop = new AbortController()
  const lanes = createLanes(CONCURRENT, (error) =>
    log.error({ err: error }, 'what came from Slack could not be handed on'),
  )

  const aside = createLanes(OVERHEARD, (error) => log.debug({ err: error }, 'what may not be for us was not looked at'))

  // An answer to our question looks like anybody's words until the store says what was asked.
  const overhear: Inbox['overhear'] = (lane, work) => {
    const heardAt = performance.now()
    aside.add(lane, () => atLast('whether it answers us', work, log, stop.signal, heardAt))
  }

  const serve: Inbox['serve'] = (lane, where, work, how) => {
    const heardAt = performance.now()
    lanes.add(lane, async () => {
      const whoIsIt = async () => {
        const workspace = await workspaces.of(where.team)
        if (!workspace) return undefined
        const standing = await callers.standing(workspace, where.user)
        return { workspace, standing, account: await workspaces.account(where.team, where.user) }
      }
      const who = await atLast('who somebody is', whoIsIt, log, stop.signal, heardAt)
      if (!who) return
      if (who.standing.ok) return work(who)
      if (who.standing.says && how !== 'silent') await tell(where, who.standing.says)
    })
  }

  const hand: Inbox['hand'] = async (said, account) => {
    const { threadKey, text, key } = said
    try {
      intake.receive({ surface: 'slack', threadKey, account, text, key, at: clock() })
    } catch (error) {
      // Too much at once, or we are stopping: they must know that it was not taken.
      if (!(error instanceof UpstreamError)) throw error
      await tell(said, messageOf(error))
    }
  }

  return {
    serve,
    hand,
    overhear,
    say: (said) => serve(said.threadKey, said, ({ account }) => hand(said, account)),
    async close(withinMs) {
      const late = setTimeout(() => stop.abort(), withinMs)
      await Promise.all([lanes.idle(), aside.idle()])
      clearTimeout(late)
    },
  }
}
