import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { groupCommit } from '../../db/group-commit.ts'

/** A store that shows what was written together, and answers each group when it is told to. */
function slowStore(answer: (group: readonly string[]) => string[]) {
  const groups: string[][] = []
  const ends: (() => void)[] = []
  const write = groupCommit(async (group: readonly string[]) => {
    groups.push([...group])
    await new Promise<void>((resolve) => ends.push(resolve))
    return answer(group)
  })
  // A group begins when the turn ends in which it was asked for.
  const turn = async () => {
    for (let more = 0; more < 2; more++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    groups,
    write,
    /** Ends the group that is under way, and lets the next one begin. */
    async end() {
      ends.shift()?.()
      await turn()
    },
    turn,
  }
}

test('what is asked while a write is under way goes together with the next, and each gets its own answer', async () => {
  const store = slowStore((group) => group.map((item) => `${item} written`))
  const first = store.write('a')
  await store.turn()
  const others = ['b', 'c', 'd'].map(store.write)
  await store.end()
  await store.end()
  expect(store.groups).toEqual([['a'], ['b', 'c', 'd']])
  expect(await Promise.all([first, ...others])).toEqual(['a written', 'b written', 'c written', 'd written'])
})

test('a group that is refused is written one by one, so that a bad item fails alone', async () => {
  const groups: (readonly string[])[] = []
  const write = groupCommit(async (group: readonly string[]) => {
    groups.push(group)
    if (group.includes('bad')) throw new Error('value out of range')
    return group.map((item) => `${item} written`)
  })
  const results = await Promise.allSettled(['a', 'bad', 'b'].map(write))
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(groups).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']])
})

test('a store that is away refuses a whole group at once, and is asked again by whoever comes next', async () => {
  let asked = 0
  let down = true
  const write = groupCommit(async (group: readonly string[]) => {
    asked += 1
    if (down) throw new UpstreamError('The database does not answer.', { service: 'database', retryable: true })
    return group
  })
  const results = await Promise.allSettled(['a', 'b', 'c'].map(write))
  expect(results.every((result) => result.status === 'rejected')).toBe(true)
  expect(asked).toBe(1)
  down = false
  expect(await write('d')).toBe('d')
})
