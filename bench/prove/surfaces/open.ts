import type { ChatName } from '../prover.ts'
import type { Chat } from './chat.ts'
import { openSlack } from './slack.ts'
import { openTeams } from './teams.ts'

export interface ChatOptions {
  /** The program reaches it over a wire that may be troubled. */
  readonly overWire?: boolean
  /** Opened as it stood when that was kept (`Chat.keep`). */
  readonly kept?: unknown
  /** The bot is not there before somebody installs it, where the service knows that. */
  readonly byInstalling?: boolean
}

const OPEN: Readonly<Record<ChatName, (people: readonly string[], options: ChatOptions) => Promise<Chat>>> = {
  slack: openSlack,
  teams: openTeams,
}

/** A chat service in place of the real one, with these people in it. */
export const openChat = (name: ChatName, people: readonly string[], options: ChatOptions = {}): Promise<Chat> =>
  OPEN[name](people, options)
