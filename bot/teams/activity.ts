import { z } from 'zod'
import type { JsonObject } from '../../core/json.ts'

/** What is read of an activity of the Bot Framework. Everything else in it is left alone. */

const id = z.string().min(1).max(1_000)
const json = z.record(z.string(), z.unknown())

export const ChannelAccount = z.object({
  id,
  name: z.string().optional(),
  /** The Entra object id; absent for bots and for people who are not signed in. */
  aadObjectId: z.string().optional(),
  role: z.string().optional(),
  tenantId: z.string().optional(),
  userRole: z.string().optional(),
  userPrincipalName: z.string().optional(),
})

const CONVERSATION_KINDS = ['personal', 'groupChat', 'channel'] as const

/** As deep as anything that is read of an activity stands in it; what somebody nests deeper is not walked through. */
const DEEPEST = 4

/** What is null is not said: the service writes either. */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return value
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, depth + 1))
  const said = Object.entries(value).filter(([, one]) => one !== null)
  return Object.fromEntries(said.map(([key, one]) => [key, withoutNulls(one, depth + 1)]))
}

export const Activity = z.object({
  type: z.string().min(1),
  /** Absent for a few kinds of event that nothing is done about. */
  id: id.optional(),
  /** The message that a button was pressed on. */
  replyToId: z.string().optional(),
  name: z.string().optional(),
  action: z.string().optional(),
  timestamp: z.string().optional(),
  channelId: z.string(),
  serviceUrl: z.string(),
  from: ChannelAccount,
  recipient: ChannelAccount,
  conversation: z.object({
    id,
    /** A kind that we do not know is told by the id, as if none were said. */
    conversationType: z.enum(CONVERSATION_KINDS).optional().catch(undefined),
    tenantId: z.string().optional(),
  }),
  channelData: z
    .object({
      tenant: z.object({ id: z.string() }).optional(),
      team: z.object({ id: z.string() }).optional(),
      channel: z.object({ id: z.string() }).optional(),
      settings: z.object({ selectedChannel: z.object({ id }).optional() }).optional(),
    })
    .optional(),
  text: z.string().optional(),
  textFormat: z.string().optional(),
  entities: z
    .array(
      z.object({
        type: z.string(),
        text: z.string().optional(),
        mentioned: z.object({ id: z.string(), name: z.string().optional() }).optional(),
      }),
    )
    .optional(),
  membersAdded: z.array(ChannelAccount).optional(),
  value: json.optional(),
})
export type Activity = z.infer<typeof Activity>

/** Which tenant an activity says it comes from: where it says so twice, both must say the same. */
export function tenantOf({ conversation, channelData }: Activity): string | undefined {
  const said = [conversation.tenantId, channelData?.tenant?.id].flatMap((id) => (id ? [id.toLowerCase()] : []))
  return said.every((id) => id === said[0]) ? said[0] : undefined
}

/** The id of a bot as Teams writes it. */
export const botId = (appId: string): string => `28:${appId}`

/** The conversation without the thread in it: the channel itself. */
export const channelOf = (conversationId: string): string => conversationId.split(';', 1)[0] ?? conversationId

/** A part of an activity's value that is an object. */
export function objectIn(value: unknown, key: string): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined
  const part: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  // It came out of a JSON body, so an object in it is a JSON object.
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as JsonObject) : undefined
}
