import { z } from 'zod'
import { BOT } from '../../../test/bot/slack/seed.ts'
import type { Town } from '../../../test/bot/slack/town.ts'

const Message = z.object({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string(),
  text: z.string(),
  blocks: z.array(z.json()).optional(),
  metadata: z.json().optional(),
})
/** Oldest first. */
const Kept = z.object({
  users: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.string()),
  messages: z.array(Message),
})
export type KeptSlack = z.infer<typeof Kept>

type Ask = (token: string, method: string, args: Record<string, string>) => Promise<Record<string, unknown>>

const SIDES = { include_all_metadata: 'true', limit: '200' }
/** A message stands before those that answer it. */
const byTime = (one: { readonly ts: string }, other: { readonly ts: string }) => (one.ts < other.ts ? -1 : 1)

/** Everything that stands in these places (`CHANNEL:TS`, or `CHANNEL:` for the channel itself). */
export async function keepSlack(
  town: Town,
  ask: Ask,
  at: { readonly people: readonly string[]; readonly channels: readonly string[]; readonly places: Iterable<string> },
): Promise<KeptSlack> {
  const found = new Map<string, z.infer<typeof Message>>()
  for (const place of at.places) {
    const [channel = '', ts] = place.split(':')
    const { messages } = ts
      ? await ask(BOT.token, 'conversations.replies', { channel, ts, ...SIDES })
      : await ask(BOT.token, 'conversations.history', { channel, ...SIDES })
    for (const message of z.array(Message.omit({ channel: true })).parse(messages))
      found.set(`${channel}:${message.ts}`, { channel, ...message })
  }
  const ids = (names: readonly string[], idOf: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, idOf(name)]))
  return {
    users: ids(at.people, (name) => town.id(name)),
    channels: ids(at.channels, (name) => town.channel(name)),
    messages: [...found.values()].sort(byTime),
  }
}

/** Puts it all into an empty workspace under the ids that it had. Resolves with the places that the bot spoke in. */
export async function restoreSlack(town: Town, ask: Ask, kept: unknown): Promise<readonly string[]> {
  const { users, channels, messages } = Kept.parse(kept)
  town.knownAs(users, channels)
  const names = new Map(Object.entries(users).map(([name, id]) => [id, name]))
  const places = new Set<string>()
  for (const { channel, ts, thread_ts: thread, user, text, blocks, metadata } of messages) {
    const inThread = thread !== undefined && thread !== ts
    const posted = await ask(user === BOT.userId ? BOT.token : `xoxp-${names.get(user)}`, 'chat.postMessage', {
      ...{ channel, text },
      ...(blocks ? { blocks: JSON.stringify(blocks) } : {}),
      ...(metadata ? { metadata: JSON.stringify(metadata) } : {}),
      ...(inThread ? { thread_ts: thread } : {}),
    })
    town.front.ids.learn(ts, String(posted.ts))
    if (user === BOT.userId) places.add(`${channel}:${inThread ? thread : ''}`)
  }
  return [...places]
}

/** What a browser does that somebody sends to Slack with the app: it is sent back with a code, and the program takes its token for it. */
export async function installInto(town: Town, address: string): Promise<void> {
  // The emulator makes up a token; another emulator knows this one as well.
  town.front.also.push(({ method }, answer) =>
    method === 'oauth.v2.access' && answer.ok === true ? { ...answer, access_token: BOT.token } : answer,
  )
  const begun = await fetch(`${address}/slack/install`, { redirect: 'manual' })
  const cookie = begun.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  const yes = new URL(begun.headers.get('location') ?? '').searchParams
  yes.set('user_id', town.id('mira'))
  const granted = await fetch(`${town.emulator}/oauth/v2/authorize/callback`, {
    ...{ method: 'POST', body: yes, redirect: 'manual' },
  })
  const done = await fetch(granted.headers.get('location') ?? '', { headers: { cookie } })
  if (!done.ok) throw new Error(`Slack was not installed: ${await done.text()}`)
}
