import { describe, expect, it } from 'vitest'
import { strategicMergePatch } from '../../../sandbox/api/patch/strategic-merge-patch.ts'
import { structSchema } from '../../../sandbox/store/schema/schema.ts'

const deployment = structSchema('V1Deployment')
const pod = structSchema('V1PodSpec')
const metadata = structSchema('V1ObjectMeta')

describe('strategic merge patch', () => {
  it('merges containers by name and their env by name, and keeps the rest', () => {
    const spec = {
      containers: [
        { name: 'app', image: 'a:1', env: [{ name: 'A', value: '1' }] },
        { name: 'side', image: 's:1' },
      ],
    }
    const patch = { containers: [{ name: 'app', image: 'a:2', env: [{ name: 'B', value: '2' }] }] }
    expect(strategicMergePatch(pod, spec, patch)).toEqual({
      containers: [
        {
          name: 'app',
          image: 'a:2',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'side', image: 's:1' },
      ],
    })
    expect(spec.containers[0]?.image).toBe('a:1')
  })

  it('merges ports by containerPort and replaces lists without a merge key', () => {
    const spec = { containers: [{ name: 'app', args: ['a', 'b'], ports: [{ containerPort: 80, name: 'http' }] }] }
    const patch = {
      containers: [{ name: 'app', args: ['c'], ports: [{ containerPort: 80, name: 'web' }, { containerPort: 81 }] }],
    }
    expect(strategicMergePatch(pod, spec, patch)).toEqual({
      containers: [{ name: 'app', args: ['c'], ports: [{ containerPort: 80, name: 'web' }, { containerPort: 81 }] }],
    })
  })

  it('deletes list items by directive and fields by null', () => {
    const spec = { nodeName: 'n', containers: [{ name: 'app' }, { name: 'side' }] }
    const patch = { nodeName: null, containers: [{ name: 'side', $patch: 'delete' }] }
    expect(strategicMergePatch(pod, spec, patch)).toEqual({ containers: [{ name: 'app' }] })
  })

  it('replaces a map or a list by directive', () => {
    const object = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } }
    const replaced = strategicMergePatch(deployment, object, {
      spec: { strategy: { $patch: 'replace', type: 'Recreate' } },
    })
    expect(replaced).toEqual({ spec: { strategy: { type: 'Recreate' } } })
    const list = { containers: [{ name: 'a' }, { name: 'b' }] }
    expect(strategicMergePatch(pod, list, { containers: [{ name: 'c' }, { $patch: 'replace' }] })).toEqual({
      containers: [{ name: 'c' }],
    })
  })

  it('keeps only the retained keys of a union', () => {
    const object = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } }
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }
    expect(strategicMergePatch(deployment, object, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } })
    const volumes = { volumes: [{ name: 'v', emptyDir: {} }] }
    const change = { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] }
    expect(strategicMergePatch(pod, volumes, change)).toEqual({ volumes: [{ name: 'v', configMap: { name: 'c' } }] })
  })

  it('orders by $setElementOrder and leaves unnamed items behind their predecessor', () => {
    const spec = { containers: [{ name: 'a' }, { name: 'x' }, { name: 'b' }] }
    const patch = {
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
      containers: [{ name: 'b', image: 'b:1' }],
    }
    expect(strategicMergePatch(pod, spec, patch)).toEqual({
      containers: [{ name: 'b', image: 'b:1' }, { name: 'a' }, { name: 'x' }],
    })
  })

  it('unites sets of primitives and deletes from them by directive', () => {
    expect(strategicMergePatch(metadata, { finalizers: ['a'] }, { finalizers: ['b', 'a'] })).toEqual({
      finalizers: ['a', 'b'],
    })
    const patch = { '$deleteFromPrimitiveList/finalizers': ['a'] }
    expect(strategicMergePatch(metadata, { finalizers: ['a', 'b'] }, patch)).toEqual({ finalizers: ['b'] })
  })

  it('refuses an item without its merge key', () => {
    expect(() => strategicMergePatch(pod, {}, { containers: [{ image: 'a' }] })).toThrow(
      'does not contain declared merge key: name',
    )
  })
})
