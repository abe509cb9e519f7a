import { expect, test } from 'vitest'
import type { OperationId } from '../../core/ids.ts'
import history from '../../skills/history.ts'
import { fakeReadContext, fakeWorld } from './fake-context.ts'

const day = (date: string, done: number, failed = 0) => ({ day: date, done, failed })
const chartOf = async (changesByDay: ReturnType<typeof day>[]) => {
  const card = await history.run({}, fakeReadContext({ ...fakeWorld(), changesByDay }))
  return card.blocks.find(({ type }) => type === 'chart')
}

test('says where it looked, with a service, with an environment, with both and with neither', async () => {
  const titles = []
  for (const input of [
    { service: 'checkout' },
    { environment: 'staging' },
    { service: 'checkout', environment: 'staging' },
    {},
  ])
    titles.push((await history.run(input, fakeReadContext(fakeWorld()))).title)
  expect(titles).toEqual(['History of checkout', 'History in staging', 'History of checkout in staging', 'History'])
})

test('changes of several days are drawn, those of one day are not', async () => {
  expect(await chartOf([day('2026-11-20', 0), day('2026-11-21', 4, 1)])).toBeUndefined()
  expect(await chartOf([day('2026-11-19', 2, 1), day('2026-11-20', 0), day('2026-11-21', 4)])).toEqual({
    type: 'chart',
    title: 'Changes a day',
    shape: 'bar',
    points: ['19 Nov', '20 Nov', '21 Nov'],
    series: [
      { name: 'done', values: [2, 0, 4] },
      { name: 'failed', values: [1, 0, 0] },
    ],
  })
})

test('a dry run is called one, and not a change that somebody cancelled', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const operations = async () => [
    {
      ...{ id: 'op-7f3k9m2q' as OperationId, state: 'cancelled' as const, skill: 'deploy' }, // a test's own id
      ...{ summary: 'Deploy checkout', dryRun: true as const, requestedAt: ctx.now() },
      requestedBy: { id: ctx.person.id, name: 'Mira' },
    },
  ]
  const card = JSON.stringify(await history.run({}, { ...ctx, desk: { ...ctx.desk, operations } }))
  expect(card).toContain('dry run')
  expect(card).not.toContain('cancelled')
})
