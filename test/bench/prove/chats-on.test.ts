import { expect, test } from 'vitest'
import { chatsOn } from '../../../bench/prove/frame/chats-on.ts'
import { BACKENDS } from '../../../bench/prove/prover.ts'

const prover = { name: 'crash', backends: BACKENDS }
const pairs = (seed: number, short = true) =>
  chatsOn(prover, { short, seed }).map(({ surface, backend }) => `${surface} on ${backend}`)

test('the short form asks once over each chat, not on the same backend, and on another one with the next seed', () => {
  const [slack, teams, ...more] = pairs(1)
  expect(more).toEqual([])
  expect(slack).toMatch(/^slack/)
  expect(teams).toMatch(/^teams/)
  expect(slack?.split(' on ')[1]).not.toBe(teams?.split(' on ')[1])
  const all = [1, 2, 3].flatMap((seed) => pairs(seed))
  expect(new Set(all).size).toBe(6)
})

test('the long form asks over each chat on every backend', () => {
  expect(new Set(pairs(1, false)).size).toBe(6)
})
