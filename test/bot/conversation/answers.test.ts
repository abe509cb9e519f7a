import { describe, expect, it } from 'vitest'
import type { Chat } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

describe('an answer to a question about a command', () => {
  it('runs at once when it is typed exactly', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2')
    await chat.says('mira', 'staging')
    expect(await chat.operations()).toMatchObject([{ readBy: 'command', state: 'approved', environment: 'staging' }])
  })

  it('waits for a click on its plan when it is said in other words', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2')
    await chat.says('mira', 'hmm i mean let it be staging then')
    expect(await chat.operations()).toMatchObject([{ readBy: 'local', state: 'planned', environment: 'staging' }])
  })

  it('is refused privately, though the question stands there for everybody', async () => {
    await chat.says('mira', 'deploy checkout 9.9.9')
    await chat.clicks('mira', 'staging')
    const seen = async (who: string) => (await chat.cards(who)).map(({ card }) => card.kind)
    expect(await seen('mira')).toEqual(['question', 'refusal'])
    expect(await seen('jonas')).toEqual(['question'])
  })
})
