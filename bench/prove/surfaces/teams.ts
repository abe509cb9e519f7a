import { randomUUID } from 'node:crypto'
import { FakeTeams, type TeamsMessage } from '../../../test/_harness/fake-teams.ts'
import { buttonsOf, cardOf, TeamsPerson, textOf } from '../../../test/_harness/teams-person.ts'
import { type Chat, EDIT, POST, type ShownCard } from './chat.ts'
import type { ChatOptions } from './open.ts'
import { keepTeams, restoreTeams } from './teams-kept.ts'
import { wireTo } from './wire.ts'

const PASSWORD = 'QUARTERDECK_PROVE_TEAMS_PASSWORD'
const channelNamed = (name: string) => `19:${name}@thread.tacv2`
const CHANNEL = channelNamed('shop')

type Button = ReturnType<typeof buttonsOf>[number]

interface Shown extends ShownCard {
  readonly message: TeamsMessage
}

/** Microsoft's side of Teams with a channel of these people, who mention the bot and press buttons over activities with good tokens. */
export async function openTeams(people: readonly string[], { overWire, kept }: ChatOptions = {}): Promise<Chat> {
  const teams = await FakeTeams.start()
  const deaths: number[] = []
  const died = () => void deaths.push(teams.messages.length)
  const wire = overWire ? await wireTo(teams.url, died) : undefined
  teams.foundAt = wire?.origin
  const before = kept === undefined ? undefined : restoreTeams(teams, kept)
  const ids = new Map(people.map((person) => [person, before?.people[person] ?? randomUUID()]))
  for (const [name, aadObjectId] of ids) teams.members.set(aadObjectId, { aadObjectId, name })
  const password = 'the password of the bot that is proved'
  process.env[PASSWORD] = password
  let said = before?.said ?? 0
  const [tokenBegins = ''] = (await teams.token()).split('.')
  const idOf = (person: string) => ids.get(person) ?? person
  const clientOf = (person: string, place: string, address: string) =>
    new TeamsPerson(teams, () => address, idOf(person), place)
  const chat: Chat = {
    name: 'teams',
    config: { teams: teams.config(PASSWORD) },
    accountOf: (person) => ({ surface: 'teams', id: idOf(person) }),
    finds: false,
    now: () => Date.now(),
    ...{ wire, deaths, died },
    watch: () => false,
    // Commands are typed like everything else here.
    async saying(person, text, { place = `${CHANNEL};messageid=${++said}` } = {}) {
      const activity = clientOf(person, place, '').message(text)
      return {
        key: `${String(activity.id)} ${place}`,
        place,
        threadKey: place,
        send: async (address) => {
          const answer = await clientOf(person, place, address)
            .send(activity)
            .catch(() => undefined)
          await answer?.arrayBuffer().catch(() => undefined)
          return answer?.status === 202
        },
      }
    },
    async press(person, card, verb, address, reason = '') {
      const { message, place } = shownOf(card)
      const client = clientOf(person, place, address)
      // A client asks for its reader's view of what it shows now; of what it showed before, the reader has what stood there for all.
      const isOld = teams.messages.every(({ activity }) => activity !== message.activity)
      const asBefore = before?.viewOf(message, person)
      const view = asBefore ?? (isOld ? cardOf(message) : await client.viewOf(message))
      const button = buttonsOf(view).find((one) => sentBy(one)?.data?.verb === verb)
      const sent = button && sentBy(button)
      if (!sent) return undefined
      const asked = (button.card?.body ?? []).filter(({ type }) => type === 'Input.Text')
      const inputs = Object.fromEntries(asked.map(({ id }) => [String(id), reason]))
      const action = { type: 'Action.Execute', verb: sent.verb, data: { ...sent.data, ...inputs } }
      const pressed = { type: 'invoke', name: 'adaptiveCard/action', value: { action }, replyToId: message.id }
      const activity = client.activity(pressed)
      return {
        key: `${String(activity.id)} ${place}`,
        async send(to) {
          const answer = await clientOf(person, place, to)
            .send(activity)
            .catch(() => undefined)
          if (answer?.status !== 200) return undefined
          const { value } = (await answer.json()) as { value: unknown } // the shape that Teams asks for
          return typeof value === 'string' ? value : 'a card'
        },
      }
    },
    cardsIn: async (place) => teams.messages.filter(({ conversationId }) => conversationId === place).map(shown),
    channel: (name) => `${channelNamed(name)};messageid=${++said}`,
    serviceUrl: teams.serviceUrl,
    placeOf: (threadKey) => threadKey,
    shut: (name) => void teams.shut.add(channelNamed(name)),
    // It is put there by whoever administers the tenant, and the program hears of it when somebody speaks.
    install: async () => undefined,
    keep: (address) =>
      keepTeams(teams, { people: ids, said, clientOf: (person, place) => clientOf(person, place, address) }),
    all: async () => teams.messages.map(shown),
    sent: () => JSON.stringify([teams.messages, [...teams.uploads]]),
    secrets: () => [
      { name: 'password of the bot in Teams', value: password },
      // As the fake's login and the Bot Framework begin them all.
      { name: 'token that the bot was given in Teams', value: 'bot-token-' },
      { name: 'token of the Bot Framework', value: tokenBegins },
    ],
    async close() {
      await wire?.close()
      await teams.close()
    },
  }
  // Whoever sends anything has a token that is good at that time.
  const sign = teams.token.bind(teams)
  teams.token = (claims = {}, ...more) => {
    const at = Math.floor(chat.now() / 1_000)
    return sign({ nbf: at - 60, exp: at + 3_600, ...claims }, ...more)
  }
  teams.watch = (call, moment) => {
    const passing = passingOf(call)
    if (passing === POST && moment === 'after') wire?.taken()
    return chat.watch(passing, moment)
  }
  return chat
}

const passingOf = (call: string): string =>
  call.startsWith('POST ') ? POST : call.startsWith('PUT ') ? EDIT : 'chat: members'

/** Where something is asked first, the button that sends it is beside what is asked. */
const sentBy = (button: Button) => (button.card ? button.card.actions[0] : button)

function shown(message: TeamsMessage): Shown {
  return {
    ref: `${message.id} ${message.conversationId}`,
    place: message.conversationId,
    message: { ...message },
    words: textOf(cardOf(message)),
    buttons: buttonsOf(cardOf(message)).map((button) => ({
      label: button.title,
      verb: String(sentBy(button)?.data?.verb ?? ''),
    })),
  }
}

function shownOf(card: ShownCard): Shown {
  if ('message' in card) return card as Shown // `shown` made it
  throw new Error('This card was not shown in Teams.')
}
