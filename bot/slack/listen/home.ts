import { setTimeout as delay } from 'node:timers/promises'
import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { SlackContext } from '../context.ts'
import { homeData } from '../home-data.ts'
import { homeView } from '../render/home.ts'
import { call } from '../web-client.ts'

const Opened = z.object({ user: z.string(), channel: z.string(), tab: z.string().optional() })

/** Whoever looked within this time may still look: their page follows what happens. */
const RECENT_MS = 15 * 60_000
/** Changes come in bursts; one drawing is enough for all of them. */
const GATHER_MS = 3_000
const MOST_VIEWERS = 50
const PROMPTS = 4

export interface Home {
  close(): Promise<void>
}

interface Viewer {
  readonly team: string
  readonly user: string
  readonly until: number
}

/** The app's own pages: Home, and what is offered to say where somebody begins to talk with us. */
export async function listenToHome(app: App, context: SlackContext): Promise<Home> {
  const { deps, inbox } = context
  const viewers = new Map<string, Viewer>()
  const stop = new AbortController()
  let following: Promise<void> | undefined

  app.event('app_home_opened', async ({ event, context: { teamId: team } }) => {
    const opened = Opened.safeParse(event)
    if (!opened.success || !team) return
    const { user, channel, tab } = opened.data
    const show = async () => {
      if (tab === 'messages') return offer(context, { team, user, channel })
      viewers.delete(`${team} ${user}`)
      viewers.set(`${team} ${user}`, { team, user, until: performance.now() + RECENT_MS })
      await publish(context, team, user)
    }
    // Who only looks is told nothing.
    inbox.serve(`home ${team} ${user}`, { team, user }, show, 'silent')
  })

  async function follow(): Promise<void> {
    await delay(GATHER_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    following = undefined
    for (const [key, { team, user, until }] of [...viewers].slice(-MOST_VIEWERS)) {
      if (stop.signal.aborted) return
      if (until < performance.now()) viewers.delete(key)
      else
        await publish(context, team, user).catch((error: unknown) =>
          deps.log.debug({ err: error }, 'a home page was not drawn anew'),
        )
    }
  }
  const stopListening = await deps.store.listen('delivery', () => {
    if (viewers.size > 0 && !stop.signal.aborted) following ??= follow()
  })
  return {
    async close() {
      stop.abort()
      await stopListening()
      await following
    },
  }
}

async function publish({ deps, workspaces }: SlackContext, team: string, user: string): Promise<void> {
  const workspace = await workspaces.of(team)
  if (!workspace) return
  const person = deps.people.byAccount(await workspaces.account(team, user))
  const view = homeView(await homeData(deps, person), (id) => workspaces.userIn(team, id))
  await call('views.publish', () => workspace.web.views.publish({ user_id: user, view }))
}

/** Things to say that this person may say: reading first, because nothing changes by trying it. */
async function offer(
  { deps, workspaces }: SlackContext,
  at: { team: string; user: string; channel: string },
): Promise<void> {
  const workspace = await workspaces.of(at.team)
  const person = deps.people.byAccount(await workspaces.account(at.team, at.user))
  if (!workspace || !person?.active) return
  const guide = await deps.guide.for(person)
  const skills = guide.toSorted((a, b) => Number(a.risk !== 'read') - Number(b.risk !== 'read'))
  const prompts = skills.flatMap(({ summary, examples: [message] }) => (message ? [{ title: summary, message }] : []))
  const { threads } = workspace.web.assistant
  await call('assistant.threads.setSuggestedPrompts', () =>
    threads.setSuggestedPrompts({ channel_id: at.channel, prompts: prompts.slice(0, PROMPTS) }),
  )
}
