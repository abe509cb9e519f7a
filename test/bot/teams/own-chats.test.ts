import { describe, expect, test } from 'vitest'
import { visibleCard } from '../../../bot/teams/send/shown-to.ts'
import type { PersonId } from '../../../core/ids.ts'
import { putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { MIRA, message, open, place, teams, titles, useLoneTeams } from './lone.ts'

useLoneTeams()

const mira = 'mira' as PersonId // of nobody: the brand only says where it stands
const GROUP = '19:0123456789abcdef0123456789abcdef@thread.v2'

describe('the chat with one person', () => {
  test('is opened for who has the app only in a team: by their Teams id, which their Entra id does not do', async () => {
    teams.notInstalledBy.add(MIRA)
    const { surface, mira: person, said } = await open()
    await person.send(person.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    await surface.post(message('Secret', { only: mira }))
    expect(titles()).toEqual([`a:${MIRA} Secret`])
  })

  test('is opened by the Entra id where nobody says what Teams calls them', async () => {
    const { surface, mira: person, said } = await open()
    await person.send(person.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    teams.members.clear()
    await surface.post(message('Secret', { only: mira, threadKey: '19:ops@thread.tacv2;messageid=9' }))
    expect(titles()).toEqual([`a:${MIRA} Secret`])
  })

  test('is what they have with the bot, and not a thread that they began in it', async () => {
    const { surface, mira: person, said } = await open()
    const inThread = person.in(`a:${MIRA};messageid=7`)
    await inThread.send(inThread.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    await surface.post(message('Answer', { threadKey: inThread.conversationId }))
    await surface.post(message('Secret', { only: mira }))
    expect(titles()).toEqual([`a:${MIRA};messageid=7 Answer`, `a:${MIRA} Secret`])
  })

  test('is opened anew when they removed it with its history', async () => {
    const { surface, mira: person, said } = await open()
    await person.send(person.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    await surface.post(message('One', { only: mira }))
    teams.removed.add(`a:${MIRA}`)
    const { ref } = await surface.post(message('Two', { only: mira }))
    await surface.post(message('Three', { only: mira }))
    expect(titles()).toEqual([`a:${MIRA} One`, `a:${MIRA}-anew Two`, `a:${MIRA}-anew Three`])
    await surface.update({ ...message('Two, edited', { only: mira }), ref })
    expect(titles()).toContain(`a:${MIRA}-anew Two, edited`)
  })
})

describe('a group chat that hears of changes', () => {
  test('is shown them one below the other, because it has no threads to begin', async () => {
    const { surface, mira: person, said } = await open()
    const there = person.in(GROUP)
    await there.send(there.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    const about = message('Plan', { begins: GROUP, threadKey: `${GROUP} op-7f3k9m2q` })
    const { ref, threadKey } = await surface.post(about)
    expect(threadKey).toBeUndefined()
    await surface.update({ ...message('Done', { begins: GROUP, threadKey: about.threadKey }), ref })
    expect(titles()).toEqual([`${GROUP} Done`])
  })

  test('may press its buttons there', async () => {
    const now = new Date()
    const key = 'group-chat'
    const id = await place.store.transaction(async (tx) => {
      const { id: threadId } = await openThread(tx, { surface: 'teams', surfaceKey: `${GROUP} op-7f3k9m2q`, now })
      return putDelivery(tx, { key, surface: 'teams', threadId, card: message('Plan').card, now })
    })
    // Of all that a surface works with, only the store is looked at.
    const deps = { store: place.store } as Parameters<typeof visibleCard>[0]
    const seen = (conversationId: string) => visibleCard(deps, id.id, { person: undefined, conversationId })
    expect((await seen(GROUP))?.key).toBe(key)
    expect(await seen('19:another@thread.v2')).toBeUndefined()
  })
})
