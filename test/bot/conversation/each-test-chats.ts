import { afterEach, beforeEach } from 'vitest'
import { useStore } from '../../_harness/store.ts'
import { Chat } from './chat.ts'

/** A chat of its own for each test of the file, on one store of the backend under test; `give` is handed each. */
export function eachTestChats(give: (chat: Chat) => void): void {
  const store = useStore()
  let chat: Chat
  beforeEach(async () => {
    chat = await new Chat(store()).open()
    give(chat)
  })
  afterEach(() => chat.close())
}
