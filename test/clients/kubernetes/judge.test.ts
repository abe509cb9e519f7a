import { expect, test } from 'vitest'
import { Deployment, Pod, ReplicaSet } from '../../../clients/kubernetes/kinds.ts'
import { createJudge, problemsOf } from '../../../clients/kubernetes/rollout-verdict.ts'
import { deployment } from './fake-cluster.ts'

test('a change that the cluster never takes up has failed at the progress deadline, not followed for ever', () => {
  const judge = createJudge(2)
  const spec = { ...deployment.spec, progressDeadlineSeconds: 60 }
  const written = { ...deployment, spec, metadata: { ...deployment.metadata, generation: 2 } }
  const seen = (observedGeneration: number) => ({
    deployment: Deployment.parse({ ...written, status: { observedGeneration, replicas: 2, updatedReplicas: 2 } }),
    replicaSets: [],
    pods: [],
    events: [],
  })
  expect(judge(seen(1), 5_000)).toMatchObject({ end: undefined, askAgainMs: 60_000 })
  expect(judge(seen(1), 64_000)).toMatchObject({ end: undefined, askAgainMs: 1_000 })
  const says = expect.stringMatching(/^the cluster has not taken up the change of checkout for 60 s/)
  expect(judge(seen(1), 65_000)).toMatchObject({
    end: 'failed',
    findings: [{ problem: { kind: 'progress-deadline', says } }],
  })

  const late = createJudge(2)
  late(seen(1), 5_000)
  // Taken up in the last moment: its own deadline begins.
  expect(late(seen(2), 64_000)).toMatchObject({ end: undefined, askAgainMs: 60_000 })
})

test('a scaling of a paused deployment is waited for; a new version that the pause holds back is not', () => {
  const paused = { ...deployment, metadata: { ...deployment.metadata, generation: 2 } }
  const own = {
    metadata: { name: 'checkout-1', ownerReferences: [{ kind: 'Deployment', name: 'checkout', uid: 'u1' }] },
  }
  const seen = (status: object, image = 'registry.test/shop/checkout:1.0.0') => ({
    deployment: Deployment.parse({
      ...paused,
      spec: { ...deployment.spec, replicas: 4, paused: true },
      status: { observedGeneration: 2, ...status },
    }),
    replicaSets: [
      ReplicaSet.parse({ ...own, spec: { template: { spec: { containers: [{ name: 'checkout', image }] } } } }),
    ],
    pods: [],
    events: [],
  })
  const scaled = createJudge(2)
  const growing = { replicas: 4, updatedReplicas: 4, availableReplicas: 2 }
  expect(scaled(seen(growing), 1_000)).toMatchObject({ end: undefined, progress: { says: '2 of 4 pods available' } })
  expect(scaled(seen({ ...growing, availableReplicas: 4 }), 2_000)).toEqual({ end: 'done' })

  const held = { end: 'failed', findings: [{ problem: { says: expect.stringContaining('checkout is paused') } }] }
  const older = 'registry.test/shop/checkout:0.9.0'
  expect(createJudge(2)(seen({ replicas: 4, availableReplicas: 4 }, older), 1_000)).toMatchObject(held)
  const halfWay = { replicas: 5, updatedReplicas: 1, availableReplicas: 5 }
  expect(createJudge(2)(seen(halfWay), 1_000)).toMatchObject(held)
})

test('a pod that was evicted and replaced long ago is no trouble of a service that has all its pods', () => {
  const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }
  const evicted = Pod.parse({ metadata: { name: 'checkout-1-a', uid: 'p1' }, status })
  const now = (availableReplicas: number) =>
    problemsOf(Deployment.parse({ ...deployment, status: { availableReplicas } }), [evicted], [])
  expect(now(2)).toEqual([])
  expect(now(1)).toMatchObject([{ says: expect.stringContaining('checkout-1-a has failed: Evicted') }])
})
