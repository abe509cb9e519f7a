import type { App } from '@slack/bolt'
import { z } from 'zod'
import type { Logger } from '../../../core/ports/logger.ts'
import {
  deleteSlackInstallation,
  installedTeams,
  putSlackInstallation,
  slackInstallation,
} from '../../../db/slack-installations.ts'
import type { Store } from '../../../db/store.ts'
import type { Installed, Workspaces } from '../workspaces.ts'
import type { Seal } from './seal.ts'

/** The workspaces that installed the app, with their tokens sealed. */
export interface Installations {
  /** Whether the configuration lets that workspace install the app. */
  mayInstall(teamId: string): boolean
  /** None at all may: nobody need be sent to Slack to learn that. */
  readonly isClosed: boolean
  /** Those that are stored and may not be any more; they are not used. */
  unlisted(): Promise<readonly string[]>
  /** Undefined, too, for a workspace that is not on the list any more. */
  get(teamId: string): Promise<Installed | undefined>
  put(installed: Installed & { readonly name: string }, at: Date): Promise<void>
  /** Ends an installation that was there before a time, not one that was made since. */
  forget(teamId: string, before: Date): Promise<boolean>
}

const Sealed = z.object({ botToken: z.string(), botId: z.string().optional() })

export function createInstallations(store: Store, seal: Seal, listed: readonly string[]): Installations {
  const teams = new Set(listed)
  const mayInstall = (teamId: string) => teams.has(teamId)
  return {
    mayInstall,
    isClosed: teams.size === 0,
    unlisted: async () => (await installedTeams(store.db)).filter((teamId) => !mayInstall(teamId)),
    async get(teamId) {
      if (!mayInstall(teamId)) return undefined
      const row = await slackInstallation(store.db, teamId)
      if (!row) return undefined
      const { botToken, botId } = Sealed.parse(JSON.parse(seal.open(row.sealed, teamId)))
      return { teamId, botUserId: row.botUserId, botToken, botId }
    },
    async put({ teamId, name, botUserId, botToken, botId }, installedAt) {
      const sealed = seal.close(JSON.stringify({ botToken, botId }), teamId)
      await putSlackInstallation(store.db, { teamId, name, botUserId, sealed, installedAt })
    },
    forget: (teamId, before) => deleteSlackInstallation(store.db, teamId, before),
  }
}

const Envelope = z.object({ team_id: z.string(), event_time: z.number() })
const Revoked = z.object({ tokens: z.object({ bot: z.array(z.string()).default([]) }) })

/** A workspace that removes the app, or takes its token back, is forgotten; nothing more is sent there. */
export function listenToRemoval(
  app: App,
  parts: { readonly installations: Installations | undefined; readonly workspaces: Workspaces; readonly log: Logger },
): void {
  const { installations, workspaces, log } = parts
  const forget = async (body: unknown) => {
    const envelope = Envelope.safeParse(body)
    if (!envelope.success) return
    const { team_id: team, event_time: atS } = envelope.data
    // Slack tells it again for an hour where it was not heard: by then they may have installed it anew. It counts in whole seconds.
    const ended = await installations?.forget(team, new Date((atS + 1) * 1_000))
    workspaces.forget(team)
    if (ended !== false) log.warn({ team }, 'a Slack workspace removed Quarterdeck')
  }
  app.event('app_uninstalled', async ({ body }) => forget(body))
  app.event('tokens_revoked', async ({ event, body }) => {
    const revoked = Revoked.safeParse(event)
    if (revoked.success && revoked.data.tokens.bot.length > 0) await forget(body)
  })
}
