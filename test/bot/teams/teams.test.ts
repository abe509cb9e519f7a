import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FakeTeams, type TeamsMessage } from '../../_harness/fake-teams.ts'
import { startTestProgram, type TestProgram } from '../../_harness/program.ts'
import { buttonsOf, cardOf, TeamsPerson, textOfMessage } from '../../_harness/teams-person.ts'

const MIRA = 'aaaaaaaa-0000-4000-8000-00000000000a'
const JONAS = 'bbbbbbbb-0000-4000-8000-00000000000b'
const GUEST = 'cccccccc-0000-4000-8000-00000000000c'
const CHANNEL = '19:shop@thread.tacv2'

let teams: FakeTeams
let running: TestProgram
const person = (id: string, conversation: string) => new TeamsPerson(teams, () => running.address, id, conversation)
let threads = 0
let thread: string
let mira: TeamsPerson
let jonas: TeamsPerson

beforeAll(async () => {
  teams = await FakeTeams.start()
  process.env.TEAMS_TEST_PASSWORD = 'the bot’s own password'
  teams.members.set(MIRA, { aadObjectId: MIRA, name: 'Mira Vogel', email: 'mira@shop.example' })
  teams.members.set(JONAS, { aadObjectId: JONAS, name: 'Jonas Lind' })
  teams.members.set(GUEST, { aadObjectId: GUEST, name: 'A guest', userRole: 'guest' })
  const roles = (role: string) => [{ role, environments: '*' }]
  running = await startTestProgram({
    config: {
      teams: teams.config('TEAMS_TEST_PASSWORD'),
      people: {
        mira: { name: 'Mira Vogel', accounts: { teams: MIRA, web: 'mira' }, roles: roles('operator') },
        jonas: { name: 'Jonas Lind', accounts: { teams: JONAS, web: 'jonas' }, roles: roles('approver') },
        gast: { name: 'Gast', accounts: { teams: GUEST }, roles: roles('admin') },
      },
    },
  })
})
afterAll(async () => {
  await running?.close()
  await teams?.close()
})
beforeEach(() => {
  threads += 1
  thread = `${CHANNEL};messageid=${threads}`
  mira = person(MIRA, thread)
  jonas = person(JONAS, thread)
})

const titles = (message: TeamsMessage) => buttonsOf(cardOf(message)).map(({ title }) => title)

describe('Teams', () => {
  test('a mention in a channel becomes a plan in its thread; another person approves it; one card lives to the end', async () => {
    const plan = await mira.says('scale cart to 5 in production', (text) => text.includes('Waiting for approval'))
    expect(plan.conversationId).toBe(thread)
    expect(JSON.stringify(plan.activity)).toContain(
      `{"type":"mention","text":"<at>Jonas Lind</at>","mentioned":{"id":"${JONAS}"`,
    )
    // Whoever may not decide has no button for it; whoever may, asks for theirs.
    expect(titles(plan)).toEqual(['Cancel'])
    expect((await mira.viewOf(plan)).actions?.map(({ title }) => title)).toEqual(['Cancel'])
    expect((await jonas.viewOf(plan)).actions?.map(({ title }) => title)).toEqual([
      'Approve',
      'Reject',
      'Cancel',
      'Break glass…',
    ])

    expect(await jonas.presses(plan, 'Approve')).toBe('It starts now.')
    const done = await jonas.sees((text) => text.includes('✓') && text.includes('from 4 to 5'), 'the result')
    expect(done.id).toBe(plan.id)
    expect(done.edits).toBeGreaterThan(0)
    expect(cardOf(done).refresh).toBeUndefined()
    expect(teams.messages.filter(({ conversationId }) => conversationId === thread)).toHaveLength(1)
  })

  test('nobody approves their own request, though they press a button they were never shown', async () => {
    const plan = await mira.says('scale cart to 7 in production', (text) => text.includes('Waiting for approval'))
    const { actions = [] } = await jonas.viewOf(plan)
    const { value } = await mira.invoke(actions[0] ?? { type: '', title: '' })
    expect(value).toContain('Nobody approves their own request')
    await jonas.presses(plan, 'Reject', { reason1: 'Not today.' })
    await jonas.sees((text) => text.includes('Not today.'), 'the rejection')
  })

  test('a question is answered by a button, and a form in the card', async () => {
    const chat = person(MIRA, `a:${MIRA}`)
    const question = await chat.says('restart cart', (text) => text.includes('which environment'))
    await chat.presses(question, 'dev')
    await chat.sees((text) => text.includes('Restart cart'), 'the plan of what was asked')
    const form = await chat.says('scale search in dev', (text) => text.includes('how many replicas'))
    await chat.presses(form, 'Continue', { field0: '3' })
    await chat.sees((text) => text.includes('search') && text.includes('3'), 'the plan of the form')
  })

  test('guests, bots, ourselves and people we are not spoken to by are left alone', async () => {
    const before = teams.messages.length
    const guest = person(GUEST, thread)
    const sent = [
      guest.message('halt everything'),
      mira.activity({ text: 'halt everything' }),
      { ...mira.message('halt everything'), from: { id: '28:other', name: 'A bot', aadObjectId: MIRA } },
      { ...mira.message('halt everything'), from: { id: '29:x', name: 'Nobody' } },
      { ...mira.message('halt everything'), from: { id: '29:x', aadObjectId: MIRA, userPrincipalName: 'm_x#EXT#@y' } },
    ]
    for (const activity of sent) expect((await mira.send(activity)).status).toBe(202)
    const { value } = await guest.invoke({ type: '', title: '', verb: 'approve', data: { deliveryId: 'dl-1' } })
    expect(value).toMatch(/no requests from guests/)
    await mira.says('whoami')
    const others = teams.messages.slice(before).filter((one) => !textOfMessage(one).includes('Mira'))
    expect(others.map((one) => `${one.conversationId} ${textOfMessage(one)}`)).toEqual([
      expect.stringMatching(new RegExp(`^a:${GUEST} I take no requests from guests`)),
    ])
  })

  test('/readyz says how Teams is', async () => {
    await mira.says('whoami')
    const answer = await fetch(`${running.address}/readyz`)
    expect(await answer.json()).toMatchObject({ parts: { teams: { ok: true, says: 'takes cards' } } })
  })

  test('an event that comes again is taken once', async () => {
    const activity = mira.message('how is cart in dev?')
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await mira.send(activity)).status))
    expect(new Set(statuses)).toEqual(new Set([202]))
    await mira.sees((text) => text.includes('cart'), 'the answer')
    await mira.says('whoami')
    expect(teams.messages.filter((one) => one.conversationId === thread)).toHaveLength(2)
  })

  test('what Teams puts off is sent when it says, and an edit of what was deleted is posted anew', async () => {
    teams.instead.push({ status: 429, headers: { 'Retry-After': '1' } })
    const begun = performance.now()
    await mira.says('how is search in dev?')
    expect(performance.now() - begun).toBeGreaterThan(1_000)

    const plan = await mira.says('scale cart to 6 in production', (text) => text.includes('Waiting for approval'))
    teams.messages.splice(teams.messages.indexOf(plan), 1)
    await jonas.in(thread).invoke({ type: '', title: '', ...(await approval(plan)) })
    const anew = await jonas.sees((text) => text.includes('6') && text.includes('cart'), 'the card anew')
    expect(anew.id).not.toBe(plan.id)
  })

  test('a card that was posted twice, because the first answer was lost, is closed where somebody meets it first', async () => {
    let lost = 0
    teams.watch = (call, moment) => {
      if (moment !== 'after' || !call.startsWith('POST') || !call.includes(thread) || lost > 0) return false
      lost += 1
      return true
    }
    await mira.says('scale inventory to 6 in production', (text) => text.includes('Waiting for approval'))
    const posted = () => teams.messages.filter(({ conversationId }) => conversationId === thread)
    await expect.poll(() => posted().length).toBe(2)
    const [stray, card] = posted()
    if (!stray || !card) throw new Error('there are two')
    // Where the card lives, nothing is closed.
    await jonas.viewOf(card)
    // A decider's client asks for their view by itself; the stray one is not for deciding any more, for anybody.
    expect(JSON.stringify(await jonas.viewOf(stray))).toContain('posted twice')
    expect(textOfMessage(stray)).toContain('posted twice')
    expect([titles(stray), textOfMessage(card).includes('Waiting for approval')]).toEqual([[], true])
    expect(await jonas.presses(card, 'Approve')).toBe('It starts now.')
    await teams.sees((one) => one.id === card.id && textOfMessage(one).includes('✓'), 'the result')
    expect(textOfMessage(stray)).toContain('posted twice')
  })

  test('what a card has no room for is offered in the asker’s own chat, and put into their OneDrive', async () => {
    const logs = await mira.says('logs of checkout in dev', (text) => text.includes('checkout'))
    expect(titles(logs)).toContain('Send me the whole')
    expect(await mira.presses(logs, 'Send me the whole')).toContain('our own chat')
    const chat = person(MIRA, `a:${MIRA}`)
    const offer = await teams.sees(
      ({ conversationId, activity }) =>
        conversationId === chat.conversationId && JSON.stringify(activity).includes('file.consent'),
      'the offer',
    )
    const [attachment] = offer.activity.attachments as { content: { acceptContext: object } }[]
    const uploadInfo = {
      uploadUrl: `${teams.url}/drive/checkout.log`,
      contentUrl: `${teams.url}/x`,
      uniqueId: '1',
      fileType: 'log',
    }
    const value = { type: 'fileUpload', action: 'accept', context: attachment?.content.acceptContext, uploadInfo }
    const answered = await chat.send(chat.activity({ type: 'invoke', name: 'fileConsent/invoke', value }))
    expect(answered.status).toBe(200)
    await teams.sees(({ activity }) => JSON.stringify(activity).includes('file.info'), 'the file')
    expect(teams.uploads.get('/drive/checkout.log')).toContain('checkout')
  })
})

/** The approving button's data, as its refreshed card has it. */
async function approval(plan: TeamsMessage) {
  const [approve] = (await jonas.viewOf(plan)).actions ?? []
  return { verb: approve?.verb ?? '', data: approve?.data ?? {} }
}
