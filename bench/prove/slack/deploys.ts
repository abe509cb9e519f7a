import { startSender } from '../../../bot/deliver/sender.ts'
import { createSlackSurface } from '../../../bot/slack/send/surface.ts'
import { threadKeyOf } from '../../../bot/slack/thread-key.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { putDelivery } from '../../../db/deliveries.ts'
import type { Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { BOT } from '../../../test/bot/slack/seed.ts'
import type { Town } from '../../../test/bot/slack/town.ts'

const CHANNEL = 'prod'

/** Deploys whose cards stand in one channel, each in the thread of whoever asked for it. */
export interface Deploys {
  /** Writes the card of a deploy anew. */
  write(deploy: number, card: 'begins' | 'goes on' | 'is over'): Promise<void>
  /** Our messages in the thread of a deploy, as Slack keeps them. */
  messages(deploy: number): Promise<readonly string[]>
  /** When it was written that it is over. */
  readonly overAt: ReadonlyMap<number, number>
  close(): Promise<void>
}

export const lastWord = (deploy: number): string => `deploy ${deploy} is over`

export async function startDeploys(store: Store, town: Town, count: number): Promise<Deploys> {
  const threads: string[] = []
  for (let deploy = 0; deploy < count; deploy++) {
    const asked = { channel: town.channel(CHANNEL), text: `deploy ${deploy}` }
    threads.push(String((await town.call('xoxp-mira', 'chat.postMessage', asked)).ts))
  }
  const workspaces = createWorkspaces({
    ...{ botToken: BOT.token, home: undefined, api: town.api, log: silentLogger, installed: async () => undefined },
    people: {
      ...{ all: () => [], byId: () => undefined, byAccount: () => undefined, named: () => [], version: () => '1' },
      refresh: async () => undefined,
    },
  })
  const surface = createSlackSurface({ workspaces, log: silentLogger, requester: async () => undefined })
  const clock = () => new Date()
  const sender = await startSender({ store, surfaces: [surface], log: silentLogger, clock })
  const overAt = new Map<number, number>()
  let revision = 0
  return {
    overAt,
    async write(deploy, says) {
      const threadTs = threads[deploy] ?? ''
      const final = says === 'is over'
      const title = final ? lastWord(deploy) : `deploy ${deploy} ${says} (${++revision})`
      const card: Card = { kind: final ? 'result' : 'progress', tone: final ? 'good' : 'busy', title, blocks: [] }
      const surfaceKey = threadKeyOf({ team: town.team, channel: town.channel(CHANNEL), threadTs })
      await store.transaction(async (tx) => {
        const { id: threadId } = await openThread(tx, { surface: 'slack', surfaceKey, now: clock() })
        await putDelivery(tx, { key: `deploy-${deploy}`, surface: 'slack', threadId, card, final, now: clock() })
      })
      if (final) overAt.set(deploy, Date.now())
    },
    async messages(deploy) {
      const found = await town.thread(threads[deploy] ?? '', CHANNEL)
      return found.filter(({ user }) => user === BOT.userId).map(({ text }) => text)
    },
    close: () => sender.close(),
  }
}
