import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { backendUnderTest } from '../_harness/backend.ts'
import { type ChildProgram, childWorld, eventually, type World } from '../_harness/child-program.ts'
import { kubectlPath } from '../_harness/kubectl.ts'
import { wordsOf } from '../_harness/web-person.ts'

const embedded = backendUnderTest() === 'pglite'
if (embedded)
  console.warn(
    'SKIPPED: several processes need a store they can share (npm run test:services, with QUARTERDECK_TEST_POSTGRES).',
  )
/** A dead worker's lease, then the sweeper or the queue's own check for stalled jobs, then the rest of the rollout. */
const PATIENCE_MS = 60_000

describe.skipIf(embedded || !kubectlPath())('a bot and two workers, each a process', { timeout: 200_000 }, () => {
  let world: World
  let bot: ChildProgram
  const workers: ChildProgram[] = []
  beforeAll(async () => {
    world = await childWorld()
    bot = await world.start('bot')
    workers.push(...(await Promise.all([world.start('worker'), world.start('worker')])))
  })
  afterEach(() => world.sandbox?.clock.resume())
  afterAll(() => world?.close())

  const deployment = async () => {
    const json = await world.kubectl('-n', 'shop-staging', 'get', 'deploy', 'checkout', '-o', 'json')
    const { metadata, spec } = JSON.parse(json)
    return {
      generation: Number(metadata.generation),
      image: String(spec.template.spec.containers[0].image),
      writes: String(metadata.annotations['quarterdeck.dev/writes'] ?? '[]'),
    }
  }
  /** A deploy whose rollout stands still because the cluster's clock does; resolves with who works on it. */
  async function inTheMiddle(version: string) {
    const mira = await world.as('mira')
    const jonas = await world.as('jonas', mira.thread)
    const before = await deployment()
    const plan = await mira.says(`deploy checkout ${version} to staging`)
    world.sandbox?.clock.pause()
    expect((await jonas.clicks(plan, 'Approve')).ok).toBe(true)
    await eventually('the image is set', async () => (await deployment()).image.includes(`:${version}`))
    return { mira, plan, before }
  }
  async function endsRight({ mira, plan, before }: Awaited<ReturnType<typeof inTheMiddle>>) {
    const done = await mira.seesTheEnd(plan.operationId, PATIENCE_MS)
    const said = [bot, ...workers].map((one) => one.said()).join('\n')
    expect(done.card.tone, `${wordsOf(done)}\n${said}`).toBe('good')
    expect(done.deliveryId).toBe(plan.deliveryId)
    const now = await deployment()
    expect(now.generation).toBe(before.generation + 1)
    expect((JSON.parse(now.writes) as string[]).filter((mark) => mark.startsWith(`${plan.operationId}/`))).toHaveLength(
      1,
    )
    return wordsOf(await mira.says(`explain ${plan.operationId}`))
  }
  /** A worker's name begins with its role and its process id. */
  const pidOf = (owner: string) => Number(/^worker-(\d+)-/.exec(owner)?.[1])

  test('a worker killed in the middle of a deploy: the other one takes over, and writes nothing twice', async () => {
    const middle = await inTheMiddle('1.4.2')
    const owner = await world.ownerOf(middle.plan.operationId)
    const killed = workers.findIndex(({ pid }) => pid === pidOf(owner))
    expect(killed, owner).toBeGreaterThanOrEqual(0)
    await workers.splice(killed, 1)[0]?.kill()
    world.sandbox?.clock.resume()
    const story = await endsRight(middle)
    expect(story).toMatch(
      new RegExp(`Taken over by worker-${workers[0]?.pid}-\\w+ from ${owner}, which stopped answering`),
    )
  })

  test('a worker told to end hands its deploy back, and the other one goes on at once', async () => {
    workers.push(await world.start('worker'))
    const middle = await inTheMiddle('1.4.1')
    const owner = await world.ownerOf(middle.plan.operationId)
    const leaving = workers.findIndex(({ pid }) => pid === pidOf(owner))
    expect(leaving, owner).toBeGreaterThanOrEqual(0)
    const end = await workers.splice(leaving, 1)[0]?.end()
    expect(end?.code).toBe(0)
    expect(end?.tookMs).toBeLessThan(45_000)
    await eventually(
      'the other worker has it',
      async () => pidOf(await world.ownerOf(middle.plan.operationId)) === workers[0]?.pid,
      15_000,
    )
    world.sandbox?.clock.resume()
    expect(await endsRight(middle)).not.toContain('stopped answering')
  })
})
