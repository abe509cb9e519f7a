import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { silentLogger } from '../../../core/ports/logger.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { Chat, wordsOf } from './chat.ts'

let store: Store
let chat: Chat
beforeAll(async () => {
  store = await openStore({ backend: 'pglite' }, silentLogger)
})
afterAll(() => store.close())
beforeEach(async () => {
  chat = await new Chat(store).open()
})
afterEach(() => chat.close())

it('says of what is named but not built that it cannot do it yet, and plans nothing', async () => {
  const card = await chat.says('mira', 'promote checkout from staging to production')
  expect(card).toMatchObject({ kind: 'refusal', title: 'I cannot promote yet' })
  expect(wordsOf(card)).toContain('deploy that version by its number')
  expect(await chat.operations()).toEqual([])
})

it('asks nothing about the parts of what it cannot do', async () => {
  expect(await chat.says('mira', 'promote checkout')).toMatchObject({ title: 'I cannot promote yet' })
})
