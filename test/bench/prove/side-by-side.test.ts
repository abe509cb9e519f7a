import { setImmediate as breathe } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { idleSinceAsked, performSideBySide } from '../../../bench/prove/frame/side-by-side.ts'

/** Tasks that take as many turns as they are told, and who was beside whom. */
function play(turns: (task: string) => number) {
  const [now, begun] = [new Set<string>(), [] as string[]]
  const together: string[] = []
  const perform = async (task: string) => {
    now.add(task)
    begun.push(task)
    together.push([...now].sort().join(''))
    for (let turn = 0; turn < turns(task); turn++) await breathe()
    now.delete(task)
  }
  return { perform, begun, together }
}

const room = { least: 2, most: 4, lookMs: 1, isIdle: () => false, fits: () => true }
const most = (together: readonly string[]) => Math.max(...together.map(({ length }) => length))

test('a busy machine does the least at once, in the order given, and all of it', async () => {
  const { perform, begun, together } = play((task) => (task === 'a' ? 30 : 3))
  await performSideBySide([...'abcdef'], perform, room)
  expect(begun.join('')).toBe('abcdef')
  expect(most(together)).toBe(2)
  // The long one holds up nobody.
  expect(together).toContain('af')
})

test('an idle one does more, one more at each look, and no more than the most', async () => {
  const looks: number[] = []
  const { perform, begun, together } = play(() => 200)
  const isIdle = () => looks.push(begun.length) > 0
  await performSideBySide([...'abcdef'], perform, { ...room, isIdle })
  expect(looks.slice(0, 2)).toEqual([2, 3])
  expect(most(together)).toBe(4)
  expect(begun.join('')).toBe('abcdef')
})

test('what does not fit beside the others lets those pass that do', async () => {
  const { perform, begun, together } = play(() => 5)
  const fits = (task: string, beside: readonly string[]) => task > 'm' || beside.every((other) => other > 'm')
  await performSideBySide([...'abcxyz'], perform, { ...room, fits })
  expect(begun[1]).toBe('x')
  expect(new Set(begun)).toEqual(new Set('abcxyz'))
  for (const names of together) expect(names).toMatch(/^[abc]?[xyz]*$/)
})

test('one that fits beside nobody is done alone', async () => {
  const { perform, together } = play(() => 3)
  await performSideBySide([...'ab'], perform, { ...room, fits: () => false })
  expect(together).toEqual(['a', 'b'])
})

test('one that fails is heard of', async () => {
  const fail = performSideBySide([...'xyz'], () => Promise.reject(new Error('y does not start')), room)
  await expect(fail).rejects.toThrow('y does not start')
})

test('cores are idle when they had nothing to do since they were looked at, and a moment says nothing', () => {
  const machine = { now: 0, idled: 0 }
  const isIdle = idleSinceAsked({ nowMs: () => machine.now, idledMs: () => machine.idled })
  const pass = (ms: number, idled: number) => {
    machine.now += ms
    machine.idled += idled
    return isIdle()
  }
  expect(pass(10, 20)).toBe(false)
  expect(pass(990, 980)).toBe(true)
  expect(pass(1_000, 100)).toBe(false)
  expect(pass(1_000, 300)).toBe(true)
})
