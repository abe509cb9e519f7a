import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { CLICK_VERBS } from '../../../core/card.ts'
import type { Random } from '../frame/random.ts'
import type { Breach } from '../prover.ts'
import { hostileText } from './hostile.ts'
import type { Route } from './inside.ts'

/** Somebody with a session, a conversation and cards in it: what is sent as it should be is theirs. */
export interface Visitor {
  readonly address: string
  readonly cookie: string
  visit(route: Route, random: Random): { readonly path: string; readonly good: Record<string, unknown> }
  isPage(path: string): boolean
  /** Says so much that is harmless or hostile, and waits until each acknowledged message stands in its conversation. */
  speaks(texts: readonly string[]): Promise<Breach[]>
}

const Card = z.object({ type: z.literal('card'), deliveryId: z.string(), requestId: z.string().nullable() })
const Message = z.object({ type: z.literal('message'), key: z.string(), requestId: z.string().nullable() })
const Items = z.object({ items: z.array(z.discriminatedUnion('type', [Card, Message])) })

const SAID = ['whoami', 'help scale', 'status cart in staging', 'scale cart to 5 in production', 'operations']
const HARMLESS = ['whoami', 'help', 'approvals', 'what?', '']
const PATIENCE_MS = 60_000
const MESSAGES_A_THREAD = 10

export async function enter(address: string): Promise<Visitor> {
  const call = (path: string, cookie: string, body?: object) =>
    fetch(`${address}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', cookie },
      ...(body && { body: JSON.stringify(body) }),
    })
  const session = await call('/session', '', { person: 'mira' })
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const itemsOf = async (thread: string) => Items.parse(await (await call(`/threads/${thread}`, cookie)).json()).items

  const thread = 'web-fuzzfuzzfuzz'
  for (const [index, text] of SAID.entries())
    await call(`/threads/${thread}/messages`, cookie, { text, key: `fuzz-begin-${index}` })
  const cards = await until(async () => {
    const seen = (await itemsOf(thread)).filter((item) => item.type === 'card')
    return seen.length >= SAID.length ? seen.map(({ deliveryId }) => deliveryId) : undefined
  })

  return {
    address,
    cookie,
    isPage: (path) => !path.startsWith('/api') && !/^\/(?:healthz|readyz|metrics)/.test(path),
    visit(route, random) {
      const parameter = (name: string) => {
        if (random.below(3) === 0) return pathText(hostileText(random))
        if (name === 'deliveryId') return random.pick(cards)
        if (name === 'block') return String(random.below(5))
        return random.below(2) ? thread : `cli-${random.below(1e9).toString(36).padStart(8, '0')}`
      }
      const filled = route.path.replace(/:(\w+)/g, (_all, name: string) => parameter(name))
      const query = random.below(4) === 0 ? `?before=${pathText(hostileText(random))}&__proto__=1&before[a]=x` : ''
      return { path: filled + query, good: goodBodyOf(route, random) }
    },
    async speaks(texts) {
      const taken: { thread: string; key: string; text: string }[] = []
      for (const [index, text] of texts.entries()) {
        const where = `web-fuzzsaid${String(Math.floor(index / MESSAGES_A_THREAD)).padStart(6, '0')}`
        const key = `fuzz-said-${index}`
        const answer = await call(`/threads/${where}/messages`, cookie, { text, key })
        if (answer.status === 202) taken.push({ thread: where, key, text })
      }
      return lost(taken, itemsOf)
    },
  }
}

function goodBodyOf({ path }: Route, random: Random): Record<string, unknown> {
  const key = `fuzz-${random.below(1e9)}`
  if (path.endsWith('/session')) return { person: random.pick(['mira', 'jonas', 'nobody']), surface: 'web' }
  if (path.endsWith('/messages')) return { text: random.pick(HARMLESS), key }
  if (!path.endsWith('/click')) return { text: 'nothing of this is asked for', key }
  const payload = { planHash: 'x', question: 'q', values: { replicas: '3' }, outcome: 'failed', text: 'whoami' }
  return { verb: random.pick(CLICK_VERBS), payload, reason: 'because', planHash: 'y', key }
}

/** Acknowledged messages that have no card in the end. */
async function lost(
  taken: readonly { thread: string; key: string; text: string }[],
  itemsOf: (thread: string) => Promise<z.output<typeof Items>['items']>,
): Promise<Breach[]> {
  const breaches: Breach[] = []
  for (const thread of new Set(taken.map((one) => one.thread))) {
    const mine = taken.filter((one) => one.thread === thread)
    const without = async () => {
      const items = await itemsOf(thread)
      const answered = new Set(items.flatMap((item) => (item.type === 'card' ? [item.requestId] : [])))
      const done = items.flatMap((item) => (item.type === 'message' && answered.has(item.requestId) ? [item.key] : []))
      return mine.filter(({ key }) => !done.includes(key))
    }
    await until(async () => ((await without()).length === 0 ? true : undefined)).catch(() => undefined)
    for (const { key, text } of await without())
      breaches.push({
        promise: 'what was acknowledged is answered',
        what: `the message ${key} in ${thread} has no card: ${JSON.stringify(text).slice(0, 120)}`,
      })
  }
  return breaches
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const late = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > late) throw new Error('The program did not answer in a minute.')
    await pause(100)
  }
}

/** In a URL: percent-encoded for the most part, now and then wrongly. */
function pathText(text: string): string {
  const short = text.slice(0, 300).toWellFormed()
  if (short.length % 7 === 0) return '%ff%00..%2f%e0%a4%zz%'
  return encodeURIComponent(short).replace(/'/g, '%27')
}
