import { expect, test, vi } from 'vitest'
import { createReopening } from '../../../bot/deliver/reopening.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Store } from '../../../db/store.ts'
import { soon } from '../../_harness/soon.ts'

/** A store that is asked one thing at a time, each answered when the test says so. */
function slowStore() {
  const asked: PromiseWithResolvers<void>[] = []
  const execute = vi.fn(() => {
    const answer = Promise.withResolvers<void>()
    asked.push(answer)
    return answer.promise
  })
  // Nothing else of it is used.
  const store = { db: { execute } } as unknown as Store
  const next = () => soon(() => asked.shift() ?? Promise.reject(new Error('nothing was asked')))
  return { store, execute, next }
}
const open = (store: Store) => createReopening({ store, surface: 'slack', clock: () => new Date(), log: silentLogger })

test('the store is not asked at every word, and again where it did not answer', async () => {
  const { store, execute, next } = slowStore()
  const reopening = open(store)
  for (const place of ['C1', 'C1', 'C2', 'C1']) reopening.heard(place)
  ;(await next()).resolve()
  ;(await next()).reject(new Error('the store is away'))
  await soon(() => {
    reopening.heard('C2')
    expect(execute).toHaveBeenCalledTimes(3)
  })
  reopening.heard('C1')
  ;(await next()).resolve()
  await reopening.close()
  expect(execute).toHaveBeenCalledTimes(3)
})

test('the program ends without asking a slow store what it was still to ask', async () => {
  const { store, execute, next } = slowStore()
  const reopening = open(store)
  for (const team of ['T1', 'T2', 'T3']) reopening.letIn(team)
  const first = await next()
  const closed = reopening.close()
  first.resolve()
  await closed
  expect(execute).toHaveBeenCalledTimes(1)
})
