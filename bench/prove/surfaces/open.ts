import type { ChatName } from '../prover.ts'
import type { Chat } from './chat.ts'
import { openSlack } from './slack.ts'
import { openTeams } from './teams.ts'

const OPEN: Readonly<Record<ChatName, (people: readonly string[]) => Promise<Chat>>> = {
  slack: openSlack,
  teams: openTeams,
}

/** A chat service in place of the real one, with these people in it. */
export const openChat = (name: ChatName, people: readonly string[]): Promise<Chat> => OPEN[name](people)
