import { configuredRoutes } from '../core/channel-key.ts'
import { channelNames, nameChannels } from './channel-names.ts'
import type { Transaction } from './database.ts'
import { syncPeople } from './people.ts'
import { syncSubscriptions } from './subscriptions.ts'

/** Makes what is stored of the configuration follow the file: its people, and the channels that it names. */
export async function followConfiguration(
  tx: Transaction,
  config: { readonly people: Parameters<typeof syncPeople>[1] } & Parameters<typeof configuredRoutes>[0],
  now: Date,
): Promise<void> {
  await syncPeople(tx, config.people)
  await syncSubscriptions(tx, configuredRoutes(config), now)
  // Which channels its names mean was found out before.
  await nameChannels(tx, 'slack', await channelNames(tx, 'slack'))
}
