import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendUnderTest } from '../_harness/backend.ts'
import { type ChildProgram, childWorld, eventually, type World } from '../_harness/child-program.ts'
import { kubectlPath } from '../_harness/kubectl.ts'
import { type SeenCard, type WebPerson, wordsOf } from '../_harness/web-person.ts'

/** Where processes share the store, a killed one's work is free only when its lease has ended. */
const PATIENCE_MS = backendUnderTest() === 'pglite' ? 30_000 : 60_000

async function deployment(world: World, service: string, environment: string) {
  const text = await world.kubectl('-n', `shop-${environment}`, 'get', 'deploy', service, '-o', 'json')
  const { metadata, spec } = JSON.parse(text)
  return {
    generation: Number(metadata.generation),
    revision: Number(metadata.annotations['deployment.kubernetes.io/revision']),
    writes: String(metadata.annotations['quarterdeck.dev/writes'] ?? '[]'),
    image: String(spec.template.spec.containers[0].image),
    replicas: Number(spec.replicas),
  }
}

/** How often a step of an operation reached the cluster, by the marks that its writes leave there. */
const timesWritten = (writes: string, operation: string | null) =>
  (JSON.parse(writes) as string[]).filter((mark) => mark.startsWith(`${operation}/`)).length

/** The story that `explain` tells: each step once, and done. */
async function stepsOf(person: WebPerson, operation: string | null): Promise<string[]> {
  const story = await person.says(`explain ${operation}`)
  const steps = story.card.blocks.flatMap((block) => (block.type === 'steps' ? block.steps : []))
  return steps.map(({ name, state }) => `${name}: ${state}`)
}

const cardsOf = async (person: WebPerson, operation: string | null) =>
  (await person.cards()).filter((card) => card.operationId === operation)

describe.skipIf(!kubectlPath())('the program killed with kill -9', { timeout: 200_000 }, () => {
  let world: World
  let program: ChildProgram
  beforeAll(async () => {
    world = await childWorld()
    program = await world.start()
  })
  afterAll(() => world?.close())

  const again = async () => {
    await program.kill()
    program = await world.start()
  }
  /** The end, and that it is the one card there ever was, and that the cluster was written to once. */
  async function endsRight(mira: WebPerson, plan: SeenCard, before: { generation: number; revision: number }) {
    const done = await mira.seesTheEnd(plan.operationId, PATIENCE_MS)
    expect(done.card.tone, `${wordsOf(done)}\n${program.said()}`).toBe('good')
    expect(done.deliveryId).toBe(plan.deliveryId)
    expect(await cardsOf(mira, plan.operationId)).toHaveLength(1)
    const now = await deployment(world, 'checkout', 'staging')
    expect(timesWritten(now.writes, plan.operationId)).toBe(1)
    expect({ generation: now.generation, revision: now.revision }).toEqual({
      generation: before.generation + 1,
      revision: before.revision + 1,
    })
    const steps = await stepsOf(mira, plan.operationId)
    expect(steps.slice(0, 2)).toEqual(['set image: done', 'follow the rollout: done'])
    expect(new Set(steps).size).toBe(steps.length)
    expect(await world.kubectl('-n', 'shop-staging', 'rollout', 'status', 'deploy/checkout')).toContain(
      'successfully rolled out',
    )
  }

  test('while a plan waits for approval: it still waits, and can be approved', async () => {
    const mira = await world.as('mira')
    const jonas = await world.as('jonas', mira.thread)
    const before = await deployment(world, 'checkout', 'staging')
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    await again()
    const [kept] = await cardsOf(jonas, plan.operationId)
    expect(kept?.card.title).toBe('Deploy checkout 1.4.2 to staging')
    expect((await jonas.clicks(plan, 'Approve')).ok).toBe(true)
    await endsRight(mira, plan, before)
  })

  test('while it follows a rollout: it goes on following, and ends right', async () => {
    const mira = await world.as('mira')
    const jonas = await world.as('jonas', mira.thread)
    const before = await deployment(world, 'checkout', 'staging')
    const plan = await mira.says('deploy checkout 1.4.1 to staging')
    world.sandbox?.clock.pause()
    await jonas.clicks(plan, 'Approve')
    await eventually('the image is set', async () =>
      (await deployment(world, 'checkout', 'staging')).image.includes(':1.4.1'),
    )
    await again()
    expect((await cardsOf(mira, plan.operationId))[0]?.final).toBe(false)
    world.sandbox?.clock.resume()
    await endsRight(mira, plan, before)
  })

  test('while its write is on the way to the cluster: the write is done, once', async () => {
    const mira = await world.as('mira')
    const jonas = await world.as('jonas', mira.thread)
    const before = await deployment(world, 'checkout', 'staging')
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    const fault = world.sandbox?.faults.add({ verb: 'patch', resource: 'apps/deployments', blackhole: true }) ?? ''
    await jonas.clicks(plan, 'Approve')
    await mira.seesOperation(plan.operationId, (card) => wordsOf(card).includes('doing'), 'a step that is being done')
    await program.kill()
    expect((await deployment(world, 'checkout', 'staging')).generation).toBe(before.generation)
    world.sandbox?.faults.remove(fault)
    program = await world.start()
    await endsRight(mira, plan, before)
  })

  test('at odd moments after the click, again and again: the rollout ends, written once', async () => {
    const mira = await world.as('mira')
    const jonas = await world.as('jonas', mira.thread)
    const before = await deployment(world, 'checkout', 'staging')
    const plan = await mira.says('deploy checkout 1.4.1 to staging')
    const clicked = jonas.clicks(plan, 'Approve', { key: 'the-click' }).catch(() => undefined)
    // The click may be cut off in any of its commits, its answer lost: the same click again counts once.
    await new Promise((resolve) => setImmediate(resolve))
    await again()
    await clicked
    await jonas.clicks(plan, 'Approve', { key: 'the-click' })
    await again()
    await endsRight(mira, plan, before)
  })

  test('right after the acknowledgement: what the page says again with the same key is one request', async () => {
    for (const round of [1, 2]) {
      const mira = await world.as('mira')
      const message = { text: `deploy cart 2.${round}.0 to staging`, key: `killed-after-ack-${round}` }
      const acked = await mira.request(`threads/${mira.thread}/messages`, message)
      expect(acked.status).toBe(202)
      await again()
      // The page keeps what it said until its card is there, and says it again to the next process.
      await mira.request(`threads/${mira.thread}/messages`, message)
      await mira.sees(() => true, 'the one answer', PATIENCE_MS)
      await mira.says('whoami')
      expect(await mira.cards()).toHaveLength(2)
    }
  })

  test('during a scale for a while: the replicas are put back, once', async () => {
    const mira = await world.as('mira')
    const before = await deployment(world, 'search', 'staging')
    const plan = await mira.says(`scale search to ${before.replicas + 1} in staging for 8s`)
    const holds = ({ card }: SeenCard) =>
      card.blocks.some(
        (block) =>
          block.type === 'steps' && block.steps.some(({ name, state }) => name === 'hold for 8 s' && state === 'doing'),
      )
    await mira.sees((card) => card.operationId === plan.operationId && holds(card), 'the wait')
    expect((await deployment(world, 'search', 'staging')).replicas).toBe(before.replicas + 1)
    await again()
    const done = await mira.seesTheEnd(plan.operationId, PATIENCE_MS)
    expect(done.card.tone, wordsOf(done)).toBe('good')
    expect(done.deliveryId).toBe(plan.deliveryId)
    const now = await deployment(world, 'search', 'staging')
    expect(now).toMatchObject({ replicas: before.replicas, generation: before.generation + 2 })
    expect(timesWritten(now.writes, plan.operationId)).toBe(2)
  })
})

/** The processes that one started, from Linux's /proc. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
const lives = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe.skipIf(!kubectlPath() || process.platform !== 'linux')('npm start killed with kill -9', () => {
  test('takes its sandbox along, and the next start goes on with both', { timeout: 200_000 }, async () => {
    const world = await childWorld({ own: true, speed: 3 })
    try {
      const program = await world.start()
      const children = childrenOf(program.pid)
      expect(children).toHaveLength(1)
      const mira = await world.as('mira')
      const jonas = await world.as('jonas', mira.thread)
      const before = await deployment(world, 'checkout', 'staging')
      const plan = await mira.says('deploy checkout 1.4.2 to staging')
      await jonas.clicks(plan, 'Approve')
      await eventually('the image is set', async () =>
        (await deployment(world, 'checkout', 'staging')).image.includes(':1.4.2'),
      )
      await program.kill()
      await eventually('the sandbox has ended', async () => !children.some(lives))
      const next = await world.start()
      const done = await mira.seesTheEnd(plan.operationId, PATIENCE_MS)
      expect(done.card.tone, `${wordsOf(done)}\n${next.said()}`).toBe('good')
      expect(done.deliveryId).toBe(plan.deliveryId)
      const now = await deployment(world, 'checkout', 'staging')
      expect(now).toMatchObject({ generation: before.generation + 1, revision: before.revision + 1 })
      expect(timesWritten(now.writes, plan.operationId)).toBe(1)
      const last = childrenOf(next.pid)
      expect((await next.end()).code).toBe(0)
      expect(last.some(lives)).toBe(false)
    } finally {
      await world.close()
    }
  })
})
