import { describe, expect, it } from 'vitest'
import {
  limitRate,
  proposeReplicas,
  rulesOf,
  stabilize,
} from '../../../sandbox/controllers/autoscaler/recommendation.ts'
import { conditionOf } from '../../../sandbox/controllers/objects.ts'
import type { HorizontalPodAutoscaler } from '../../../sandbox/store/kinds.ts'
import { createCluster } from './cluster.ts'

const hpa = 'autoscaling/horizontalpodautoscalers'
const pod = (usage: number | undefined, ready = true) => ({ ready, usage, request: 1 })
const withBehavior = (behavior: HorizontalPodAutoscaler['spec']['behavior']) =>
  rulesOf({
    apiVersion: '',
    kind: '',
    metadata: { name: '' },
    spec: { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 9, behavior },
  })

describe('the recommendation', () => {
  it('follows ceil(pods × usage / target) outside of the 10 % tolerance', () => {
    expect(proposeReplicas(4, 50, [pod(0.8), pod(0.8), pod(0.8), pod(0.8)])).toEqual({ replicas: 7, utilization: 80 })
    expect(proposeReplicas(4, 50, [pod(0.54), pod(0.54), pod(0.54), pod(0.54)]).replicas).toBe(4)
    expect(proposeReplicas(4, 50, [pod(0.1), pod(0.1), pod(0.1), pod(0.1)]).replicas).toBe(1)
  })

  it('counts pods that are not ready as idle before it grows, and does nothing without measurements', () => {
    expect(proposeReplicas(4, 50, [pod(0.8), pod(0.8), pod(undefined, false), pod(undefined, false)]).replicas).toBe(4)
    expect(proposeReplicas(4, 50, [pod(undefined), pod(undefined)])).toEqual({ replicas: 4, utilization: undefined })
  })

  it('shrinks only to the most of the last five minutes', () => {
    const past = [
      { timeMs: 0, replicas: 7 },
      { timeMs: 200_000, replicas: 3 },
    ]
    expect(stabilize(8, 2, past, withBehavior(undefined), 299_000)).toBe(7)
    expect(stabilize(8, 2, past, withBehavior(undefined), 301_000)).toBe(3)
  })

  it('at most doubles or adds four in 15 s, and obeys other policies', () => {
    expect(limitRate(3, 20, [], withBehavior(undefined), 0)).toBe(7)
    expect(limitRate(10, 90, [], withBehavior(undefined), 0)).toBe(20)
    const slowly = withBehavior({ scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } })
    expect(limitRate(10, 2, [], slowly, 100_000)).toBe(9)
    expect(limitRate(9, 2, [{ timeMs: 80_000, replicas: -1 }], slowly, 100_000)).toBe(9)
    expect(limitRate(9, 2, [], withBehavior({ scaleDown: { selectPolicy: 'Disabled' } }), 0)).toBe(9)
  })
})

describe('an autoscaler in the shop', () => {
  it('grows the deployment under a spike up to its maximum and shrinks it afterwards', () => {
    const cluster = createCluster({ shop: true, startAtMs: Date.UTC(2026, 2, 3, 12, 0) })
    const web = () => cluster.store.get('apps/deployments', 'shop-production', 'web')?.spec.replicas ?? 0
    const status = () => cluster.store.get(hpa, 'shop-production', 'web')?.status
    cluster.advance(120)
    const before = web()
    cluster.world.control.setSpike('shop-production', 6, 5)
    cluster.advance(240)
    expect(web()).toBe(12)
    expect(conditionOf(status()?.conditions, 'ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
    })
    const rescaled = cluster.store
      .list('events', { namespace: 'shop-production' })
      .filter((event) => event.reason === 'SuccessfulRescale')
    expect(rescaled.map((event) => event.message)).toContainEqual(
      expect.stringMatching(/^New size: \d+; reason: cpu resource utilization \(percentage of request\) above target$/),
    )
    cluster.advance(1000)
    expect(web()).toBeLessThanOrEqual(before)
    expect(web()).toBeGreaterThanOrEqual(4)
  })
})
