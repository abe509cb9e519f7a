import { and, eq, lt } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { slackInstallations } from './schema/slack-installations.ts'

export type SlackInstallationRow = typeof slackInstallations.$inferSelect

/** A workspace that installs again has the newer token. */
export async function putSlackInstallation(db: Queryable, row: SlackInstallationRow): Promise<void> {
  const { teamId: _key, ...set } = row
  await db.insert(slackInstallations).values(row).onConflictDoUpdate({ target: slackInstallations.teamId, set })
}

export async function slackInstallation(db: Queryable, teamId: string): Promise<SlackInstallationRow | undefined> {
  return (await db.select().from(slackInstallations).where(eq(slackInstallations.teamId, teamId)))[0]
}

export async function installedTeams(db: Queryable): Promise<string[]> {
  return (await db.select({ teamId: slackInstallations.teamId }).from(slackInstallations)).map(({ teamId }) => teamId)
}

/** Ends an installation that was there `before`; one that was made since stays. Returns whether one ended. */
export async function deleteSlackInstallation(db: Queryable, teamId: string, before: Date): Promise<boolean> {
  const gone = await db
    .delete(slackInstallations)
    .where(and(eq(slackInstallations.teamId, teamId), lt(slackInstallations.installedAt, before)))
    .returning({ teamId: slackInstallations.teamId })
  return gone.length > 0
}
