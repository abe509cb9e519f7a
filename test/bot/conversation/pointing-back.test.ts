import { describe, expect, it } from 'vitest'
import { type Chat, wordsOf } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

const plans = async () => (await chat.operations()).map(({ plan, state }) => `${plan.summary}: ${state}`)

describe('"same for cart"', () => {
  it('repeats a change with the service exchanged, as a plan that waits for a click', async () => {
    await chat.says('mira', 'scale checkout staging +2')
    await chat.says('mira', 'same for cart')
    expect(await plans()).toEqual(['scale cart in staging: planned', 'scale checkout in staging: approved'])
    // As it was said: two more, not the number they came to.
    expect((await chat.operations())[0]?.plan.changes).toMatchObject([{ field: 'replicas', to: '+2' }])
  })

  it('takes several, another place, and what was said by a click on a question', async () => {
    await chat.says('mira', 'scale checkout to 4')
    await chat.clicks('mira', 'staging')
    await chat.says('mira', 'do the same for cart and search in dev please')
    const [same] = await chat.operations()
    expect(same?.plan.changes.map(({ target, to }) => `${target}: ${to}`)).toEqual([
      'cart in dev: 4',
      'search in dev: 4',
    ])
    expect(same?.state).toBe('planned')
  })

  it('asks when it names nothing that is known, and is nothing where nothing was asked', async () => {
    expect(await chat.says('mira', 'same for cart')).toMatchObject({ title: 'I did not take that as a request' })
    await chat.says('mira', 'status checkout')
    expect(await chat.says('mira', 'same for checkuot')).toMatchObject({ kind: 'answer' })
    expect(await chat.says('mira', 'same for the moon')).not.toMatchObject({ kind: 'answer' })
  })
})

describe('"make it 9"', () => {
  it('makes a new plan of what was asked last, when it is not one’s own open plan', async () => {
    await chat.says('mira', 'please scale cart to 6 in staging')
    await chat.says('jonas', 'make it 9')
    const [his, hers] = await chat.operations()
    expect(hers).toMatchObject({ personId: 'mira', plan: { input: { replicas: 6 } } })
    expect(his).toMatchObject({
      personId: 'jonas',
      state: 'planned',
      plan: { input: { replicas: 9, service: 'cart' } },
    })
  })
})

describe('"and in production?"', () => {
  it('repeats a read elsewhere', async () => {
    await chat.says('mira', 'how is cart in staging?')
    expect(await chat.says('mira', 'and in production?')).toMatchObject({ title: 'cart in production is well' })
    expect(await chat.says('mira', 'what about search?')).toMatchObject({ title: 'search in production is well' })
  })

  it('repeats no change', async () => {
    await chat.says('mira', 'scale cart to 4 in staging')
    await chat.says('mira', 'and in production?')
    await chat.says('mira', 'what about search?')
    expect(await plans()).toHaveLength(1)
  })
})

describe('what a question offered', () => {
  it('is taken by "yes" when it is the only one; a change then still waits for a click', async () => {
    await chat.says('mira', 'scale carrt staging 3')
    await chat.says('mira', 'yes')
    expect(await plans()).toEqual(['scale cart in staging: planned'])
  })

  it('is taken by its place, and "the other one" is the one that was left', async () => {
    await chat.says('mira', 'how is cart or search in staging?')
    expect(await chat.says('mira', 'yes')).toMatchObject({ title: 'I still wait for an answer' })
    expect(await chat.says('mira', 'the second one')).toMatchObject({ title: 'search in staging is well' })
    expect(await chat.says('mira', 'and the other one too please')).toMatchObject({ title: 'cart in staging is well' })
  })

  it('is the one that was not spoken of, when "the other one" answers it', async () => {
    await chat.says('mira', 'scale cart staging 3')
    await chat.says('mira', 'how is cart or search in dev?')
    expect(await chat.says('mira', 'the other one')).toMatchObject({ title: 'search in dev is well' })
  })

  it('is nothing where nobody chose', async () => {
    await chat.says('mira', 'scale cart staging 3')
    expect(await chat.says('mira', 'the other one')).toMatchObject({ title: 'I did not take that as a request' })
    expect(await plans()).toHaveLength(1)
  })
})

describe('a typed yes', () => {
  it('decides nothing; it says where the button is', async () => {
    await chat.says('mira', 'please scale cart to 4 in staging')
    for (const yes of ['yes', 'ok, do it', 'go ahead please', 'LGTM', '👍']) {
      const card = await chat.says('mira', yes)
      expect(card, yes).toMatchObject({ kind: 'notice', title: 'A click decides, not a word' })
      expect(wordsOf(card)).toContain('starts with a click on "Go ahead"')
    }
    expect(wordsOf(await chat.says('jonas', 'approve'))).toContain('waits for Mira')
    expect(await plans()).toEqual(['scale cart in staging: planned'])
    expect(await chat.says('mira', 'no')).toMatchObject({ title: 'It still waits; nothing was changed' })
    expect(await plans()).toEqual(['scale cart in staging: planned'])
  })

  it('is nothing where nothing waits, and so are thanks', async () => {
    expect(await chat.says('mira', 'yes')).toMatchObject({ title: 'Nothing waits for a yes in this conversation' })
    await chat.says('mira', 'please scale cart to 4 in staging')
    expect(await chat.says('mira', 'thanks')).toMatchObject({ title: 'I did not take that as a request' })
  })
})

describe('"why?"', () => {
  it('tells the story of the last operation in the thread', async () => {
    await chat.says('mira', 'please scale cart to 4 in staging')
    await chat.clicks('mira', 'Cancel')
    const card = await chat.says('jonas', 'why?')
    expect(card).toMatchObject({ kind: 'answer', title: 'scale cart in staging: cancelled' })
    expect(wordsOf(card)).toContain('Cancelled by Mira')
  })

  it('says a refusal again, to the one who was refused', async () => {
    await chat.says('sam', 'deploy checkout 1.4.2 staging')
    expect(wordsOf(await chat.says('sam', 'but why?'))).toContain('operator')
    expect(await chat.cards('jonas')).toEqual([])
  })

  it('after nothing is a question about which operation', async () => {
    expect(await chat.says('mira', 'why?')).toMatchObject({ title: 'Explain: which operation or incident?' })
  })
})
