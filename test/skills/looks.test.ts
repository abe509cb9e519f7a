import { expect, test } from 'vitest'
import logs from '../../skills/logs.ts'
import status from '../../skills/status.ts'
import { fakeReadContext, fakeWorld } from './fake-context.ts'

const texts = (card: object) => JSON.stringify(card)

test('an environment in which nothing runs is not called well', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const empty = { ...ctx, cluster: { ...ctx.cluster, workloads: async () => [] } }
  const one = await status.run({ environment: 'staging' }, empty)
  expect(one).toMatchObject({ title: 'staging: nothing runs there', tone: 'warn' })
  expect(texts(one)).toMatch(/no deployment in the namespace \S+ of the cluster .+ environments\.staging/)
  const all = texts(await status.run({}, empty))
  expect(all).toContain('nothing runs there')
  expect(all).not.toContain('well')
})

test('a service that is not well somewhere says where before its table does', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const sick = { kind: 'crash-loop', pod: 'checkout-1-a', says: 'checkout-1-a crashes again and again' }
  const workload: typeof ctx.cluster.workload = async (ref) => {
    const one = await ctx.cluster.workload(ref)
    return ref.environment === 'staging'
      ? { ...one, problems: [...one.problems, sick as (typeof one.problems)[0]] }
      : one
  }
  const card = await status.run({ service: 'checkout' }, { ...ctx, cluster: { ...ctx.cluster, workload } })
  expect(card).toMatchObject({ tone: 'warn', title: 'checkout needs a look in staging' })
})

test('a log that was not read whole is never said to lack a line', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const answering = (truncated: boolean) => ({
    ...ctx,
    cluster: { ...ctx.cluster, logs: async () => ({ lines: [], truncated }) },
  })
  const ask = { service: 'checkout', environment: 'staging', contains: 'timeout' }
  expect(texts(await logs.run(ask, answering(false)))).toContain('No line with \\"timeout\\" in the last 15 min.')
  const part = texts(await logs.run(ask, answering(true)))
  expect(part).not.toContain('in the last 15 min."')
  expect(part).toContain('No line with \\"timeout\\" in what was read')
})

test('lines that are shown of a log that was not read whole are not counted as if they were all', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const lines = [{ at: '2026-06-01T11:59:00.000000000Z', pod: 'checkout-1-a', text: 'timeout of payments' }]
  const cluster = { ...ctx.cluster, logs: async () => ({ lines, truncated: true }) }
  const ask = { service: 'checkout', environment: 'staging', contains: 'timeout' }
  const card = texts(await logs.run(ask, { ...ctx, cluster }))
  expect(card).not.toContain('2000')
  expect(card).toContain('Not everything was read')
})
