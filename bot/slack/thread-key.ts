import { randomCode } from '../../core/ids.ts'

/** Where something is said in Slack; without `threadTs` at the top level. */
export interface Place {
  readonly team: string
  readonly channel: string
  readonly threadTs?: string
}

/** `T012:C034:1700000000.000100`; a conversation with us alone that began before each message had its thread is `T012:D034:`. */
export const threadKeyOf = ({ team, channel, threadTs = '' }: Place): string => `${team}:${channel}:${threadTs}`

/** Undefined for a thread that is still to be begun, or none of ours. */
export function placeOf(threadKey: string): Place | undefined {
  const [, team, channel, threadTs] = /^([TE]\w+):([A-Z]\w+):(\d+\.\d+)?$/.exec(threadKey) ?? []
  if (!team || !channel) return undefined
  return { team, channel, ...(threadTs ? { threadTs } : {}) }
}

/** Slack's own ids of direct messages begin with D. */
export const isDirectMessage = (channel: string): boolean => channel.startsWith('D')

/**
 * A thread for what was said by slash command: there is no message to answer to, so the first card begins the thread in the channel
 * (core/channel-key.ts). Who said it goes along, for a channel that does not let us in.
 */
export const threadOfCommand = (team: string, channel: string, user: string): string =>
  `${team}:${channel} op-${user}_${randomCode(10)}`

/** Who said it, of such a thread. */
export const speakerOfCommand = (threadKey: string): string | undefined =>
  / op-([UW][A-Z0-9]+)_\w+$/.exec(threadKey)?.[1]
