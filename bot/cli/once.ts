import { randomCode } from '../../core/ids.ts'
import type { Api, CliCard } from './api.ts'
import type { ChatArguments } from './arguments.ts'
import type { Screen } from './screen.ts'

export const EXIT = { done: 0, failed: 1, waits: 2, unreachable: 3, timeout: 4 } as const

/** How a card ends a script, or undefined while it is not the end. */
export function exitCodeOf({ card }: Pick<CliCard, 'card'>, wait: boolean): number | undefined {
  switch (card.kind) {
    case 'answer':
    case 'notice':
      return card.tone === 'bad' ? EXIT.failed : EXIT.done
    case 'refusal':
      return EXIT.failed
    case 'question':
    case 'form':
      // Without buttons it was answered or dropped.
      return card.actions?.length ? EXIT.waits : EXIT.done
    case 'progress':
      return undefined
    case 'plan': {
      const waits = card.actions?.some(({ verb }) => verb === 'go' || verb === 'approve' || verb === 'cancel')
      if (card.tone === 'busy') return undefined // approved: it starts any moment
      if (waits) return wait ? undefined : EXIT.waits
      return card.tone === 'bad' ? EXIT.failed : EXIT.done // a dry run ends with its plan
    }
    case 'result':
      // A result that still asks (how did it end?) waits for somebody.
      if (card.actions?.some(({ verb }) => verb === 'settle')) return wait ? undefined : EXIT.waits
      return card.tone === 'good' ? EXIT.done : EXIT.failed
  }
}

/** Says one thing in a thread, one of its own unless one is named, and waits for what comes of it. */
export async function sayOnce(
  api: Api,
  screen: Screen,
  args: ChatArguments,
  text: string,
): Promise<{ readonly code: number; readonly threadKey: string }> {
  const threadKey = args.thread ?? `cli-${randomCode(16)}`
  const code = await outcomeOf(api, screen, args, threadKey, text)
  return { code, threadKey }
}

async function outcomeOf(
  api: Api,
  screen: Screen,
  args: ChatArguments,
  threadKey: string,
  text: string,
): Promise<number> {
  const stop = new AbortController()
  const key = randomCode(20)
  const before = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<number>((resolve, reject) => {
      const look = (card: CliCard) => {
        if (card.threadKey !== threadKey || before.has(card.deliveryId) || !screen.card(card)) return
        const code = exitCodeOf(card, args.wait)
        if (code !== undefined) resolve(code)
      }
      const read = async () => {
        for (const item of await api.thread(threadKey)) if (item.type === 'card') look(item)
      }
      const begin = async () => {
        // In a thread that exists already, what was there before is no answer to this.
        if (args.thread)
          for (const item of await api.thread(threadKey)) if (item.type === 'card') before.add(item.deliveryId)
        const missed = () => void read().catch(() => undefined)
        await api.follow({ card: look, message: () => undefined, missed, lost: () => undefined }, stop.signal)
        await api.say(threadKey, text, key)
      }
      timer = setTimeout(() => resolve(EXIT.timeout), args.timeoutMs)
      begin().catch(reject)
    })
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}
