import { createServer } from 'node:net'
import { SIGNING_SECRET } from './signed.ts'

export const BOT = { token: 'xoxb-of-these-tests', userId: 'U0QUARTERDECK', botId: 'B0QUARTERDECK' }
const PEOPLE = ['mira', 'jonas', 'lena', 'sam', 'priya', 'gast'] as const
export type Name = (typeof PEOPLE)[number]

/** Who and what is in an emulated workspace besides the bot, where it is not what these tests have. */
export interface Inhabitants {
  readonly people?: readonly string[]
  readonly channels?: readonly string[]
}

/** Who and what is in the emulated workspace. */
export function seed({ people = PEOPLE, channels = ['prod'] }: Inhabitants = {}) {
  const token = (value: string, user: string, more: object = {}) => ({ token: value, user, type: 'user', ...more })
  return {
    slack: {
      signing_secret: SIGNING_SECRET,
      users: people.map((name) => ({ name, real_name: name, email: `${name}@shop.example` })),
      channels: channels.map((name) => ({ name })),
      oauth_apps: [
        {
          ...{
            client_id: '1.2',
            client_secret: 'of-these-tests',
            app_id: 'A1',
            name: 'Quarterdeck',
            bot_name: 'quarterdeck',
          },
          ...{
            bot_id: BOT.botId,
            bot_user_id: BOT.userId,
            redirect_uris: ['http://127.0.0.1/slack/oauth_redirect'],
            scopes: ['chat:write'],
          },
        },
      ],
      tokens: [
        token(BOT.token, BOT.userId, {
          user_id: BOT.userId,
          type: 'bot',
          bot_id: BOT.botId,
          bot_user_id: BOT.userId,
          app_id: 'A1',
        }),
        ...people.map((name) => token(`xoxp-${name}`, name)),
      ],
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
