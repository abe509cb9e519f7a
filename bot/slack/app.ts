import { App, type Receiver } from '@slack/bolt'
import type { Logger } from '../../core/ports/logger.ts'
import { slackLogger } from './web-client.ts'

/** Events come by our own router and our own sockets, which acknowledge before anybody looks; Bolt tells them apart. */
const nowhere: Receiver = { init() {}, start: async () => undefined, stop: async () => undefined }

/**
 * Bolt, for who listens to what. It asks Slack nothing: who may act is found out after the acknowledgement, and waited for (inbox.ts). Whose
 * installation something is sent to us for, it reads (`context.teamId`): in a channel that is shared with another organisation the
 * envelope may name the others' workspace.
 */
export function createBoltApp(log: Logger): App {
  const app = new App({
    receiver: nowhere,
    logger: slackLogger(log),
    authorize: async ({ teamId }) => (teamId === undefined ? {} : { teamId }),
    convoStore: false,
    ignoreSelf: false,
    clientOptions: { retryConfig: { retries: 0 } },
  })
  app.error(async (error) => log.error({ err: error }, 'an event of Slack could not be handled'))
  return app
}
