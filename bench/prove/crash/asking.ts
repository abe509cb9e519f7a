import { setTimeout as pause } from 'node:timers/promises'
import type { ChatName } from '../prover.ts'
import type { Chat, Saying } from '../surfaces/chat.ts'
import { openChat } from '../surfaces/open.ts'
import { type EngineOptions, REQUESTER, requesterWith } from './engine.ts'
import type { Life } from './life.ts'
import { type Asked, askingOf } from './verdict.ts'

/** How changes are asked for: at the door itself, or in a chat. */
export interface Asker {
  /** Where people talk; undefined at the door. */
  readonly chat: Chat | undefined
  /** What a program needs to know of it. */
  readonly options: Pick<EngineOptions, 'chat' | 'people'>
  /** The nth change, as the store will know it. */
  change(n: number): Promise<Asked>
  /** Asks a life for it, once more where it was asked before; `heard` when it was accepted. At the door the life itself says that. */
  ask(life: Life, change: Asked, heard: () => void): void
  close(): Promise<void>
}

const LOOK_MS = 200

export async function openAsker(surface: ChatName | undefined): Promise<Asker> {
  return surface ? askInChat(await openChat(surface, [REQUESTER])) : AT_THE_DOOR
}

const AT_THE_DOOR: Asker = {
  chat: undefined,
  options: {},
  change: async (n) => askingOf(n),
  ask: (life, change) => life.ask(change),
  close: async () => {},
}

/** In the command form, each in a place of its own; accepted is what has a card there. */
function askInChat(chat: Chat): Asker {
  const sayings = new Map<string, Saying>()
  const deliver = async (life: Life, saying: Saying, heard: () => void) => {
    await Promise.race([life.ready, life.ended])
    const { address } = life
    if (!address) return
    while (!life.hasEnded() && !(await saying.send(address))) await pause(LOOK_MS)
    for (; !life.hasEnded(); await pause(LOOK_MS)) if ((await chat.cardsIn(saying.place)).length > 0) return heard()
  }
  return {
    chat,
    options: { chat: chat.config, people: [requesterWith([chat.accountOf(REQUESTER)])] },
    async change(n) {
      const asking = askingOf(n)
      const saying = await chat.saying(REQUESTER, wordsFor(asking))
      sayings.set(saying.key, saying)
      return { ...asking, key: saying.key }
    },
    ask(life, { key }, heard) {
      const saying = sayings.get(key)
      if (!saying) throw new Error(`Nobody said ${key}.`)
      // The fake may be gone before a life that nobody waits for any more.
      void deliver(life, saying, heard).catch(() => undefined)
    },
    close: () => chat.close(),
  }
}

/** Typed as a command, so that it runs without a click where no approval is needed. */
export function wordsFor({ skill, input }: Pick<Asked, 'skill' | 'input'>): string {
  const { service, environment, version, replicas, for: holds } = input
  if (skill === 'deploy') return `deploy ${service} ${version} to ${environment}`
  if (skill === 'scale') return `scale ${service} in ${environment} to ${replicas}${holds ? ` for ${holds}` : ''}`
  return `${skill} ${service} in ${environment}`
}
