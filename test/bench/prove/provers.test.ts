import { describe, expect, test } from 'vitest'
import { backendOf, loadProver, proverNames } from '../../../bench/prove/frame/house.ts'
import { sabotaged } from '../../../bench/prove/sabotage.ts'

const provers = await Promise.all(proverNames().map(loadProver))

describe.each(provers)('the prover $name', (prover) => {
  const { backends, runs, overChat, sabotages } = prover

  test('says where it runs and how often', () => {
    expect(backends.length).toBeGreaterThan(0)
    expect(runs.short).toBeGreaterThan(0)
    expect(runs.long).toBeGreaterThanOrEqual(runs.short)
    if (overChat) expect(overChat.short).toBeGreaterThan(0)
    else expect(sabotages.filter(({ surface }) => surface)).toEqual([])
  })

  test('looks for each fault on a backend it supports, without services unless it says otherwise', () => {
    for (const sabotage of sabotages) expect(backends).toContain(backendOf(prover, sabotage))
    expect(backendOf(prover)).toBe(backends.includes('pglite') ? 'pglite' : backends[0])
  })

  test('has faults to catch, each with one place in the code as it is now', () => {
    expect(sabotages.length).toBeGreaterThan(0)
    expect(new Set(sabotages.map(({ name }) => name)).size).toBe(sabotages.length)
    for (const sabotage of sabotages) expect(() => sabotaged(sabotage)).not.toThrow()
  })
})
