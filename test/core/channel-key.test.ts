import { expect, it } from 'vitest'
import { channelOfThread, channelToBeginIn, configuredRoutes, isDirect, sayChannel } from '../../core/channel-key.ts'

it('knows the channel of a thread, begun or not; the page and the terminal have none', () => {
  expect(channelOfThread('slack', 'T1:C1:1700000000.000100')).toBe('T1:C1')
  expect(channelOfThread('slack', 'T1:D1:')).toBe('T1:D1')
  expect(channelOfThread('teams', '19:a@thread.tacv2;messageid=17')).toBe('19:a@thread.tacv2')
  const begun = 'T1:C1 op-7f3k9m2q'
  expect(channelToBeginIn(begun)).toBe('T1:C1')
  expect(channelOfThread('slack', begun)).toBe('T1:C1')
  expect(channelToBeginIn('T1:C1:1.2')).toBeUndefined()
  expect(channelOfThread('web', 'web-12345678')).toBeUndefined()
})

it('tells a conversation of two from a channel', () => {
  expect(['D1', 'T1:D1', 'C1', 'T1:C1', '#d1'].map((key) => isDirect('slack', key))).toEqual([
    ...[true, true, false, false, false],
  ])
  expect(['a:1abc', '19:a@thread.v2', '19:a@thread.tacv2'].map((key) => isDirect('teams', key))).toEqual([
    ...[true, false, false],
  ])
})

it('reads the channels of services and environments, and says them as they are written', () => {
  const routes = configuredRoutes({
    services: [{ name: 'cart', channels: ['slack:T1/C1', 'pager:x'] }],
    environments: [{ name: 'production', channels: ['slack:#prod', 'teams:19:a@thread.tacv2'] }],
  })
  expect(routes).toEqual([
    { surface: 'slack', channel: 'T1:C1', service: 'cart' },
    { surface: 'slack', channel: '#prod', environment: 'production' },
    { surface: 'teams', channel: '19:a@thread.tacv2', environment: 'production' },
  ])
  expect(routes.map(({ surface, channel }) => sayChannel(surface, channel))).toEqual([
    ...['slack:T1/C1', 'slack:#prod', 'teams:19:a@thread.tacv2'],
  ])
})
