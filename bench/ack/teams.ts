import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { FakeTeams } from '../../test/_harness/fake-teams.ts'
import { TeamsPerson } from '../../test/_harness/teams-person.ts'
import { startProgram } from '../processes.ts'
import type { ChatService, OpenChat } from './chat.ts'
import { shopWith } from './ground.ts'
import { SAID } from './steadily.ts'

const SPEAKER = 'aaaaaaaa-0000-4000-8000-00000000000a'

/** Microsoft's side and the program beside it: mentions with a token, each in a thread of a channel or a group chat of its own. */
export const openTeams: OpenChat = async (folder, ground, ends): Promise<ChatService> => {
  const teams = await FakeTeams.start()
  ends.push(() => teams.close())
  teams.members.set(SPEAKER, { aadObjectId: SPEAKER, name: 'A speaker' })
  const file = join(folder, 'quarterdeck.yaml')
  const configuration = {
    ...(await shopWith({ teams: SPEAKER })),
    ...{ log: 'warn', teams: teams.config('TEAMS_BENCH_PASSWORD') },
  }
  await writeFile(file, stringify(configuration))
  const program = await startProgram('all', {
    QUARTERDECK_CONFIG: file,
    QUARTERDECK_LISTEN: '127.0.0.1:0',
    QUARTERDECK_DATA: join(folder, 'data'),
    TEAMS_BENCH_PASSWORD: 'the password of a measured bot',
    ...(ground && { QUARTERDECK_STORE_URL: ground.database.url, QUARTERDECK_QUEUE_URL: ground.queue.url }),
  })
  ends.push(program.stop)
  const speaker = new TeamsPerson(teams, () => program.address ?? '', SPEAKER, '')
  // One token serves for an hour, as the Bot Framework's do.
  const authorization = `Bearer ${await teams.token()}`
  return {
    name: 'Teams',
    event(index) {
      const heard = speaker.in(conversationOf(index))
      const activity = heard.message(SAID[index % SAID.length] ?? '')
      return async () => {
        const answer = await heard.send(activity, authorization)
        await answer.arrayBuffer()
        if (answer.status !== 202) throw new Error(`An activity was answered with ${answer.status}.`)
      }
    },
    hasCard: (index) => teams.messages.some(({ conversationId }) => conversationId === conversationOf(index)),
  }
}

const conversationOf = (index: number): string =>
  index % 4 === 0 ? `19:chat${index}@thread.v2` : `19:shop${index % 40}@thread.tacv2;messageid=${1_000_000 + index}`
