import { and, eq, inArray } from 'drizzle-orm'
import type { OperationId, PersonId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { subscriptions } from './schema/subscriptions.ts'

export type Subscription = typeof subscriptions.$inferSelect

/** What a channel is to hear of; without a service or an environment: of all of them. */
export interface Wish {
  readonly surface: SurfaceName
  readonly channel: string
  readonly service?: string
  readonly environment?: string
}

/** The part of a channel's key that is its own, because `C012AB3CD` and `T012:C012AB3CD` may be the same one. */
export const ownPart = (channel: string): string => channel.slice(channel.lastIndexOf(':') + 1)

/** Makes the stored routes of the configuration follow the file; those that were said stay. */
export async function syncSubscriptions(tx: Transaction, wishes: readonly Wish[], now: Date): Promise<void> {
  await tx.delete(subscriptions).where(eq(subscriptions.source, 'config'))
  if (wishes.length === 0) return
  const rows = wishes.map((wish) => {
    const from = `config ${wish.surface} ${wish.channel}`
    return { ...rowOf(wish, from), source: 'config' as const, createdBy: null, createdAt: now }
  })
  // Two processes that start together say the same.
  await tx.insert(subscriptions).values(rows).onConflictDoNothing()
}

/** What a channel hears of, oldest first. */
export async function subscriptionsOf(
  db: Queryable,
  { surface, channel }: Pick<Wish, 'surface' | 'channel'>,
): Promise<Subscription[]> {
  const rows = await db
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.surface, surface))
    .orderBy(subscriptions.createdAt, subscriptions.id)
  return rows.filter(({ channelKey }) => ownPart(channelKey) === ownPart(channel))
}

/** Idempotent per operation and wish. */
export async function addSubscription(
  tx: Transaction,
  wish: Wish & { readonly by: PersonId; readonly operation: OperationId; readonly now: Date },
): Promise<void> {
  const { by, now, operation } = wish
  await tx
    .insert(subscriptions)
    .values({ ...rowOf(wish, operation), source: 'said', createdBy: by, createdAt: now })
    .onConflictDoNothing()
}

/** Ends those of these that were said; the file's end in the file. */
export async function removeSubscriptions(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.delete(subscriptions).where(and(inArray(subscriptions.id, [...ids]), eq(subscriptions.source, 'said')))
}

function rowOf({ surface, channel, service, environment }: Wish, by: string) {
  // Names and channels hold dashes, but no spaces: `#a` and `b-c` are not `#a-b` and `c`.
  const id = `sub ${by} ${service ?? '*'} ${environment ?? '*'}`
  return { id, surface, channelKey: channel, service: service ?? null, environment: environment ?? null }
}
