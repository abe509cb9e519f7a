import { eq } from 'drizzle-orm'
import { randomCode } from '../core/ids.ts'
import type { Queryable } from './database.ts'
import { meta } from './schema/meta.ts'

const KEY = 'installation'

/** The name this store gave itself when it was first asked: ten characters that tell installations apart which share a Redis. */
export async function installationId(db: Queryable): Promise<string> {
  await db
    .insert(meta)
    .values({ key: KEY, value: randomCode(10) })
    .onConflictDoNothing()
  const [row] = await db.select({ value: meta.value }).from(meta).where(eq(meta.key, KEY))
  if (typeof row?.value !== 'string')
    throw new Error(`The store's meta row "${KEY}" holds no text; delete it, and it is made anew.`)
  return row.value
}
