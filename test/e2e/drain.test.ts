import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChildProgram, childWorld, eventually, type World } from '../_harness/child-program.ts'

let world: World
let program: ChildProgram
beforeAll(async () => {
  world = await childWorld({ config: { drain: '8s' } })
  program = await world.start()
})
afterAll(() => world?.close())

test('a program that is asked to end says so before it closes its doors, and serves whoever still comes', async () => {
  const statusOf = async (path: string) => (await fetch(`${program.address}${path}`)).status
  const mira = await world.as('mira')
  expect(await Promise.all(['/healthz', '/readyz'].map(statusOf))).toEqual([200, 200])
  const ended = program.end()
  await eventually('it says that it is leaving', async () => (await statusOf('/readyz')) === 503)
  const asked = await fetch(`${program.address}/healthz`)
  expect([asked.status, asked.headers.get('connection')]).toEqual([503, 'close'])
  expect((await mira.says('status')).card.title).toBeTruthy()
  const { code, tookMs } = await ended
  expect(code).toBe(0)
  expect(tookMs).toBeGreaterThan(7_000)
})
