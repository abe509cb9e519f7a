import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { wordsOf } from '../_harness/web-person.ts'

describe.skipIf(!kubectlPath())('one sentence goes the whole way', () => {
  let q: TestProgram
  beforeAll(async () => {
    q = await startTestProgram()
  })
  afterAll(() => q?.close())

  const runs = async (service: string, environment: string) =>
    q.kubectl(
      '-n',
      `shop-${environment}`,
      'get',
      'deploy',
      service,
      '-o',
      'jsonpath={.spec.template.spec.containers[0].image}',
    )

  test('a deploy is planned, approved by another person, rolled out, confirmed by kubectl, and undone', async () => {
    const mira = await q.as('mira')
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    expect(plan.card.title).toBe('Deploy checkout 1.4.2 to staging')
    expect(wordsOf(plan)).toContain('1.4.1')
    expect(await runs('checkout', 'staging')).toBe('registry.sandbox.test/shop/checkout:1.4.1')

    const own = await mira.clicks(plan, 'Approve')
    expect(own.ok).toBe(false)
    expect(own.says).toMatch(/Nobody approves their own request/)

    const jonas = await q.as('jonas', mira.thread)
    expect((await jonas.clicks(plan, 'Approve')).ok).toBe(true)
    const done = await mira.seesTheEnd(plan.operationId)
    expect(done.deliveryId).toBe(plan.deliveryId)
    expect(done.card.tone).toBe('good')
    expect(await runs('checkout', 'staging')).toMatch(/checkout:1\.4\.2@sha256:[0-9a-f]{64}$/)
    expect(await q.kubectl('-n', 'shop-staging', 'rollout', 'status', 'deploy/checkout')).toContain(
      'successfully rolled out',
    )
    expect(await q.kubectl('-n', 'shop-staging', 'get', 'deploy', 'checkout', '-o', 'yaml')).toContain(
      String(plan.operationId),
    )

    expect((await mira.clicks(done, 'Undo')).ok).toBe(true)
    const back = await mira.sees(
      (card) => card.operationId !== null && card.operationId !== plan.operationId,
      'the undo plan',
    )
    expect(wordsOf(back)).toMatch(/Deploy checkout 1\.4\.1 \(sha256:[0-9a-f]{12}…\) to staging/)
    await jonas.clicks(back, 'Approve')
    expect((await mira.seesTheEnd(back.operationId)).card.tone).toBe('good')
    expect(await runs('checkout', 'staging')).toMatch(/checkout:1\.4\.1@sha256:[0-9a-f]{64}$/)
  })

  test('a version that crashes is named with its last log lines, and the old one comes back', async () => {
    const mira = await q.as('mira')
    const jonas = await q.as('jonas', mira.thread)
    const before = await runs('checkout', 'staging')
    const plan = await mira.says('deploy checkout 1.5.0 to staging')
    await jonas.clicks(plan, 'Approve')
    const end = await mira.seesTheEnd(plan.operationId)
    expect(wordsOf(end)).toMatch(/crash/i)
    expect(end.card.blocks.some((block) => block.type === 'quote')).toBe(true)
    expect(wordsOf(end)).toMatch(/back on 1\.4\.1/)
    expect(await runs('checkout', 'staging')).toBe(before)
    expect(await q.kubectl('-n', 'shop-staging', 'rollout', 'status', 'deploy/checkout')).toContain(
      'successfully rolled out',
    )
  })
})
