import {
  type Activity as BotActivity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type TurnContext,
} from 'botbuilder'
import type { Health } from '../../../core/ports/health.ts'
import { botId } from '../activity.ts'
import { isKnownService } from '../verify/service-hosts.ts'
import { type Connector, createConnector } from './connector.ts'
import { createServiceHealth } from './health.ts'
import { createOwnToken } from './own-token.ts'

/** Where the bot may speak: a conversation reference of the Bot Framework, cut to what is needed. */
export interface Place {
  readonly serviceUrl: string
  readonly tenantId: string
  readonly conversationId: string
}

/** What is sent, in the library's words. */
export type Outgoing = Partial<BotActivity>

export interface TeamsAdapter {
  /** Sends an activity there; resolves with its id. */
  send(place: Place, activity: Outgoing): Promise<string>
  update(place: Place, activityId: string, activity: Outgoing): Promise<void>
  /** Opens the personal chat with somebody, by their Teams id (`29:…`) or Entra object id; resolves with the conversation's id. */
  openChat(place: Omit<Place, 'conversationId'>, memberId: string): Promise<string>
  /** Begins a thread in a channel; resolves with the thread's and the message's ids. */
  beginThread(place: Place, activity: Outgoing): Promise<{ threadId: string; activityId: string }>
  connector(serviceUrl: string): Connector
  /** How Microsoft's side takes what is sent. */
  health(): Health
}

type Factory = ReturnType<ConfigurationBotFrameworkAuthentication['createConnectorFactory']>
type Client = Awaited<ReturnType<Factory['create']>>
type UserTokenClient = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>>

/**
 * The library's authentication with our own ends: requests were verified before they come here (verify/), and what is sent goes through
 * our connector, which tries once, follows no redirect and knows whom it may speak to.
 */
class OwnEnds extends ConfigurationBotFrameworkAuthentication {
  readonly #connect: (serviceUrl: string) => Connector

  constructor(appId: string, connect: (serviceUrl: string) => Connector) {
    super({ MicrosoftAppId: appId })
    this.#connect = connect
  }

  override createConnectorFactory(): Factory {
    // The adapter uses no other operation of a client than those that ours has.
    return { create: async (serviceUrl: string) => this.#connect(serviceUrl) as unknown as Client }
  }

  override async createUserTokenClient(): Promise<UserTokenClient> {
    // Nobody signs in through the bot, so nothing is ever asked of it.
    return {} as UserTokenClient
  }
}

export function createTeamsAdapter(options: {
  readonly appId: string
  readonly appPassword: string
  readonly login: string
  readonly homeTenant: string
  readonly services: string
  readonly loopback: boolean
  readonly clock: () => Date
}): TeamsAdapter {
  const { appId, loopback } = options
  const own = createOwnToken(options)
  const health = createServiceHealth()
  const connector = (serviceUrl: string): Connector => {
    if (!isKnownService(serviceUrl, { loopback }))
      throw new Error(`Nothing is sent to ${serviceUrl}: it is no address of the Bot Framework.`)
    return createConnector(serviceUrl, own, health)
  }
  const adapter = new CloudAdapter(new OwnEnds(appId, connector))
  const bot = { id: botId(appId), name: '' }
  // Errors are the sender's to deal with; the library would print them.
  adapter.onTurnError = async (_context, error) => {
    throw error
  }

  async function there<Result>(place: Place, act: (context: TurnContext) => Promise<Result>): Promise<Result> {
    const conversation = {
      id: place.conversationId,
      tenantId: place.tenantId,
      isGroup: false,
      conversationType: '',
      name: '',
    }
    const reference = { serviceUrl: place.serviceUrl, channelId: 'msteams', bot, conversation }
    const results: Result[] = []
    await adapter.continueConversationAsync(appId, reference, async (context) => {
      results.push(await act(context))
    })
    const [result] = results
    if (result === undefined) throw new Error('The Bot Framework’s adapter did not run what it was given.')
    return result
  }

  return {
    connector,
    health: health.now,
    send: (place, activity) =>
      there(place, async (context) => {
        // A continued conversation would make everything an answer to an event that nobody sent.
        context.onSendActivities((_context, activities, next) => {
          for (const one of activities) delete one.replyToId
          return next()
        })
        return (await context.sendActivity(activity))?.id ?? ''
      }),
    update: async (place, activityId, activity) => {
      await there(place, async (context) => {
        await context.updateActivity({ ...activity, id: activityId })
        return true
      })
    },
    async openChat({ serviceUrl, tenantId }, memberId) {
      const tenant = { id: tenantId }
      const wanted = { bot, isGroup: false, members: [{ id: memberId }], tenantId, channelData: { tenant } }
      return (await connector(serviceUrl).conversations.createConversation(wanted)).id
    },
    async beginThread({ serviceUrl, tenantId, conversationId }, activity) {
      const channelData = { channel: { id: conversationId }, tenant: { id: tenantId } }
      const wanted = { bot, isGroup: true, tenantId, channelData, activity }
      const { id, activityId = '' } = await connector(serviceUrl).conversations.createConversation(wanted)
      return { threadId: id, activityId: activityId || (/;messageid=(\w+)/.exec(id)?.[1] ?? '') }
    },
  }
}
