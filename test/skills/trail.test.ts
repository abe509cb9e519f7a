import { expect, test } from 'vitest'
import { newRequestId } from '../../core/ids.ts'
import type { RequestTrail } from '../../core/ports/trail.ts'
import { trailBlock } from '../../skills/_shared/trail.ts'

const trail = (card: Partial<RequestTrail['cards'][number]>): RequestTrail => ({
  ...{
    id: newRequestId(),
    surface: 'slack',
    said: 'help',
    by: undefined,
    receivedAt: new Date(),
    answeredAt: new Date(),
  },
  ...{ outcome: 'answered', read: undefined, operation: undefined, claims: 0, worker: undefined },
  cards: [
    {
      ...{ surface: 'slack', isPrivate: false, sends: 0, failures: 10, lastSentAt: undefined, isDue: true },
      ...{ isGivenUp: false, lastError: 'channel_not_found' },
      ...card,
    },
  ],
})
const lastLine = (of: RequestTrail) => {
  const block = trailBlock(of)
  return block.type === 'steps' ? block.steps.at(-1) : undefined
}

test('the way of a request says of a card that it waits, or that nobody tries to show it any more', () => {
  const begins = 'Card on slack not sent yet, refused 10 times; its newest state'
  expect(lastLine(trail({}))).toEqual({ name: `${begins} waits: channel_not_found`, state: 'failed' })
  expect(lastLine(trail({ isGivenUp: true }))?.name).toBe(`${begins} was given up: channel_not_found`)
  expect(lastLine(trail({ lastError: undefined, failures: 0 }))?.name).toMatch(/newest state is on its way$/)
})
