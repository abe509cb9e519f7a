import { describe, expect, it } from 'vitest'
import { conditionOf } from '../../../sandbox/controllers/objects.ts'
import { createCluster, deploymentNamed, isComplete, namespace } from './cluster.ts'

const quota = (hard: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'shop-quota', namespace },
  spec: { hard },
})

describe('a quota', () => {
  it('refuses pods in the real words, shows up on the deployment, and lets them in once it is raised', () => {
    const cluster = createCluster()
    cluster.store.create('resourcequotas', quota({ pods: '2', 'requests.cpu': '250m' }))
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { replicas: 4 }))
    cluster.advance(30)
    expect(cluster.pods()).toHaveLength(2)
    const refused = cluster.events('FailedCreate')
    expect(refused[0]?.message).toMatch(
      /^Error creating: pods "cart-\w+-\w{5}" is forbidden: exceeded quota: shop-quota, requested: pods=1,requests\.cpu=100m, used: pods=2,requests\.cpu=200m, limited: pods=2,requests\.cpu=250m$/,
    )
    const failure = conditionOf(cluster.deployment('cart').status?.conditions, 'ReplicaFailure')
    expect(failure).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringContaining('exceeded quota'),
    })
    expect(cluster.store.get('resourcequotas', namespace, 'shop-quota')?.status?.used).toEqual({
      pods: '2',
      'requests.cpu': '200m',
    })
    cluster.world.control.setQuota(namespace, { pods: '10' })
    cluster.until('complete', () => isComplete(cluster.deployment('cart')), 60)
    expect(conditionOf(cluster.deployment('cart').status?.conditions, 'ReplicaFailure')).toBeUndefined()
  })

  it('asks for requests where it limits them', () => {
    const cluster = createCluster()
    cluster.store.create('resourcequotas', quota({ 'requests.memory': '1Gi' }))
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { container: { resources: {} } }))
    cluster.advance(5)
    expect(cluster.events('FailedCreate')[0]?.message).toContain(
      'failed quota: shop-quota: must specify requests.memory for: cart',
    )
  })
})

describe('the scheduler', () => {
  it('says why in the order and the numbers of a real one', () => {
    const cluster = createCluster()
    const [one, two, three] = cluster.store.list('nodes').map((node) => node.metadata.name)
    for (const name of [one, two])
      cluster.store.modify('nodes', '', name ?? '', (draft) => {
        draft.spec.unschedulable = true
      })
    cluster.store.modify('nodes', '', three ?? '', (draft) => {
      draft.spec.taints = [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }]
    })
    const wants = (value: string) => {
      const resources = { requests: { cpu: '999', memory: '1Gi' } }
      const deployment = deploymentNamed(`for-${value}`, '2.6.1', { replicas: 1, container: { resources } })
      deployment.spec.template.spec.tolerations = [{ key: 'dedicated', operator: 'Equal', value, effect: 'NoSchedule' }]
      return deployment
    }
    const said = (value: string) => {
      cluster.store.create('apps/deployments', wants(value))
      cluster.advance(5)
      return cluster
        .events('FailedScheduling')
        .find(({ involvedObject }) => involvedObject.name?.startsWith(`for-${value}`))?.message
    }
    expect(said('gpu')).toBe(
      '0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: web}, 2 node(s) were unschedulable. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    )
    expect(said('web')).toBe(
      '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    )
  })

  it('says why nothing fits, and places the pod when there is room', () => {
    const cluster = createCluster()
    const resources = { requests: { cpu: '7', memory: '1Gi' } }
    cluster.store.create(
      'apps/deployments',
      deploymentNamed('search', '2.6.1', { replicas: 4, container: { resources } }),
    )
    cluster.advance(60)
    expect(cluster.deployment('search').status?.availableReplicas).toBe(3)
    const pending = cluster.pods().find((pod) => pod.status?.phase === 'Pending')
    expect(conditionOf(pending?.status?.conditions, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
    })
    expect(cluster.events('FailedScheduling')[0]?.message).toBe(
      '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    )
    const running = cluster.pods().find((pod) => pod.status?.phase === 'Running')
    cluster.store.modify('apps/deployments', namespace, 'search', (draft) => {
      draft.spec.replicas = 3
    })
    cluster.until('complete', () => isComplete(cluster.deployment('search')), 60)
    // The pod that never ran is the one that goes.
    expect(cluster.pods().map((pod) => pod.metadata.name)).toContain(running?.metadata.name)
    expect(cluster.pods().every((pod) => pod.status?.phase === 'Running')).toBe(true)
  })

  it('spreads the pods of a deployment over the nodes', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('cart', '1.8.1', { replicas: 6 }))
    cluster.until('complete', () => isComplete(cluster.deployment('cart')))
    const perNode = new Map<string, number>()
    for (const pod of cluster.pods())
      perNode.set(pod.spec.nodeName ?? '', (perNode.get(pod.spec.nodeName ?? '') ?? 0) + 1)
    expect([...perNode.values()]).toEqual([2, 2, 2])
  })
})
