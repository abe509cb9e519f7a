import { expect, it } from 'vitest'
import { type Chat, wordsOf } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

it('says of what is named but not built that it cannot do it yet, and plans nothing', async () => {
  const card = await chat.says('mira', 'promote checkout from staging to production')
  expect(card).toMatchObject({ kind: 'refusal', title: 'I cannot do "promote" yet' })
  expect(wordsOf(card)).toContain('deploy that version by its number')
  expect(await chat.operations()).toEqual([])
})

it('asks nothing about the parts of what it cannot do', async () => {
  expect(await chat.says('mira', 'promote checkout')).toMatchObject({ title: 'I cannot do "promote" yet' })
})
