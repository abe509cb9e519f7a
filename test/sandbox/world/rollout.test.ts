import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rolloutBounds } from '../../../sandbox/controllers/deployment/arithmetic.ts'
import { isActive, isAvailable } from '../../../sandbox/controllers/objects.ts'
import type { Pod } from '../../../sandbox/store/kinds.ts'
import { createCluster, deploymentNamed, isComplete, namespace, progressing } from './cluster.ts'

const amount = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
)

describe('a rolling update', () => {
  it('never has more pods than replicas + surge nor fewer available than replicas − maxUnavailable', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        amount,
        amount,
        fc.constantFrom('1.4.2', '1.5.0', '1.5.1', '1.5.4', '1.6.0'),
        fc.integer({ min: 0, max: 3 }),
        (replicas, maxSurge, maxUnavailable, version, minReadySeconds) => {
          // The API refuses both as zero, unless a percentage only rounds down to it.
          fc.pre(!(Number.parseInt(String(maxSurge), 10) === 0 && Number.parseInt(String(maxUnavailable), 10) === 0))
          const cluster = createCluster()
          const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge, maxUnavailable } }
          const wanted = deploymentNamed('checkout', '1.4.1', { replicas, strategy, minReadySeconds })
          cluster.store.create('apps/deployments', wanted)
          cluster.until('first rollout', () => isComplete(cluster.deployment('checkout')))
          const bounds = rolloutBounds(cluster.deployment('checkout'))
          const check = () => {
            const pods = cluster.pods('checkout').filter(isActive)
            const available = pods.filter((pod) => isAvailable(pod, minReadySeconds, cluster.clock.now()))
            expect(pods.length).toBeLessThanOrEqual(replicas + bounds.maxSurge)
            expect(available.length).toBeGreaterThanOrEqual(replicas - bounds.maxUnavailable)
          }
          cluster.store.onChange(({ resource }) => {
            if (resource === 'pods') check()
          })
          cluster.setImage('checkout', version)
          cluster.advance(150)
          // The slow starter takes 90 s for each pod, so it may or may not be through.
          if (version !== '1.5.1') expect(isComplete(cluster.deployment('checkout'))).toBe(version === '1.4.2')
          // Back again, from whatever the bad version left.
          cluster.setImage('checkout', '1.4.1')
          cluster.until('rollback', () => isComplete(cluster.deployment('checkout')), 200)
          cluster.world.stop()
        },
      ),
      { numRuns: 25, seed: 20260302 },
    )
  })

  it('counts revisions, keeps the change cause and finds the old set again on rollback', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.0'))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    cluster.setImage('cart', '1.8.1')
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    const sets = cluster.store.list('apps/replicasets', { namespace })
    const revision = 'deployment.kubernetes.io/revision'
    expect(sets.map((set) => set.metadata.annotations?.[revision]).sort()).toEqual(['1', '2'])
    cluster.setImage('cart', '1.8.0')
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    const after = cluster.store.list('apps/replicasets', { namespace })
    expect(after).toHaveLength(2)
    const back = after.find((set) => (set.spec.replicas ?? 0) > 0)
    expect(back?.metadata.annotations?.[revision]).toBe('3')
    expect(back?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1')
    expect(cluster.deployment('cart').metadata.annotations?.[revision]).toBe('3')
    expect(cluster.events('ScalingReplicaSet').length).toBeGreaterThan(3)
  })

  it('stops at the progress deadline and says so', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { progressDeadlineSeconds: 60 }))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    const begun = cluster.clock.now()
    cluster.setImage('cart', '1.9.4')
    cluster.until('deadline', () => progressing(cluster.deployment('cart'))?.reason === 'ProgressDeadlineExceeded', 120)
    expect(progressing(cluster.deployment('cart'))).toMatchObject({
      status: 'False',
      message: expect.stringContaining('has timed out progressing.'),
    })
    const tookSeconds = (cluster.clock.now() - begun) / 1000
    expect(tookSeconds).toBeGreaterThan(60)
    expect(tookSeconds).toBeLessThan(75)
    expect(cluster.deployment('cart').status?.availableReplicas).toBe(3)
  })

  it('does nothing while paused and goes on afterwards', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { paused: true }))
    cluster.advance(30)
    expect(cluster.pods()).toHaveLength(0)
    expect(progressing(cluster.deployment('cart'))?.reason).toBe('DeploymentPaused')
    cluster.store.modify('apps/deployments', namespace, 'cart', (draft) => {
      draft.spec.paused = false
    })
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
  })

  it('scales both sets in proportion in the middle of a stuck rollout', () => {
    const cluster = createCluster()
    const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } }
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { replicas: 10, strategy }))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    cluster.setImage('cart', '1.10.0')
    cluster.advance(60)
    const sizes = () =>
      cluster.store
        .list('apps/replicasets', { namespace })
        .map((set) => set.spec.replicas ?? 0)
        .sort((a, b) => b - a)
    expect(sizes()).toEqual([8, 5])
    cluster.store.modify('apps/deployments', namespace, 'cart', (draft) => {
      draft.spec.replicas = 15
    })
    cluster.advance(5)
    // The example of the Kubernetes documentation: 3 of the 5 more go to the larger set, 2 to the smaller.
    expect(sizes()).toEqual([11, 7])
  })

  it('with Recreate has no two versions at once', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { strategy: { type: 'Recreate' } }))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    const seen = new Set<number>()
    cluster.store.onChange(() => {
      const images = new Set(cluster.pods().map((pod: Pod) => pod.spec.containers[0]?.image))
      seen.add(images.size)
    })
    cluster.setImage('cart', '1.8.2')
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    expect(Math.max(...seen)).toBe(1)
    expect(seen.has(0)).toBe(true)
  })

  it('deletes what a deleted deployment owned', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1'))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    cluster.store.delete('apps/deployments', namespace, 'cart', { propagationPolicy: 'Background' })
    cluster.until('all gone', () => cluster.pods().length === 0, 60)
    expect(cluster.store.list('apps/replicasets', { namespace })).toHaveLength(0)
  })
})
