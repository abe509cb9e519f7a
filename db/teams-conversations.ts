import { and, desc, eq } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { teamsConversations } from './schema/teams-conversations.ts'

export type TeamsConversation = typeof teamsConversations.$inferSelect

/** Keeps where the bot may speak; the newest word counts. */
export async function keepTeamsConversation(db: Queryable, conversation: TeamsConversation): Promise<void> {
  const { id: _, ...changes } = conversation
  await db
    .insert(teamsConversations)
    .values(conversation)
    .onConflictDoUpdate({ target: teamsConversations.id, set: changes })
}

export async function teamsConversation(db: Queryable, id: string): Promise<TeamsConversation | undefined> {
  const [row] = await db.select().from(teamsConversations).where(eq(teamsConversations.id, id))
  return row
}

/** The personal chat with an account. */
export async function teamsChatWith(db: Queryable, accountId: string): Promise<TeamsConversation | undefined> {
  const [row] = await db
    .select()
    .from(teamsConversations)
    .where(and(eq(teamsConversations.accountId, accountId), eq(teamsConversations.kind, 'personal')))
    .orderBy(desc(teamsConversations.updatedAt))
    .limit(1)
  return row
}

/** The one heard of last: its service reaches the rest of its tenant, too. */
export async function latestTeamsConversation(db: Queryable): Promise<TeamsConversation | undefined> {
  const [row] = await db.select().from(teamsConversations).orderBy(desc(teamsConversations.updatedAt)).limit(1)
  return row
}
