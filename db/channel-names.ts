import { and, eq, inArray } from 'drizzle-orm'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import { subscriptions } from './schema/subscriptions.ts'

/** Channels that the configuration calls by a name, by that name: `{ '#prod': 'T012:C034' }`. */
export type ChannelNames = Readonly<Record<string, string>>

const keyOf = (surface: SurfaceName): string => `channel-names-${surface}`

/** Those that were found out so far, by this process or another. */
export async function channelNames(db: Queryable, surface: SurfaceName): Promise<ChannelNames> {
  const known = await readMeta(db, keyOf(surface))
  if (typeof known !== 'object' || known === null || Array.isArray(known)) return {}
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, key]) => (typeof key === 'string' ? [[name, key]] : [])),
  )
}

/** Remembers which channels are meant, and has what the configuration says of their names be of them. */
export async function nameChannels(tx: Transaction, surface: SurfaceName, found: ChannelNames): Promise<void> {
  const known = await channelNames(tx, surface)
  await writeMeta(tx, keyOf(surface), { ...known, ...found })
  for (const [name, channelKey] of Object.entries(found))
    await tx
      .update(subscriptions)
      .set({ channelKey })
      .where(
        and(
          eq(subscriptions.source, 'config'),
          eq(subscriptions.surface, surface),
          // The name may have gone to another channel since.
          inArray(subscriptions.channelKey, [name, known[name] ?? name]),
        ),
      )
}
