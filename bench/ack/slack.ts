import { startProgram } from '../processes.ts'
import { randomFrom } from '../prove/frame/random.ts'
import { type Event, eventNumber } from '../prove/slack/event.ts'
import { writeConfiguration } from '../prove/slack/programs.ts'
import { SPEAKER, Workspace } from '../prove/slack/workspace.ts'
import type { ChatService, OpenChat } from './chat.ts'
import { shopWith } from './ground.ts'
import { SAID } from './steadily.ts'

/** A workspace and the program in it: signed mentions, direct messages and commands, each in a channel of its own. */
export const openSlack: OpenChat = async (folder, ground, ends): Promise<ChatService> => {
  const workspace = await Workspace.open()
  ends.push(() => workspace.close())
  const places = ground
    ? { store: { url: ground.database.url }, queue: { redis: ground.queue.url } }
    : { store: 'embedded' as const }
  const scene = await shopWith({ slack: SPEAKER })
  const file = await writeConfiguration(folder, { workspace, ...places, scene })
  const program = await startProgram('all', { QUARTERDECK_CONFIG: file })
  ends.push(program.stop)
  const random = randomFrom(1)
  const events: Event[] = []
  return {
    name: 'Slack',
    event(index) {
      const event = eventNumber(index, random, SAID)
      events[index] = event
      return async () => {
        const { body, headers } = event.signed(Date.now())
        const answer = await fetch(`${program.address}/slack/events`, { method: 'POST', headers, body })
        await answer.arrayBuffer()
        if (!answer.ok) throw new Error(`An event was answered with ${answer.status}.`)
      }
    },
    hasCard: (index) => workspace.postsIn(events[index]?.channel ?? '').length > 0,
  }
}
