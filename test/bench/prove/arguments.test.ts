import { expect, test } from 'vitest'
import { readArguments, WrongArguments } from '../../../bench/prove/frame/arguments.ts'
import { randomFrom } from '../../../bench/prove/frame/random.ts'

const NAMES = ['audit', 'crash']
const read = (words: string) => readArguments(words.split(' ').filter(Boolean), NAMES)

test('npm run prove reads what is typed', () => {
  expect(read('audit')).toEqual({
    name: 'audit',
    seed: 1,
    runs: undefined,
    backend: undefined,
    surface: undefined,
    sabotage: undefined,
    short: false,
  })
  expect(read('crash --seed 7 --runs 20 --backend redis --sabotage ledger-off --short')).toEqual({
    name: 'crash',
    seed: 7,
    runs: 20,
    backend: 'redis',
    sabotage: 'ledger-off',
    short: true,
  })
  expect(read('crash --surface teams')).toMatchObject({ name: 'crash', surface: 'teams' })
  expect(read('all --short')).toMatchObject({ name: 'all', short: true })
  expect(read('all --short --part 2/4')).toMatchObject({ name: 'all', part: { at: 2, of: 4 } })
  expect(read('--list')).toBe('list')
})

test.each([
  ['', /Say which promise to prove.*NAME is all, audit, crash/],
  ['audit crash', /one name/],
  ['fuzz', /no prover named "fuzz"/],
  ['audit --backend mysql', /--backend is one of pglite, postgres, redis, not "mysql"/],
  ['crash --surface web', /--surface is one of slack, teams, not "web"/],
  ['all --surface slack', /--surface belongs to one prover/],
  ['audit --runs 0', /--runs takes a whole number from 1 to \d+, not "0"/],
  ['audit --seed 1.5', /--seed takes a whole number from 0/],
  ['audit --seed', /npm run prove -- NAME/],
  ['audit --hurry', /--hurry.*npm run prove -- NAME/],
  ['all --part 5/4', /--part 5\/4 is no part/],
  ['audit --part 1/4', /--part divides "all"/],
  ['all --runs 5', /--runs belongs to one prover/],
  ['all --sabotage sealer-off', /--sabotage belongs to one prover/],
])('"%s" is refused in a sentence', (words, says) => {
  expect(() => read(words)).toThrow(WrongArguments)
  expect(() => read(words)).toThrow(says)
})

test('a seed gives the same run again, another seed another', () => {
  const run = (seed: number) => {
    const random = randomFrom(seed)
    return Array.from({ length: 1_000 }, () => random.below(10))
  }
  expect(run(3)).toEqual(run(3))
  expect(run(3)).not.toEqual(run(4))
  expect(new Set(run(3)).size).toBe(10)
  expect(() => randomFrom(1).pick([])).toThrow(/nothing to pick/)
})
