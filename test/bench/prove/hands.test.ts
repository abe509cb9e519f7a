import { expect, test } from 'vitest'
import type { Chat } from '../../../bench/prove/surfaces/chat.ts'
import { handsInChat } from '../../../bench/prove/upgrade/hands.ts'
import type { Stand } from '../../../bench/prove/upgrade/world.ts'

// All that is read of them.
const STAND = { id: 'op-1', thread: 'thread' } as Stand

/** Presses in a chat that answers each press in turn, and then has no button any more. */
async function press(...answers: (string | undefined)[]): Promise<string> {
  let pressed = 0
  const chat = {
    name: 'slack',
    cardsIn: async () => [{ words: 'Scale cart (op-1)' }],
    press: async () => (pressed < answers.length ? { send: async () => answers[pressed++] } : undefined),
  } as unknown as Chat // no more of it is used
  return handsInChat(chat, new Map([['thread', 'place']]), () => 'http://127.0.0.1:1').press('lena', STAND, 'approve')
}

const COUNTED = 'Counted: 1 of 1.'
const REFUSED = 'The plan has changed since.'

test('a press that counts, and one that does not', async () => {
  expect(await press(COUNTED)).toBe(`yes: ${COUNTED}`)
  expect(await press(REFUSED)).toBe(`no: ${REFUSED}`)
})

test('who was not heard in time presses again, as people do', async () => {
  expect(await press('Slack did not let me ask for more in time. Click again.', COUNTED)).toBe(`yes: ${COUNTED}`)
  expect(await press(undefined, REFUSED)).toBe(`no: ${REFUSED}`)
  expect(await press('This takes longer than Teams waits. The card will say how it went.')).toMatch(
    /^yes: the card has/,
  )
})
