import { describe, expect, test } from 'vitest'
import { threadOfCommand } from '../../../bot/slack/thread-key.ts'
import { newDeliveryId, type ThreadId } from '../../../core/ids.ts'
import { soon } from '../../_harness/soon.ts'
import { lone, town, useLone } from './lone.ts'
import { signedJson, signedPayload } from './signed.ts'

useLone()

const posted = () => [...town.front.of('chat.postMessage'), ...town.front.of('chat.postEphemeral')]
let count = 0

describe('a channel that is shared with another organisation', () => {
  /** The envelope names where something happened; for whom it is sent to us stands under `authorizations`. */
  const shared = (event: object) => {
    count += 1
    return town.post(
      signedJson({
        ...{ type: 'event_callback', team_id: 'T0THEIRS', context_team_id: town.team, is_ext_shared_channel: true },
        authorizations: [{ enterprise_id: null, team_id: town.team, user_id: 'U0QUARTERDECK', is_bot: true }],
        ...{ api_app_id: 'A1', event_id: `EvShared${count}`, event_time: 1_700_000_000, event },
      }),
    )
  }
  const mention = (user: string, ts: string) =>
    shared({ type: 'app_mention', user, text: '<@U0QUARTERDECK> help', ts, channel: town.channel('prod') })

  test('hears its own people there', async () => {
    await mention(town.id('mira'), '11.1')
    await soon(() => expect(lone.receive).toHaveBeenCalledOnce())
    expect(lone.receive).toHaveBeenCalledWith(
      expect.objectContaining({ threadKey: `${town.team}:${town.channel('prod')}:11.1`, text: 'help' }),
    )
  })

  test('turns the others away with a word', async () => {
    await mention('U0STRANGER', '11.2')
    await soon(() => expect(posted().at(-1)?.args).toMatchObject({ user: 'U0STRANGER', thread_ts: '11.2' }))
    expect(posted().at(-1)?.args.text).toMatch(/other organisations/)
    expect(lone.receive).not.toHaveBeenCalled()
  })

  test('takes what is filled in where the dialog was opened from another workspace', async () => {
    const view = {
      ...{ id: 'V1', callback_id: 'qd:shortcut', private_metadata: `${town.channel('prod')} 11.3|` },
      app_installed_team_id: town.team,
      state: { values: { wish: { value: { value: 'status of cart' } } } },
    }
    const user = { id: town.id('mira') }
    await town.post(signedPayload({ type: 'view_submission', team: { id: 'T0THEIRS' }, user, view }))
    await soon(() => expect(lone.receive).toHaveBeenCalledOnce())
    expect(lone.receive).toHaveBeenCalledWith(
      expect.objectContaining({ threadKey: `${town.team}:${town.channel('prod')}:11.3` }),
    )
  })
})

test('Slack itself is not answered, though it is no bot by its own words: two programs would talk for ever', async () => {
  const itself = { is_bot: false, deleted: false, team_id: town.team, profile: {} }
  const asked = town.front.instead.push(({ method, args }) =>
    method === 'users.info' && args.user?.startsWith('USLACK')
      ? { body: { ok: true, user: { id: args.user, ...itself } } }
      : undefined,
  )
  for (const user of ['USLACKBOT', 'USLACK'])
    await town.sendEvent({
      type: 'message',
      channel_type: 'im',
      user,
      text: 'archived #prod',
      ts: '12.1',
      channel: 'D1AB',
    })
  await town.whispers('mira', 'help')
  await soon(() => expect(lone.receive).toHaveBeenCalled())
  expect(lone.receive.mock.calls.map(([{ account }]) => account.id)).toEqual([town.id('mira')])
  expect(posted().filter(({ args }) => args.channel === 'D1AB')).toEqual([])
  town.front.instead.splice(asked - 1, 1)
})

describe('where the app is not let in', () => {
  const at = new Date()
  const post = (error: string) => {
    const channel = town.channel('prod')
    const refused = town.front.instead.push((call) =>
      call.method === 'chat.postMessage' && call.args.channel === channel ? { body: { ok: false, error } } : undefined,
    )
    const threadKey = threadOfCommand(town.team, channel, town.id('mira'))
    return lone.surface.surface
      .post({
        ...{ deliveryId: newDeliveryId(), threadId: 'th-1' as ThreadId, threadKey, begins: `${town.team}:${channel}` }, // of no thread
        ...{ revision: 1, final: true, createdAt: at, updatedAt: at },
        card: { kind: 'answer', tone: 'neutral', title: 'cart runs', blocks: [] },
      })
      .finally(() => town.front.instead.splice(refused - 1, 1))
  }

  test.each([
    'restricted_action_read_only_channel',
    'restricted_action_thread_locked',
    'restricted_action_non_threadable_channel',
    'cannot_reply_to_message',
  ])('who asked is answered alone (%s)', async (error) => {
    expect((await post(error)).ref).toMatch(/^D\w+:/)
  })

  test('what Slack says will pass is tried again soon, and what does not says what to do', async () => {
    await expect(post('external_channel_migrating')).rejects.toMatchObject({ retryable: true })
    await expect(post('token_expired')).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/anew/),
    })
  })

  test('a message can be asked about all the same: what is for the person alone comes to their own conversation', async () => {
    const refused = town.front.instead.push(({ method, args }) =>
      /^chat\.post/.test(method) && args.channel === 'C0SECRET'
        ? { body: { ok: false, error: 'channel_not_found' } }
        : undefined,
    )
    const opened = town.front.instead.push(({ method }) =>
      method === 'views.open' ? { body: { ok: false, error: 'expired_trigger_id' } } : undefined,
    )
    const message = { ts: '13.1', text: 'it is slow', user: town.id('sam') }
    const shortcut = {
      ...{ type: 'message_action', callback_id: 'ask_quarterdeck', trigger_id: '1.2.3', team: { id: town.team } },
      ...{ user: { id: town.id('mira') }, channel: { id: 'C0SECRET', name: 'privategroup' }, message },
    }
    await town.post(signedPayload(shortcut))
    await soon(() =>
      expect(town.front.of('chat.postMessage').at(-1)?.args).toMatchObject({
        channel: town.id('mira'),
        text: expect.stringMatching(/in time/),
      }),
    )
    expect(town.front.of('chat.postMessage').at(-1)?.args.thread_ts).toBeUndefined()
    // Where Slack names an address to answer at, that is nearer.
    await town.post(signedPayload({ ...shortcut, response_url: `${town.front.url}/reply/shortcut` }))
    await soon(() => expect(town.front.replies.at(-1)?.path).toBe('/reply/shortcut'))
    town.front.instead.splice(opened - 1, 1)
    town.front.instead.splice(refused - 1, 1)
  })
})
