import { randomUUID } from 'node:crypto'
import { BOT } from '../../../test/bot/slack/seed.ts'
import { SIGNING_SECRET, signedForm, signedJson } from '../../../test/bot/slack/signed.ts'
import { type Message, Town } from '../../../test/bot/slack/town.ts'
import { wordsOfBlocks } from '../../../test/contracts/slack-words.ts'
import { CHANNEL_NAMES, type Chat, EDIT, type Manner, POST, type Saying, type ShownCard } from './chat.ts'
import type { ChatOptions } from './open.ts'
import { delivering } from './slack-delivery.ts'
import { installInto, keepSlack, restoreSlack } from './slack-kept.ts'
import { pressesIn } from './slack-press.ts'
import { wireTo } from './wire.ts'

const TOKEN = 'QUARTERDECK_PROVE_SLACK_TOKEN'
const SIGNING = 'QUARTERDECK_PROVE_SLACK_SIGNING'
const CLIENT = 'QUARTERDECK_PROVE_SLACK_CLIENT'
const SEAL = 'QUARTERDECK_PROVE_SLACK_SEAL'
/** Slack takes one post a second and channel: whoever speaks in the same one waits. */
const CHANNELS = 60
const PASSINGS: Readonly<Record<string, string>> = { 'chat.postMessage': POST, 'chat.update': EDIT }

interface Shown extends ShownCard {
  readonly message: Message
  readonly channel: string
}

/** The emulator of Slack's Web API with a workspace of these people, who mention the bot, type `/qd` and press buttons over signed HTTP. */
export async function openSlack(people: readonly string[], options: ChatOptions = {}): Promise<Chat> {
  const { overWire, kept, byInstalling } = options
  const channels = [...Array.from({ length: CHANNELS }, (_, n) => `c${n}`), ...CHANNEL_NAMES]
  const town = await Town.open({ people, channels })
  const wire = overWire ? await wireTo(town.front.url, () => undefined) : undefined
  const origin = wire?.origin ?? town.front.url
  process.env[TOKEN] = BOT.token
  process.env[SIGNING] = SIGNING_SECRET
  process.env[CLIENT] = 'of-these-tests'
  process.env[SEAL] = 'the seal of the tokens of this proof, in 32 characters and more'
  // Who reads and types here is not the program: nothing of it passes where the program is watched.
  const ask = (token: string, method: string, args: Record<string, string>) => callSlack(town, token, method, args)
  const places = new Set<string>(kept === undefined ? [] : await restoreSlack(town, ask, kept))
  const names = new Map(people.map((name) => [town.id(name), name]))
  const shut = new Set<string>()
  const replyAt = `${origin}/reply/prove-`
  let said = 0

  const now = () => chat.now()
  const press = pressesIn({ town, now, ask, replyAt })
  const chat: Chat = {
    name: 'slack',
    config: {
      slack: {
        ...{ signingSecret: `env:${SIGNING}`, api: `${origin}/api/` },
        ...(byInstalling
          ? { home: town.team, install: { clientId: '1.2', clientSecret: `env:${CLIENT}`, seal: `env:${SEAL}` } }
          : { botToken: `env:${TOKEN}` }),
      },
    },
    accountOf: (person) => ({ surface: 'slack', id: town.id(person) }),
    finds: true,
    now: () => Date.now(),
    wire,
    deaths: [],
    died: () => undefined,
    watch: () => false,
    saying: async (person, text, { place, asCommand = false }: Manner = {}) => {
      const channel = channelIn(place) ?? town.channel(`c${said++ % CHANNELS}`)
      const saying = asCommand ? typed(person, text, channel) : await mentioned(person, text, channel, threadIn(place))
      places.add(saying.place)
      return saying
    },
    press: async (person, card, verb, _address, reason) => press(person, shownOf(card), verb, reason),
    cardsIn,
    sent: () => JSON.stringify([town.front.calls, town.front.replies]),
    secrets: () => [
      { name: 'bot token of Slack', value: BOT.token },
      { name: 'signing secret of Slack', value: SIGNING_SECRET },
      // Whoever has one may speak in our name for half an hour.
      { name: 'response_url of Slack', value: replyAt },
    ],
    channel: (name) => `${town.channel(name)}:`,
    serviceUrl: undefined,
    placeOf: (threadKey) => threadKey.slice(town.team.length + 1),
    shut: (name) => void shut.add(town.channel(name)),
    install: (address) => installInto(town, address),
    keep: () => keepSlack(town, ask, { people, channels, places }),
    async all() {
      const cards = (await Promise.all([...places].map(cardsIn))).flat()
      return [...new Map(cards.map((card) => [card.ref, card])).values()]
    },
    async close() {
      await wire?.close()
      await town.close()
    },
  }

  /** In a channel, where it begins a thread or goes on with one. */
  async function mentioned(person: string, words: string, channel: string, thread?: string): Promise<Saying> {
    const text = `<@${BOT.userId}> ${words}`
    const begun: Record<string, string> = thread ? { thread_ts: thread } : {}
    const posted = await ask(`xoxp-${person}`, 'chat.postMessage', { channel, text, ...begun })
    const ts = String(posted.ts)
    const event = { type: 'app_mention', user: town.id(person), text, ts, channel, ...begun }
    const envelope = { type: 'event_callback', team_id: town.team, api_app_id: 'A1', event_id: `Ev${randomUUID()}` }
    return {
      key: `${town.team}:${channel}:${ts}`,
      place: `${channel}:${thread ?? ts}`,
      threadKey: `${town.team}:${channel}:${thread ?? ts}`,
      send: delivering(now, (at) => signedJson({ ...envelope, event }, { at })),
    }
  }

  /** A command is no message: the card that answers it begins a thread. */
  function typed(person: string, text: string, channel: string): Saying {
    const trigger = randomUUID()
    const fields = {
      ...{ command: '/qd', text, team_id: town.team, channel_id: channel, user_id: town.id(person) },
      ...{ trigger_id: trigger, response_url: `${replyAt}${trigger}` },
    }
    return {
      key: `${town.team}:command:${trigger}`,
      place: `${channel}:`,
      threadKey: `${town.team}:${channel}:`,
      send: delivering(now, (at) => signedForm(fields, { at })),
    }
  }

  async function cardsIn(place: string): Promise<readonly Shown[]> {
    const [channel = '', ts] = place.split(':')
    const own = { channel, include_all_metadata: 'true', limit: '200' }
    const found = ts
      ? await ask(BOT.token, 'conversations.replies', { ...own, ts })
      : await ask(BOT.token, 'conversations.history', own)
    const messages = found.messages as Message[] // as Slack's reference says
    const ours = messages.filter(({ user, metadata }) => user === BOT.userId && metadata)
    return (ts ? ours : ours.toReversed()).map((message) => ({
      ref: `${channel}:${message.ts}`,
      ...{ place, message, channel },
      words: wordsOfBlocks(message.blocks ?? [], names) || message.text,
      buttons: (message.blocks ?? []).flatMap(({ elements = [] }) =>
        elements.flatMap(({ type, text, action_id: id }) =>
          type === 'button' && text ? [{ label: text.text, verb: id?.split(':')[1] ?? '' }] : [],
        ),
      ),
    }))
  }

  town.front.instead.push(({ method }) =>
    chat.watch(PASSINGS[method] ?? `chat: ${method}`, 'before') ? { body: { ok: false, error: 'ended' } } : undefined,
  )
  town.front.instead.push(({ method, args }) =>
    method === 'chat.postMessage' && shut.has(args.channel ?? '')
      ? { body: { ok: false, error: 'not_in_channel' } }
      : undefined,
  )
  town.front.also.push(({ method, args }, answer) => {
    // It may speak where nobody spoke to it.
    if (method === 'chat.postMessage' && answer.ok === true)
      places.add(`${String(answer.channel)}:${args.thread_ts ?? ''}`)
    chat.watch(PASSINGS[method] ?? `chat: ${method}`, 'after')
    return answer
  })
  return chat
}

async function callSlack({ emulator, front }: Town, token: string, method: string, args: Record<string, string>) {
  const call = () =>
    fetch(`${emulator}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: front.ids.asked(new URLSearchParams(args).toString()),
    })
  // On a busy machine an idle connection is closed at the moment at which it is used again.
  const response = await call().catch(call)
  const answer = JSON.parse(front.ids.answered(await response.text())) as Record<string, unknown> // every answer of Slack's is an object
  if (answer.ok !== true) throw new Error(`${method}: ${JSON.stringify(answer)}`)
  return answer
}

const channelIn = (place: string | undefined): string | undefined => place?.split(':')[0]
const threadIn = (place: string | undefined): string | undefined => place?.split(':')[1] || undefined

function shownOf(card: ShownCard): Shown {
  if ('message' in card && 'channel' in card) return card as Shown // cardsIn made it
  throw new Error('This card was not shown in Slack.')
}
