import { z } from 'zod'
import type { FakeTeams, TeamsMessage } from '../../../test/_harness/fake-teams.ts'
import { cardOf, type TeamsPerson } from '../../../test/_harness/teams-person.ts'

const Message = z.object({
  id: z.string(),
  conversationId: z.string(),
  activity: z.record(z.string(), z.unknown()),
  edits: z.number(),
  /** What those see who see more than all, by person: their clients go on showing it. */
  views: z.record(z.string(), z.unknown()),
})
const Kept = z.object({
  people: z.record(z.string(), z.string()),
  /** Conversations that people began. */
  said: z.number(),
  messages: z.array(Message),
})
export type KeptTeams = z.infer<typeof Kept>
type Card = ReturnType<typeof cardOf>

/** Everything that stands there, and the ids of those who are there. */
export async function keepTeams(
  teams: FakeTeams,
  at: {
    readonly people: ReadonlyMap<string, string>
    readonly said: number
    readonly clientOf: (person: string, place: string) => TeamsPerson
  },
): Promise<KeptTeams> {
  const messages: z.infer<typeof Message>[] = []
  for (const message of teams.messages) {
    const wanted = cardOf(message).refresh?.userIds ?? []
    const views: Record<string, unknown> = {}
    for (const [person, id] of at.people)
      if (wanted.includes(`29:${id}`)) views[person] = await at.clientOf(person, message.conversationId).viewOf(message)
    messages.push({ ...message, views })
  }
  return { people: Object.fromEntries(at.people), said: at.said, messages }
}

/** Lets it all stand there again. */
export function restoreTeams(teams: FakeTeams, kept: unknown) {
  const { people, said, messages } = Kept.parse(kept)
  const views = new Map(messages.map(({ id, edits, views }) => [id, { edits, views }]))
  teams.messages.push(...messages.map(({ views: _seen, ...message }): TeamsMessage => message))
  return {
    people,
    said,
    /** What somebody's client was shown by the program before, as long as the message is the one that it was. */
    viewOf({ id, edits }: TeamsMessage, person: string): Card | undefined {
      const before = views.get(id)
      return before?.edits === edits ? (before.views[person] as Card | undefined) : undefined // the program before made it
    },
  }
}
