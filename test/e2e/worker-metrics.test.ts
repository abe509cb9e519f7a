import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendUnderTest } from '../_harness/backend.ts'
import { type ChildProgram, childWorld, eventually, type World } from '../_harness/child-program.ts'

const embedded = backendUnderTest() === 'pglite'

describe.skipIf(embedded)('a worker, which has no page', () => {
  let world: World
  let worker: ChildProgram
  beforeAll(async () => {
    world = await childWorld({ config: { metrics: { host: '127.0.0.1', port: 0 } } })
    worker = await world.start('worker')
  })
  afterAll(() => world?.close())

  test('is asked for metrics and health at an address of its own, and for nothing else', async () => {
    const at = () => /^Metrics and health are at (\S+)$/m.exec(worker.said())?.[1]
    await eventually('it says where', async () => at() !== undefined)
    await eventually('it is ready', async () => (await fetch(`${at()}/readyz`)).ok)
    const answers = await Promise.all(
      ['metrics', 'healthz', 'readyz', 'api/threads', ''].map((path) => fetch(`${at()}/${path}`)),
    )
    expect(
      answers.map(({ status }) => status),
      await answers[2]?.clone().text(),
    ).toEqual([200, 200, 200, 404, 404])
    const text = (await answers[0]?.text()) ?? ''
    expect(text).toMatch(/^quarterdeck_build_info\{version="[\d.]+",role="worker",store="postgres",queue="\w+"\} 1$/m)
    expect(text).toMatch(/^quarterdeck_store_up 1$/m)
  })
})
