import { setImmediate as breathe } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { performInLanes } from '../../../bench/prove/frame/lanes.ts'

const groups = [
  { lanes: 2, tasks: [...'abcde'] },
  { lanes: 1, tasks: [...'xyz'] },
]

test('groups are performed side by side, each in its lanes and in order', async () => {
  const done: string[] = []
  const now = new Set<string>()
  const together = new Set<string>()
  await performInLanes(groups, async (name) => {
    now.add(name)
    together.add([...now].sort().join(''))
    await breathe()
    now.delete(name)
    done.push(name)
  })
  expect(together).toContain('abx')
  for (const names of together) expect(names).toMatch(/^[a-e]{0,2}[x-z]?$/)
  expect(done.filter((name) => name < 'm').join('')).toBe('abcde')
  expect(done.filter((name) => name > 'm').join('')).toBe('xyz')
})

test('one that fails is heard of', async () => {
  const fail = performInLanes(groups, async (name) => {
    if (name === 'y') throw new Error('y does not start')
  })
  await expect(fail).rejects.toThrow('y does not start')
})
