import { randomUUID } from 'node:crypto'
import { FakeTeams, type TeamsMessage } from '../_harness/fake-teams.ts'
import type { TestProgram } from '../_harness/program.ts'
import { buttonsOf, cardOf, TeamsPerson, textOf } from '../_harness/teams-person.ts'
import { conversationsOn } from './conversations.ts'
import { peopleOn } from './people.ts'
import { lookFor, newestOf, type Place, type Seen, shown, type Talker } from './talker.ts'

/** In a thread of a channel, each person with their own view of a card. */
conversationsOn('teams', async () => {
  const teams = await FakeTeams.start()
  process.env.QUARTERDECK_CONTRACTS_TEAMS = "the bot's own password of these conversations"
  const ids = new Map<string, string>()
  const people = peopleOn('teams', (person) => {
    const id = randomUUID()
    ids.set(person, id)
    return id
  })
  for (const [person, { name }] of Object.entries(people)) {
    const aadObjectId = ids.get(person) ?? ''
    teams.members.set(aadObjectId, { aadObjectId, name })
  }
  return {
    config: { teams: teams.config('QUARTERDECK_CONTRACTS_TEAMS'), people },
    open: async (q) => openTeams(q, teams, ids),
    close: () => teams.close(),
  }
})

interface TeamsSeen extends Seen {
  readonly posted: TeamsMessage
  readonly actions: ReturnType<typeof buttonsOf>
}

function openTeams(q: TestProgram, teams: FakeTeams, ids: ReadonlyMap<string, string>): Place {
  let thread = ''
  let threads = 0
  const everybody = () => [...ids.values()].map((id) => new TeamsPerson(teams, () => q.address, id, thread))
  return {
    q,
    async elsewhere() {
      threads += 1
      thread = `19:shop@thread.tacv2;messageid=${threads}`
    },
    async as(person) {
      const id = ids.get(person) ?? ''
      return teamsTalker(person, teams, new TeamsPerson(teams, () => q.address, id, thread), everybody)
    },
    async close() {},
  }
}

function teamsTalker(person: string, teams: FakeTeams, client: TeamsPerson, everybody: () => TeamsPerson[]): Talker {
  // The thread, and what is for their eyes only in their own chat.
  const rooms = new Set([client.conversationId, `a:29:${client.accountId}`, `a:${client.accountId}`])
  const cards = async (): Promise<TeamsSeen[]> =>
    Promise.all(
      teams.messages
        .filter(({ conversationId }) => rooms.has(conversationId))
        .map(async (posted) => {
          const card = await client.viewOf(posted)
          return {
            posted,
            message: posted.id,
            words: textOf(card),
            actions: buttonsOf(card),
            buttons: buttonsOf(card).map(({ title }) => title),
          }
        }),
    )
  const known = new Map<string, TeamsSeen>()
  const knownOf = ({ message = '' }: Seen): TeamsSeen => {
    const seen = known.get(message)
    if (!seen) throw new Error(`${person} never saw this card`)
    return seen
  }
  /** As they saw it, though it moved on since. A button that Teams does not show them may still be sent: what decides is the program. */
  const buttonOn = async ({ posted, actions, words }: TeamsSeen, label: string) => {
    const views = [actions, ...(await Promise.all(everybody().map(async (one) => buttonsOf(await one.viewOf(posted)))))]
    const button = views.flat().find(({ title }) => title.startsWith(label))
    if (!button) throw new Error(`nobody has a button "${label}" on:\n${words}`)
    return button
  }
  const send = async (button: TeamsSeen['actions'][number], inputs: Record<string, string>) => {
    const { value } = await client.invoke(button.card?.actions[0] ?? button, inputs)
    return typeof value === 'string' ? value : ''
  }
  return {
    person,
    async says(text) {
      const answer = await client.send(client.message(text))
      if (answer.status !== 202) throw new Error(`"${text}" was not taken: ${answer.status} ${await answer.text()}`)
    },
    async sees(words, button) {
      const found = await lookFor(
        `${person} seeing ${words}${button ? ` with the button ${button}` : ''}`,
        async () => newestOf(await cards(), words, button),
        async () => shown(await cards()),
      )
      known.set(found.message ?? '', found)
      return found
    },
    async presses(seen, label, answers) {
      const button = await buttonOn(knownOf(seen), label)
      const asked = (button.card?.body ?? []).filter(({ type }) => type === 'Input.Text')
      const reason = asked.map(({ id }) => [String(id), answers?.reason ?? ''])
      return send(button, Object.fromEntries(reason))
    },
    async fills(seen, values) {
      const mine = knownOf(seen)
      const inputs = inputsOf(cardOf(mine.posted).body)
      const filled = Object.entries(values).map(([name, value]) => {
        const input = inputs.find(({ label }) => label.toLowerCase().startsWith(name))
        if (!input)
          throw new Error(`the form does not ask for the ${name}; it asks for ${inputs.map(({ label }) => label)}`)
        return [input.id, value]
      })
      return send(await buttonOn(mine, seen.buttons[0] ?? ''), Object.fromEntries(filled))
    },
  }
}

const inputsOf = (body: readonly Record<string, unknown>[]) =>
  body
    .filter(({ type }) => String(type).startsWith('Input.'))
    .map(({ id, label }) => ({ id: String(id), label: String(label) }))
