import { describe, expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import type { RunContext } from '../../core/skill.ts'
import { completePlan } from '../../operations/plan/preview.ts'
import scale from '../../skills/scale.ts'
import { fakeReadContext, fakeWorld } from './fake-context.ts'

const preview = (replicas: number | string, more: { for?: string } = {}, world = fakeWorld()) =>
  scale.preview({ service: 'checkout', environment: 'staging', replicas, ...more }, fakeReadContext(world))

describe('relative wishes become absolute numbers', () => {
  test.each([
    [6, 6],
    ['+3', 7],
    ['-2', 2],
    ['x2', 8],
    ['x1.5', 6],
  ])('%s from 4 is %s', async (said, to) => {
    const plan = await preview(said)
    expect(plan.changes).toEqual([{ target: 'checkout in staging', field: 'replicas', from: 4, to }])
    expect(plan.input.replicas).toBe(to)
  })
})

test('what is under way there already stands beside the plan, what only waits does not', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const one = (id: string, state: 'waiting' | 'awaiting_approval') => ({
    ...{ id: id as OperationId, state, skill: 'scale', summary: 'Scale checkout in staging from 4 to 6' }, // a test's own id
    ...{ requestedBy: { id: ctx.person.id, name: 'Mira' }, requestedAt: ctx.now() },
  })
  const operations = async () => [one('op-7f3k9m2q', 'waiting'), one('op-7f3k9m2r', 'awaiting_approval')]
  const plan = await scale.preview(
    { service: 'checkout', environment: 'staging', replicas: 8 },
    { ...ctx, desk: { ...ctx.desk, operations } },
  )
  const beside = JSON.stringify(plan.evidence)
  expect(beside).toContain('Under way here: ')
  expect(beside).toContain('op-7f3k9m2q')
  expect(beside).not.toContain('op-7f3k9m2r')
})

test('below zero and above the limit are refused in a sentence that names the limit', async () => {
  await expect(preview('-5')).rejects.toThrow('-5 would be below 0')
  await expect(
    preview(
      'x99',
      {},
      {
        ...fakeWorld(),
        workload: { ...fakeWorld().workload, replicas: { desired: 40, ready: 40, updated: 40, available: 40 } },
      },
    ),
  ).rejects.toThrow('above the limit of 1000')
  expect(scale.input.safeParse({ service: 'a', environment: 'b', replicas: -5 }).success).toBe(false)
  expect(scale.input.safeParse({ service: 'a', environment: 'b', replicas: 1_000_000 }).success).toBe(false)
})

test('nothing left running is destructive, and said', async () => {
  expect(typeof scale.risk === 'function' && scale.risk({ service: 'a', environment: 'b', replicas: 0 })).toBe(
    'destructive',
  )
  expect((await preview(0)).warnings).toContain('0 replicas: checkout in staging will not answer at all.')
})

test('"for 2h" lists the way back as steps of the plan, and the same plan comes out again later', async () => {
  const plan = await preview('+2', { for: '2h' })
  expect(plan.steps).toEqual(['set replicas', 'follow the pods', 'hold for 2 h', 'put the replicas back'])
  const again = await scale.preview(scale.input.parse(plan.input), fakeReadContext(fakeWorld()))
  expect(again).toEqual(plan)
})

test('an autoscaler that owns the replicas is named, with its bounds', async () => {
  const world = fakeWorld()
  world.workload = { ...world.workload, autoscaler: { name: 'checkout-hpa', min: 2, max: 10, desired: 4 } }
  expect((await preview(6, {}, world)).warnings?.[0]).toContain(
    'checkout-hpa owns the replicas (2 to 10, wants 4 now): it will change the number again',
  )
  expect((await preview(20, {}, world)).warnings?.[0]).toContain('pull 20 back into 2 to 10')
  expect((await preview(6, {}, world)).preconditions).toEqual([
    { target: 'checkout in staging', field: 'autoscaler', is: 'checkout-hpa 2-10' },
  ])
})

test.each([
  [6, 'checkout in staging runs 6 replicas. Rolled out in 2 s.'],
  [
    5,
    'checkout in staging was set to 6 replicas and has 5 now: an autoscaler or somebody else changed it since. Rolled out in 2 s.',
  ],
])('a result says how many there are (%s), not how many were asked for', async (desired, says) => {
  const world = fakeWorld()
  const plan = completePlan(scale, await preview(6, {}, world))
  const { cluster } = fakeReadContext(world)
  const now = { ...world.workload, replicas: { ...world.workload.replicas, desired } }
  const followRollout = async () => ({ done: true, tookMs: 2_000, says: 'Rolled out in 2 s.' }) as const
  const readers = { cluster: { ...cluster, followRollout, workload: async () => now } }
  const writers = { cluster: { setReplicas: async () => ({ generation: 8, resourceVersion: '42' }) } }
  const watch = { signal: new AbortController().signal, progress: () => {} }
  const ctx = {
    operation: 'op-7f3k9m2q' as OperationId, // a test's own id
    step: (_: string, { do: write }: { do: (writers: object) => unknown }) => write(writers),
    observe: (_: string, look: (readers: object, watch: object) => unknown) => look(readers, watch),
  } as unknown as RunContext // what a scaling for good asks of it
  expect(await scale.run(plan, ctx)).toEqual({ ok: true, says })
})
