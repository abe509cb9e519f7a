import { setTimeout as pause } from 'node:timers/promises'
import type { ChatDeps } from '../../../bot/chat-surface.ts'
import { createChatSurfaces } from '../../../bot/chat-surfaces.ts'
import { startSender } from '../../../bot/deliver/sender.ts'
import { configFrom } from '../../../core/config.ts'
import type { OperationId } from '../../../core/ids.ts'
import type { ClickReply, IncomingClick } from '../../../core/ports/surface.ts'
import { deliveryByKey } from '../../../db/deliveries.ts'
import { createHttpServer } from '../../../http/server.ts'
import type { Chat, Press, Saying, ShownCard } from '../surfaces/chat.ts'

const SHOWN_WITHIN_MS = 20_000
const LOOK_MS = 30

/** What somebody presses, and how it is told from other presses. */
export interface Pressed {
  readonly account: string
  readonly verb: IncomingClick['verb']
  /** Of the plan that they see. */
  readonly planHash: string
  readonly isNewest: boolean
  readonly key: string
  /** What they write where they are asked why. */
  readonly reason: string | undefined
}

/** The chat before a town: what is asked for there has its card there, and buttons are pressed there. */
export interface ChatSide {
  /** Says something in a place of its own. */
  place(account: string): Promise<Pick<Saying, 'place' | 'threadKey'>>
  /** Waits for the card of a plan, so that its buttons can be pressed when it is another one's. */
  look(id: OperationId, place: string, planHash: string): Promise<void>
  /** Undefined where there is no such button to press: then only a forger could. */
  press(id: OperationId, place: string, pressed: Pressed): Promise<ClickReply | undefined>
  /** Presses that went over the chat so far, by their verbs. */
  readonly pressed: ReadonlyMap<string, number>
  close(): Promise<void>
}

export async function openChatSide(
  chat: Chat,
  deps: Omit<ChatDeps, 'intake'>,
  click: (click: IncomingClick) => Promise<ClickReply>,
): Promise<ChatSide> {
  const { store, clock, log } = deps
  chat.now = () => clock().getTime()
  const replies = new Map<string, ClickReply>()
  const config = configFrom({ environments: { staging: { namespace: 'shop' } }, ...chat.config })
  const [surface] = await createChatSurfaces(config, {
    ...deps,
    intake: {
      receive: () => undefined,
      async click(one) {
        const reply = await click(one)
        // Of a press that comes again the first answer is the one that tells.
        if (!replies.get(one.key)?.ok) replies.set(one.key, reply)
        return reply
      },
    },
  })
  if (!surface) throw new Error(`The configuration has no ${chat.name}.`)
  const server = createHttpServer({
    ...{ listen: { host: '127.0.0.1', port: 0 }, health: { needed: {} }, log },
    routers: surface.mounts.map((mount) => ({ ...mount, body: 'raw' as const })),
  })
  const address = await server.listen()
  const sender = await startSender({ store, surfaces: [surface.surface], log, clock, pollMs: 50 })
  /** Each plan's card as it was shown, by operation and plan. */
  const shown = new Map<string, ShownCard>()
  const presses = new Map<string, Promise<Press | undefined>>()

  /** The operation's message, once it says the newest. */
  async function cardOf(id: OperationId, place: string): Promise<ShownCard | undefined> {
    for (const late = Date.now() + SHOWN_WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
      const row = await deliveryByKey(store.db, `operation:${id}`)
      if (row?.ref && row.sentRevision === row.revision)
        return (await chat.cardsIn(place)).find(({ ref }) => ref === row.ref)
    }
    throw new Error(`The card of ${id} did not come to ${chat.name}.`)
  }

  async function look(id: OperationId, place: string, planHash: string): Promise<void> {
    const card = await cardOf(id, place)
    if (card) shown.set(`${id} ${planHash}`, card)
  }

  const sent = new Map<string, number>()
  return {
    look,
    pressed: sent,
    async place(account) {
      const saying = await chat.saying(account, 'a change, please')
      if (!(await saying.send(address))) throw new Error(`${chat.name} could not say anything.`)
      return saying
    },
    async press(id, place, { account, verb, planHash, isNewest, key, reason }) {
      // What is old is old for everybody: the newest stands there by then.
      await (isNewest ? look(id, place, planHash) : cardOf(id, place))
      const seen = shown.get(`${id} ${planHash}`)
      const make = () => seen && chat.press(account, seen, verb, address, reason)
      // A click that comes again is the same press; those at once wait for its making.
      const made = presses.get(key) ?? make()
      if (made) presses.set(key, made)
      const press = await made
      if (!press) return undefined
      sent.set(verb, (sent.get(verb) ?? 0) + 1)
      await press.send(address)
      return replies.get(press.key) ?? { ok: false, says: 'Nobody answered.' }
    },
    async close() {
      await server.close()
      await surface.close()
      await sender.close()
      await chat.close()
    },
  }
}
