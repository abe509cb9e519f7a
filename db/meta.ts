import { eq } from 'drizzle-orm'
import type { Json } from '../core/json.ts'
import type { Queryable } from './database.ts'
import { meta } from './schema/meta.ts'

export async function readMeta(db: Queryable, key: string): Promise<Json | undefined> {
  return (await db.select().from(meta).where(eq(meta.key, key)))[0]?.value
}

export async function writeMeta(db: Queryable, key: string, value: Json): Promise<void> {
  await db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } })
}

export async function listMeta(db: Queryable): Promise<{ key: string; value: Json }[]> {
  return db.select().from(meta).orderBy(meta.key)
}
