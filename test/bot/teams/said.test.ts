import { expect, test } from 'vitest'
import { Activity, withoutNulls } from '../../../bot/teams/activity.ts'
import { saidIn } from '../../../bot/teams/receive/said.ts'

const BOT = '28:11111111-0000-4000-8000-000000000001'
const mention = (text: string, id: string, name?: string) => ({ type: 'mention', text, mentioned: { id, name } })
const said = (text: string, entities: object[] = [], more: object = {}) =>
  saidIn(
    Activity.parse({
      ...{ type: 'message', id: '1', channelId: 'msteams', serviceUrl: 'https://x', text, entities },
      from: { id: '29:x' },
      recipient: { id: BOT },
      conversation: { id: '19:c@thread.tacv2', conversationType: 'channel' },
      ...more,
    }),
  )
const us = mention('<at>Quarterdeck</at>', BOT)

test.each([
  ['<at>Quarterdeck</at> scale cart to 4', [us], 'scale cart to 4'],
  ['<at>Quarterdeck</at>&nbsp;scale   cart\u00a0to 4 ', [us], 'scale cart to 4'],
  ['please <at>Quarterdeck</at> restart cart <at>Quarterdeck</at>', [us], 'please restart cart'],
  // Others stay as names: they may be what is meant.
  [
    '<at>Quarterdeck</at> page <at>Jonas Lind</at>',
    [us, mention('<at>Jonas Lind</at>', '29:j', 'Jonas Lind')],
    'page @Jonas Lind',
  ],
  // Somebody else of our name is not us, and what looks like a mention is none.
  ['<at>Quarterdeck</at> halt', [mention('<at>Quarterdeck</at>', '28:other', 'Quarterdeck')], undefined],
  ['<at>Quarterdeck</at> halt', [], undefined],
  ['halt', [], undefined],
  ['<at>Quarterdeck</at> say <at>x</at>', [us], 'say <at>x</at>'],
])('%j says %j', (text, entities, meant) => {
  expect(said(text, entities)).toBe(meant)
})

test('in a personal chat nobody needs to mention us, and entities are read where the text has them', () => {
  const personal = { conversation: { id: 'a:1', conversationType: 'personal' } }
  expect(said('restart cart', [], personal)).toBe('restart cart')
  expect(said('say &lt;b&gt; &amp;lt;', [], { ...personal, textFormat: 'xml' })).toBe('say <b> &lt;')
  expect(said('say &lt;b&gt;', [], { ...personal, textFormat: 'plain' })).toBe('say &lt;b&gt;')
})

test('what is null is not said, and a kind of conversation that nobody knows yet is none', () => {
  const read = Activity.parse(
    withoutNulls({
      ...{ type: 'message', id: '1', channelId: 'msteams', serviceUrl: 'https://x', text: 'help', entities: null },
      from: { id: '29:x', name: null, aadObjectId: null },
      recipient: { id: BOT },
      conversation: { id: 'a:1', conversationType: 'townSquare', tenantId: null },
      channelData: { tenant: { id: 't' }, team: null, settings: { selectedChannel: null } },
      value: { form: { note: null, count: 2 } },
    }),
  )
  expect(read.from).toEqual({ id: '29:x' })
  expect(read.conversation.conversationType).toBeUndefined()
  expect(read.value).toEqual({ form: { count: 2 } })
})

test('what somebody nests as deep as a body may be is refused like anything else that is no activity', () => {
  const depth = 200_000
  const body: unknown = JSON.parse(`{"type":${'['.repeat(depth)}null${']'.repeat(depth)}}`)
  expect(Activity.safeParse(withoutNulls(body)).success).toBe(false)
})
