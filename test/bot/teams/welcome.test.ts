import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { APP_ID, FakeTeams, TENANT } from '../../_harness/fake-teams.ts'
import { startTestProgram, type TestProgram } from '../../_harness/program.ts'
import { buttonsOf, cardOf, TeamsPerson, textOfMessage } from '../../_harness/teams-person.ts'

const MIRA = 'aaaaaaaa-0000-4000-8000-00000000000a'
const GUEST = 'cccccccc-0000-4000-8000-00000000000c'
const US = { id: `28:${APP_ID}` }
const isWelcome = (text: string) => text.includes('This is Quarterdeck')

let teams: FakeTeams
let running: TestProgram
const person = (id: string, conversation: string) => new TeamsPerson(teams, () => running.address, id, conversation)

beforeAll(async () => {
  teams = await FakeTeams.start()
  process.env.TEAMS_WELCOME_PASSWORD = 'the bot’s own password'
  teams.members.set(MIRA, { aadObjectId: MIRA, name: 'Mira Vogel' })
  teams.members.set(GUEST, { aadObjectId: GUEST, name: 'A guest', userRole: 'guest' })
  running = await startTestProgram({
    config: {
      teams: teams.config('TEAMS_WELCOME_PASSWORD'),
      people: {
        mira: { name: 'Mira Vogel', accounts: { teams: MIRA }, roles: [{ role: 'operator', environments: '*' }] },
        jonas: { name: 'Jonas Lind', roles: [{ role: 'approver', environments: '*' }] },
      },
    },
  })
})
afterAll(async () => {
  await running?.close()
  await teams?.close()
})
beforeEach(() => {
  teams.messages.length = 0
})

const welcomes = () => teams.messages.filter((one) => isWelcome(textOfMessage(one)))

/** What was sent before is done when questions that came after it were answered one after the other: a welcome is less work than either. */
async function settled(): Promise<void> {
  const chat = person(MIRA, 'a:settled')
  await chat.says('whoami')
  await chat.says('whoami')
}

async function sent(who: TeamsPerson, ...activities: Record<string, unknown>[]): Promise<void> {
  for (const activity of activities) expect((await who.send(activity)).status).toBe(202)
}

describe('being added', () => {
  test('to a personal chat: one card with three things to say, whose buttons say them', async () => {
    const chat = person(MIRA, `a:${MIRA}`)
    await sent(
      chat,
      chat.activity({ type: 'conversationUpdate', membersAdded: [US] }),
      chat.activity({ type: 'installationUpdate', action: 'add' }),
    )
    const card = await chat.sees(isWelcome, 'the welcome')
    expect(buttonsOf(cardOf(card)).map(({ title }) => title)).toEqual(['help', 'status', 'approvals'])
    await chat.presses(card, 'help')
    await chat.sees((text) => text.includes('What you may do'), 'what help says')
    await sent(chat, chat.activity({ type: 'installationUpdate', action: 'add' }))
    await settled()
    expect(welcomes()).toHaveLength(1)
  })

  test('to a team: once, in a thread of the channel that was chosen, and what its buttons say is answered there', async () => {
    const general = '19:general@thread.tacv2'
    const chosen = '19:ops@thread.tacv2'
    const channelData = { tenant: { id: TENANT }, team: { id: general }, settings: { selectedChannel: { id: chosen } } }
    const who = person(MIRA, general)
    await sent(
      who,
      who.activity({ type: 'conversationUpdate', membersAdded: [{ id: '29:somebody' }, US], channelData }),
      person(MIRA, chosen).activity({ type: 'installationUpdate', action: 'add', channelData }),
    )
    const card = await teams.sees((one) => isWelcome(textOfMessage(one)), 'the welcome')
    expect(card.conversationId).toMatch(/^19:ops@thread.tacv2;messageid=\d+$/)
    const thread = person(MIRA, card.conversationId)
    await thread.presses(card, 'approvals')
    await thread.sees((text) => !isWelcome(text) && text.includes('approv'), 'the answer in the thread')
    await settled()
    expect(welcomes()).toHaveLength(1)
  })

  test('to a group chat: once; others who join, and what else happens there, are not welcomed', async () => {
    const who = person(MIRA, '19:friends@thread.v2')
    await sent(who, who.activity({ type: 'conversationUpdate', membersAdded: [US] }))
    await who.sees((text) => isWelcome(text) && text.includes('Mention me'), 'the welcome')
    const other = person(MIRA, '19:others@thread.v2')
    const team = person(MIRA, '19:big@thread.tacv2')
    const many = Array.from({ length: 500 }, (_, at) => ({ id: `29:member${at}`, aadObjectId: MIRA }))
    await sent(
      who,
      other.activity({ type: 'conversationUpdate', membersAdded: [{ id: '29:new' }] }),
      team.activity({ type: 'conversationUpdate', membersAdded: many }),
      team.activity({ type: 'conversationUpdate' }),
      team.activity({ type: 'installationUpdate', action: 'remove' }),
      team.activity({ type: 'messageReaction' }),
    )
    await settled()
    expect(welcomes()).toHaveLength(1)
  })

  test('by a guest in their own chat: nothing is said', async () => {
    const guest = person(GUEST, `a:${GUEST}`)
    await sent(guest, guest.activity({ type: 'installationUpdate', action: 'add' }))
    await settled()
    expect(welcomes()).toHaveLength(0)
  })

  test('for everybody at once: what waits for somebody is not held up by welcomes', async () => {
    const chats = Array.from({ length: 60 }, (_, at) => {
      const id = `dddddddd-0000-4000-8000-${String(at).padStart(12, '0')}`
      teams.members.set(id, { aadObjectId: id, name: `Employee ${at}` })
      return person(id, `a:${id}`)
    })
    await Promise.all(chats.map((chat) => sent(chat, chat.activity({ type: 'installationUpdate', action: 'add' }))))
    await settled()
    await expect.poll(() => welcomes().length).toBeGreaterThan(0)
    expect(welcomes().length).toBeLessThanOrEqual(20)
  })
})
