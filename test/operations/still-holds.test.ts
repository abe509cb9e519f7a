import { expect, test } from 'vitest'
import { type Plan, planHash } from '../../core/plan.ts'
import { stillHolds } from '../../operations/plan/still-holds.ts'

const plan: Plan = {
  skill: 'deploy',
  skillVersion: 1,
  input: { service: 'catalog', version: '3.1.1', environment: 'staging' },
  risk: 'write',
  targets: [{ service: 'catalog', environment: 'staging' }],
  summary: 'Deploy catalog 3.1.1 to staging',
  changes: [{ target: 'catalog in staging', field: 'version', from: '3.0.9', to: '3.1.1' }],
  preconditions: [{ target: 'catalog in staging', field: 'container', is: 'catalog' }],
  undo: { skill: 'deploy', input: { service: 'catalog', version: '3.0.9', environment: 'staging' }, says: 'Back' },
  steps: ['set the image', 'follow the pods'],
  evidence: [],
  warnings: [],
}
const shown = { plan, planHash: planHash(plan, 'policy-1'), policyVersion: 'policy-1' }
const holds = (change: Partial<Plan>, policy = 'policy-1') => stillHolds(shown, { ...plan, ...change }, policy)

test('a yes counts as long as what was agreed to is the same, however the way back is spelt', () => {
  expect(holds({})).toBe(true)
  // As the release after 60dbd19 spells it: by digest.
  const input = { service: 'catalog', version: '3.0.9@sha256:0f3a', environment: 'staging' }
  expect(holds({ undo: { skill: 'deploy', input, says: 'Back to 3.0.9 (sha256:0f3a…)' } })).toBe(true)
})

test.each<[string, Partial<Plan>, string?]>([
  ['another policy', {}, 'policy-2'],
  ['a newer skill', { skillVersion: 2 }],
  ['another input', { input: { ...plan.input, version: '3.1.2' } }],
  ['another risk', { risk: 'destructive' }],
  ['another state to start from', { changes: [{ ...plan.changes[0], from: '3.1.0' } as Plan['changes'][number]] }],
  ['another precondition', { preconditions: [] }],
  ['other steps', { steps: ['set the image'] }],
  ['no way back any more', { undo: { impossible: 'the image is gone' } }],
  ['another way back', { undo: { skill: 'rollback', input: {}, says: 'Back' } }],
  ['a part', { parts: [plan] }],
])('%s voids it', (_what, change, policy) => {
  expect(holds(change, policy)).toBe(false)
})
