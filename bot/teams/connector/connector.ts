import { z } from 'zod'
import type { ServiceHealth } from './health.ts'
import type { OwnToken } from './own-token.ts'
import { request, ServiceError, understood } from './request.ts'

/** A resource that was made or changed. */
const Resource = z.object({ id: z.string().optional(), activityId: z.string().optional() })

const Member = z.object({
  /** As Teams calls them: `29:…`. */
  id: z.string(),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
  objectId: z.string().optional(),
  email: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userRole: z.string().nullish(),
  tenantId: z.string().nullish(),
})
export type Member = z.infer<typeof Member>

/** The operations of the Bot Framework's connector that are used (Bot Framework, "Bot Connector REST API"), of one service address. */
export interface Connector {
  readonly conversations: {
    sendToConversation(conversationId: string, activity: object): Promise<{ id: string }>
    replyToActivity(conversationId: string, activityId: string, activity: object): Promise<{ id: string }>
    updateActivity(conversationId: string, activityId: string, activity: object): Promise<{ id: string }>
    createConversation(parameters: object): Promise<{ id: string; activityId?: string }>
    getConversationMember(conversationId: string, memberId: string): Promise<Member>
  }
}

export function createConnector(serviceUrl: string, own: OwnToken, health: ServiceHealth): Connector {
  const base = serviceUrl.replace(/\/+$/, '')
  const part = encodeURIComponent
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, json?: object) => {
    const token = await own.get()
    const once = (token: string) => request(`${base}/v3/conversations${path}`, { method, what: 'Teams', token, json })
    try {
      return await once(token)
    } catch (error) {
      // It ended before its time, as when the password was changed: with a new one nobody hears of it.
      if (!(error instanceof ServiceError && error.status === 401 && own.refused(token))) throw error
      return once(await own.get())
    }
  }
  const made = async (answer: Promise<unknown>, known = '') => {
    const { id = known, activityId } = Resource.parse((await health.watchCard(answer)) ?? {})
    return { id, ...(activityId && { activityId }) }
  }
  return {
    conversations: {
      sendToConversation: (conversation, activity) => made(ask('POST', `/${part(conversation)}/activities`, activity)),
      replyToActivity: (conversation, id, activity) =>
        made(ask('POST', `/${part(conversation)}/activities/${part(id)}`, activity)),
      updateActivity: (conversation, id, activity) =>
        made(ask('PUT', `/${part(conversation)}/activities/${part(id)}`, activity), id),
      createConversation: (parameters) => made(ask('POST', '', parameters)),
      getConversationMember: async (conversation, id) =>
        understood('Teams', Member, await health.watch(ask('GET', `/${part(conversation)}/members/${part(id)}`))),
    },
  }
}
