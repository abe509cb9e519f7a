import { expect, test } from 'vitest'
import { subscriptionsOf, syncSubscriptions } from '../../db/subscriptions.ts'
import { useStore } from '../_harness/store.ts'

const store = useStore()

test('routes whose names run into each other are told apart', async () => {
  const wishes = [
    { surface: 'slack' as const, channel: '#payments', service: 'eu-api' },
    { surface: 'slack' as const, channel: '#payments-eu', service: 'api' },
  ]
  await store().transaction((tx) => syncSubscriptions(tx, wishes, new Date()))
  for (const { surface, channel, service } of wishes)
    expect(await subscriptionsOf(store().db, { surface, channel })).toMatchObject([{ channelKey: channel, service }])
})
