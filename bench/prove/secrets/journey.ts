import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { ClickVerb } from '../../../core/card.ts'
import type { Chat } from '../surfaces/chat.ts'
import type { Canary } from './canaries.ts'
import { AILMENTS, type Outside } from './outside.ts'

const Item = z.looseObject({ type: z.string(), deliveryId: z.string().optional(), card: z.unknown().optional() })
const Items = z.object({ items: z.array(Item) })
const ANSWERED_WITHIN_MS = 20_000
const IN_CHAT_WITHIN_MS = 8_000
const QUIET_MS = 400
/** Stands before what somebody pasted. */
export const PASTED = 'it only says'

/** What people see over the HTTP API while everything outside fails in every way. All that came back is kept. */
export interface Journey {
  readonly sentences: number
  /** Every answer of the API, as text. */
  readonly seen: readonly string[]
}

const SAID_WELL = [
  'status cart in dev',
  'logs cart dev',
  'logs checkout in staging since 1h',
  'history cart in dev',
  'whoami',
  'operations',
]
/** Nobody knows beforehand what the model makes of these. */
const SAID_VAGUELY = ['could somebody maybe look after the thing with the carts', 'das ding da bitte irgendwie anders']
const SAID_ILL = [
  'status cart in dev',
  'scale cart in dev to 3',
  'deploy checkout latest to staging',
  'logs cart dev',
  'restart cart in dev',
  'rollback cart in dev',
  'history cart in dev',
]

export async function travel(
  address: string,
  outside: Outside,
  cookieOf: (person: string) => string,
  { ailments, pasted, brief, chat }: { ailments: number; pasted: readonly Canary[]; brief: boolean; chat?: Chat },
): Promise<Journey> {
  const seen: string[] = []
  let sentences = 0
  const call = async (person: string, path: string, body?: object) => {
    const response = await fetch(`${address}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie: cookieOf(person), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    seen.push(`${JSON.stringify([...response.headers])} ${text}`)
    return text
  }
  /** Says it in a conversation of its own and reads that until nothing moves any more. */
  const say = async (text: string, clicks: readonly ClickVerb[] = []) => {
    sentences += 1
    if (chat) return sayInChat(chat, address, text, clicks)
    const thread = `web-${randomUUID().replaceAll('-', '')}`
    await call('mira', `/api/threads/${thread}/messages`, { text, key: randomUUID() })
    const read = async () => Items.parse(JSON.parse(await call('mira', `/api/threads/${thread}`))).items
    const cards = await settled(read)
    for (const verb of clicks)
      for (const { deliveryId } of cards)
        if (deliveryId)
          await call('jonas', `/api/cards/${deliveryId}/click`, {
            verb,
            key: randomUUID(),
            payload: payloadOf(cards),
            reason: 'why not',
          })
    const after = clicks.length > 0 ? await settled(read) : cards
    for (const { deliveryId } of after)
      for (const block of [0, 1]) await call('mira', `/api/files/${deliveryId}/${block}`)
  }

  /** Each in a conversation of its own, all at once. */
  const sayAll = (texts: readonly string[]) => Promise.all(texts.map((text) => say(text)))

  // Vague as well, so that the model is asked about them.
  const withSecrets = pasted.map(({ line }) => `${SAID_VAGUELY[0]}, ${PASTED} ${line}`)
  await sayAll([...(brief ? ['logs cart dev'] : [...SAID_WELL, ...SAID_VAGUELY]), ...withSecrets])
  if (!brief)
    await Promise.all([
      say('deploy payments 9.9.9 to dev'),
      say('scale search in staging to 4', ['approve', 'cancel']),
      say('deploy inventory 1.6.0 to dev', ['approve']),
    ])
  const chosen = AILMENTS.filter((_, at) => at % Math.ceil(AILMENTS.length / ailments) === 0)
  for (const ailment of chosen) {
    outside.registry = ailment
    await say('deploy cart 1.2.0 to dev')
    outside.registry = undefined
    // What runs meets the outage, not only what is planned.
    const meets = say('scale cart in dev to 3', ['undo'])
    await pause(100)
    outside.cluster = ailment
    await meets
    await sayAll(brief ? SAID_ILL.slice(0, 1) : SAID_ILL)
    await call('mira', '/readyz')
    outside.cluster = undefined
    outside.model = ailment
    await sayAll(SAID_VAGUELY.map((text) => `${text} ${ailment}`))
    outside.model = undefined
    outside.login = ailment
    await call('nobody', '/api/login')
    outside.login = undefined
  }
  if (chat) seen.push(chat.sent())
  for (const path of ['/api/overview', '/api/threads', '/api/guide', '/api/session', '/readyz'])
    await call('mira', path)
  return { sentences, seen }
}

/** The same where the chat service has the cards. What is for one person alone does not stand in the conversation. */
async function sayInChat(chat: Chat, address: string, text: string, clicks: readonly ClickVerb[]): Promise<void> {
  const saying = await chat.saying('mira', text)
  if (!(await saying.send(address))) throw new Error(`"${text}" was not taken by ${chat.name}.`)
  const read = async () => (await chat.cardsIn(saying.place)).map((card) => ({ ...card, type: 'card' }))
  const cards = await settled(read, IN_CHAT_WITHIN_MS)
  for (const verb of clicks)
    for (const card of cards) await (await chat.press('jonas', card, verb, address))?.send(address)
  if (clicks.length > 0) await settled(read, IN_CHAT_WITHIN_MS)
}

/** The clicked card's plan, so that an approval counts. */
function payloadOf(cards: readonly z.output<typeof Item>[]): object {
  const hash = /"planHash":"([^"]+)"/.exec(JSON.stringify(cards))?.[1]
  return hash ? { planHash: hash } : {}
}

/** The cards, once there are some and they stand still. */
async function settled<One extends { readonly type: string }>(
  read: () => Promise<readonly One[]>,
  withinMs = ANSWERED_WITHIN_MS,
) {
  const late = Date.now() + withinMs
  let before = ''
  for (;;) {
    const cards = (await read()).filter((item) => item.type === 'card')
    const now = JSON.stringify(cards)
    if (cards.length > 0 && now === before) return cards
    if (Date.now() > late) return cards
    before = now
    await pause(QUIET_MS)
  }
}
