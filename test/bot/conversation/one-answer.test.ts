import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeOnStores } from '../../_harness/store.ts'
import { Chat, wordsOf } from './chat.ts'

const ROUNDS = 50

/** Lets nobody on until two are there: then both at once, or one of them a moment sooner. */
function turnstile() {
  const waiting: { readonly said: string; readonly goOn: () => void }[] = []
  let meetings = 0
  return (said: string) =>
    new Promise<void>((goOn) => {
      waiting.push({ said, goOn })
      if (waiting.length < 2) return
      const [word, click] = waiting.splice(0).sort((a, b) => a.said.localeCompare(b.said))
      const [first, second] = meetings++ % 2 ? [word, click] : [click, word]
      first?.goOn()
      if (meetings % 3) setTimeout(() => second?.goOn(), 5)
      else second?.goOn()
    })
}

describeOnStores('a question answered by a click and by a word at once', (store) => {
  let chat: Chat
  beforeEach(async () => {
    const pass = turnstile()
    chat = await new Chat(store()).open({
      door: (door) => ({ ...door, propose: (proposal) => pass(proposal.said).then(() => door.propose(proposal)) }),
    })
  })
  afterEach(() => chat.close())

  test('makes one operation, and tells the other answer calmly', async () => {
    const account = { surface: 'web', id: 'mira' } as const
    const winners = new Set<string>()
    for (let round = 1; round <= ROUNDS; round++) {
      await chat.says('mira', 'deploy checkout 1.4.2')
      const press = await chat.aimsAt('mira', 'staging')
      const key = randomBytes(8).toString('hex')
      const word = {
        surface: 'web',
        threadKey: chat.threadKey,
        account,
        text: 'production',
        key,
        at: chat.now,
      } as const
      chat.conversation.receive(word)
      const reply = await press()
      await chat.conversation.idle()

      const [made, ...older] = await chat.operations()
      expect(older, `round ${round}`).toHaveLength(round - 1)
      const words = (await chat.cards('mira')).map(({ card }) => wordsOf(card))
      const calm = `Mira answered this already: see ${made?.id}. Nothing was done twice.`
      if (made?.environment === 'staging') {
        expect(reply).toEqual({ ok: true, says: 'Answered: staging' })
        expect(words).toContainEqual(`Answered already\n${calm}`)
      } else expect(reply).toEqual({ ok: false, says: calm })
      // The question is closed and no button of it lives on.
      expect(words.filter((text) => text.startsWith('Deploy: which environment?'))).toEqual([])
      winners.add(made?.environment ?? 'nobody')
      chat.now = new Date(chat.now.getTime() + 1_000)
    }
    expect(winners).toEqual(new Set(['staging', 'production']))
    expect((await chat.requests()).filter(({ outcome }) => outcome === null)).toEqual([])
  })
})
