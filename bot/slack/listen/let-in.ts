import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { SlackContext } from '../context.ts'

const Joined = z.object({ channel: z.string(), user: z.string() })

/** Somebody invited the app: what the channel would not take until now is shown. */
export function listenToInvitations(app: App, { inbox, workspaces, reopening }: SlackContext): void {
  app.event('member_joined_channel', async ({ event, context }) => {
    const joined = Joined.safeParse(event)
    const team = context.teamId
    if (!joined.success || !team) return
    const { channel, user } = joined.data
    inbox.overhear(channel, async () => {
      const workspace = await workspaces.of(team)
      if (workspace?.botUserId === user) reopening.letIn(channel)
    })
  })
}
