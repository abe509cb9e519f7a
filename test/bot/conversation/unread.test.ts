import { describe, expect, it } from 'vitest'
import undo from '../../../skills/undo.ts'
import { type Chat, wordsOf } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

describe('what shall start later', () => {
  it.each([
    ['scale cart to 4 in staging at 18:00', 'at 18:00', 'scale cart to 4 in staging'],
    ['deploy checkout 1.4.2 to staging tomorrow at 9', 'tomorrow at 9', 'deploy checkout 1.4.2 to staging'],
    ['deploy checkout 1.4.2 to production on monday', 'on monday', 'deploy checkout 1.4.2 to production'],
    ['tonight at 3am please scale cart to 4 in staging', 'tonight at 3am', 'please scale cart to 4 in staging'],
    ['scale cart to 4 in staging in 10 minutes', 'in 10 minutes', 'scale cart to 4 in staging'],
    [
      'deploy checkout 1.4.2 to staging once the tests are green',
      'once the tests are green',
      'deploy checkout 1.4.2 to staging',
    ],
  ])('is asked for again when it is time: %s', async (text, when, rest) => {
    const card = await chat.says('mira', text)
    expect(card).toMatchObject({ title: 'Nothing can be put off here' })
    expect(wordsOf(card)).toContain(`"${when}"`)
    expect(wordsOf(card)).toContain(`"${rest}"`)
    // A button would start it now.
    expect(card?.actions ?? []).toEqual([])
    expect(await chat.operations()).toEqual([])
  })

  it('is not seen in what only names a time', async () => {
    expect(await chat.says('mira', 'see you tomorrow')).toMatchObject({ title: 'I did not take that as a request' })
    expect(await chat.says('mira', 'how was cart in staging at 18:00')).not.toMatchObject({
      title: 'Nothing can be put off here',
    })
  })
})

describe('what nothing was made of', () => {
  it('says what language is read', async () => {
    for (const text of ['starte checkout in staging neu', 'redémarre checkout en production'])
      expect(wordsOf(await chat.says('mira', text))).toContain('I read English')
  })

  it('names the name that nobody knows', async () => {
    const card = await chat.says('mira', 'status foo')
    expect(wordsOf(card)).toContain('There is no service or environment "foo".')
  })

  it('offers the plan alone for what would happen', async () => {
    const card = await chat.says('mira', 'what happens if I scale cart to 4 in staging?')
    expect(wordsOf(card)).toContain('shows the plan and changes nothing')
    await chat.clicks('mira', 'scale cart to 4 in staging --dry-run')
    expect(await chat.operations()).toMatchObject([{ dryRun: true }])
  })
})

describe('a decision in words', () => {
  it('is shown the card that it is about', async () => {
    const card = await chat.says('jonas', 'approve op-7f3k9m2q')
    expect(card).toMatchObject({
      title: 'A click decides, not a word',
      actions: [{ verb: 'say', payload: { text: 'explain op-7f3k9m2q' } }],
    })
    expect(await chat.says('jonas', 'reject op-7f3k9m2q because it is too late')).toMatchObject({
      title: 'A click decides, not a word',
    })
  })

  it('is told where decisions wait when none does here', async () => {
    for (const text of ['approve', 'ok do it', 'approve it please'])
      expect(await chat.says('jonas', text)).toMatchObject({
        title: 'Nothing waits for a yes in this conversation',
        actions: [{ payload: { text: 'approvals' } }],
      })
  })
})

describe('an operation that is not named', () => {
  it('is chosen among those that it may be, newest first', async () => {
    await chat.close()
    await chat.open({ skills: [undo] })
    await chat.says('mira', 'please scale cart to 4 in staging')
    await chat.says('mira', 'please scale cart to 5 in dev')
    const ids = (await chat.operations()).map(({ id }) => id)
    const card = await chat.says('mira', 'explain')
    expect(card).toMatchObject({ kind: 'question', title: 'Explain: which operation or incident?' })
    const labels = card?.actions?.map(({ label }) => label)
    expect(labels?.slice(0, 2)).toEqual([`${ids[0]} scale cart in dev`, `${ids[1]} scale cart in staging`])
    expect(labels?.at(-1)).toBe('Never mind')
    await chat.clicks('mira', `${ids[1]} scale cart in staging`)
    expect((await chat.cards('mira')).map(({ card }) => card.title)).toContain('scale cart in staging: planned')
    // Nothing has ended, so nothing can be undone.
    const nothing = await chat.says('mira', 'undo')
    expect(nothing).toMatchObject({ kind: 'form' })
    expect(wordsOf(nothing)).toContain('Nothing here, and nothing of yours, can be given to "undo" now')
  })
})
