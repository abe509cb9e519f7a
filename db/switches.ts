import { eq } from 'drizzle-orm'
import type { Queryable, Transaction } from './database.ts'
import { switches } from './schema/switches.ts'
import { notify } from './store.ts'

export type SwitchRow = typeof switches.$inferSelect

/** The kill switch (`halt`) and the modes (`mode:*`, `mode:<environment>`), as set by people; what is not set is the configuration's. */
export async function listSwitches(db: Queryable): Promise<SwitchRow[]> {
  return db.select().from(switches).orderBy(switches.name)
}

/** Sets a switch, and tells every process when the transaction commits. */
export async function setSwitch(tx: Transaction, row: SwitchRow): Promise<void> {
  const { name, ...set } = row
  await tx.insert(switches).values(row).onConflictDoUpdate({ target: switches.name, set })
  await notify(tx, 'halt', name)
}

/** Returns what it stood at; undefined when it was not set. */
export async function clearSwitch(tx: Transaction, name: string): Promise<SwitchRow | undefined> {
  const [was] = await tx.delete(switches).where(eq(switches.name, name)).returning()
  await notify(tx, 'halt', name)
  return was
}
