import { describe, expect, test } from 'vitest'
import { complete, completions } from '../../web/src/parts/completion.ts'

const guide = {
  skills: ['deploy', 'delegate', 'status'].map((name) => ({ name, summary: `does ${name}`, usage: '', examples: [] })),
  services: ['checkout', 'cart', 'search'],
  environments: ['staging', 'production'],
}
const offered = (text: string) => completions(text, guide).map(({ value }) => value)

describe('completion', () => {
  test('offers skills for the first word, services and environments after it', () => {
    expect(offered('de')).toEqual(['deploy', 'delegate'])
    expect(offered('deploy c')).toEqual(['checkout', 'cart'])
    expect(offered('deploy checkout 1.4.2 S')).toEqual(['search', 'staging'])
  })

  test('is silent when there is nothing to complete', () => {
    expect(offered('')).toEqual([])
    expect(offered('deploy ')).toEqual([])
    expect(offered('deploy checkout')).toEqual([])
    expect(offered('zzz')).toEqual([])
  })

  test('puts the whole word in place of the begun one, and the caret after it', () => {
    expect(complete('deploy ch', 9, 'checkout')).toEqual({ text: 'deploy checkout ', caret: 16 })
    expect(complete('deploy ch to staging', 9, 'checkout')).toEqual({ text: 'deploy checkout to staging', caret: 16 })
  })
})
