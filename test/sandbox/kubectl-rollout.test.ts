import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { kubectl, kubectlPath, startKubectl, tryKubectl } from '../_harness/kubectl.ts'

/** Real kubectl against the whole sandbox, its time sixty times as fast: rollouts, logs, events, descriptions. */

let sandbox: Sandbox
let folder: string
let kubeconfig: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  kubeconfig = join(folder, 'kubeconfig')
  sandbox = await startSandbox({ seed: 7, speed: 60 })
  writeFileSync(kubeconfig, sandbox.kubeconfig())
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => kubectl(kubeconfig, ['-n', 'shop-staging', ...args])
const image = (version: string) => `checkout=registry.sandbox.test/shop/checkout:${version}`

/** Asks again until the answer matches; the cluster changes in its own time. */
async function eventually(ask: () => Promise<string>, wanted: RegExp): Promise<string> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (wanted.test(answer)) return answer
    if (Date.now() > deadline) throw new Error(`No answer matched ${wanted} within 30 s; the last one was:\n${answer}`)
  }
}

describe.skipIf(!kubectlPath())('kubectl 1.35 on the shop', () => {
  it('shows the shop', async () => {
    expect(await run('get', 'deploy', 'checkout', '-o', 'wide')).toMatch(/checkout +(\d)\/\1 .*shop\/checkout:/)
    expect(await run('get', 'nodes', '-o', 'wide')).toMatch(/Ready .*v1\.35\.0 .*containerd/)
    await eventually(() => run('get', 'hpa', '-A'), /Deployment\/\w+ +cpu: \d+%\/\d+%/)
    expect(await run('get', 'svc,endpointslices', '-l', 'app=checkout')).toContain('ClusterIP')
  })

  it('follows a good rollout to its end, tells its history and undoes it', async () => {
    const before = await run('get', 'deploy', 'checkout', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
    await run('set', 'image', 'deploy/checkout', image('1.4.2'))
    const followed = await run('rollout', 'status', 'deploy/checkout', '--timeout=60s')
    expect(followed).toContain('deployment "checkout" successfully rolled out')
    expect(
      await run('get', 'pods', '-l', 'app=checkout', '-o', 'jsonpath={.items[*].spec.containers[0].image}'),
    ).toContain('checkout:1.4.2')
    expect(await run('rollout', 'history', 'deploy/checkout')).toMatch(/REVISION +CHANGE-CAUSE\n\d+ /)
    expect(await run('rollout', 'undo', 'deploy/checkout')).toBe('deployment.apps/checkout rolled back\n')
    await run('rollout', 'status', 'deploy/checkout', '--timeout=60s')
    expect(await run('get', 'deploy', 'checkout', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')).toBe(
      before,
    )
  })

  it('restarts, scales and heals', async () => {
    const names = () => run('get', 'pods', '-l', 'app=cart', '-o', 'name')
    const before = await names()
    expect(await run('rollout', 'restart', 'deploy/cart')).toBe('deployment.apps/cart restarted\n')
    await run('rollout', 'status', 'deploy/cart', '--timeout=60s')
    await run('scale', 'deploy/cart', '--replicas=3')
    await run('rollout', 'status', 'deploy/cart', '--timeout=60s')
    await run('wait', 'deploy/cart', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=30s')
    const after = await eventually(names, /^(pod\/.*\n){3}$/)
    expect(after.split('\n').filter((name) => name && before.includes(name))).toEqual([])
    const [victim = ''] = after.split('\n')
    expect(await run('delete', victim)).toContain('deleted')
    await eventually(names, new RegExp(`^((?!${victim.slice(4)})pod/.*\\n){3}$`))
  })

  it('shows a crash loop: status, events, the last words before it', async () => {
    await run('set', 'image', 'deploy/checkout', image('1.5.0'))
    const pods = await eventually(() => run('get', 'pods', '-l', 'app=checkout'), /CrashLoopBackOff +[1-9]/)
    const pod = /^(\S+) .*CrashLoopBackOff/m.exec(pods)?.[1] ?? ''
    expect(await run('describe', 'pod', pod)).toMatch(/Back-off restarting failed container/)
    expect(await run('logs', pod, '--previous')).not.toBe('')
    expect(await run('events', '--for', `pod/${pod}`)).toContain('BackOff')
    const stuck = await tryKubectl(kubeconfig, [
      '-n',
      'shop-staging',
      'rollout',
      'status',
      'deploy/checkout',
      '--timeout=1s',
    ])
    expect(stuck.code).not.toBe(0)
    await run('rollout', 'undo', 'deploy/checkout')
    await run('rollout', 'status', 'deploy/checkout', '--timeout=60s')
  })

  it('names a missing image', async () => {
    await run('set', 'image', 'deploy/checkout', image('9.9.9'))
    const pods = await eventually(() => run('get', 'pods', '-l', 'app=checkout'), /ImagePullBackOff/)
    const pod = /^(\S+) .*ImagePullBackOff/m.exec(pods)?.[1] ?? ''
    expect(await run('describe', 'pod', pod)).toContain('checkout:9.9.9')
    const refused = await tryKubectl(kubeconfig, ['-n', 'shop-staging', 'logs', pod])
    expect(refused.stderr).toContain('is waiting to start')
    await run('rollout', 'undo', 'deploy/checkout')
    await run('rollout', 'status', 'deploy/checkout', '--timeout=60s')
  })

  it('reads logs by tail, since and container, and follows them', async () => {
    const tail = await eventually(() => run('logs', 'deploy/web', '--tail=2', '-c', 'web'), /\n.*\n/)
    expect(tail.trimEnd().split('\n')).toHaveLength(2)
    expect(await run('logs', 'deploy/web', '--since=10m', '--timestamps', '--tail=5')).toMatch(/^\d{4}-\d\d-\d\dT/)
    const following = startKubectl(kubeconfig, ['-n', 'shop-staging', 'logs', '-f', 'deploy/web', '--tail=0'])
    expect(await following.prints(/\n/)).not.toBe('')
    await following.stop()
  })

  it('describes what people describe', async () => {
    expect(await run('describe', 'deploy', 'checkout')).toMatch(/StrategyType: +RollingUpdate[\s\S]*ScalingReplicaSet/)
    expect(await run('describe', 'rs', '-l', 'app=cart')).toContain('Controlled By:')
    expect(await run('describe', 'node', 'node-1')).toMatch(/Allocated resources:[\s\S]*cpu/)
    expect(await kubectl(kubeconfig, ['-n', 'shop-production', 'describe', 'hpa'])).toMatch(
      /resource cpu on pods[\s\S]*Deployment pods:/,
    )
  })

  it('drains a node within the budgets, and says why it cannot exec', async () => {
    const drained = await run('drain', 'node-2', '--ignore-daemonsets', '--timeout=60s')
    expect(drained).toContain('node/node-2 drained')
    expect(await run('get', 'nodes', 'node-2')).toContain('Ready,SchedulingDisabled')
    await run('uncordon', 'node-2')
    await run('rollout', 'status', 'deploy/checkout', '--timeout=60s')
    const refused = await tryKubectl(kubeconfig, ['-n', 'shop-staging', 'exec', 'deploy/web', '--', 'ls'])
    expect(refused.stderr).toContain('the sandbox runs no real containers')
  })

  it('empties and removes a namespace', async () => {
    expect(await run('delete', 'namespace', 'shop-dev', '--timeout=60s')).toContain('namespace "shop-dev" deleted')
    const gone = await tryKubectl(kubeconfig, ['get', 'ns', 'shop-dev'])
    expect(gone.stderr).toContain('namespaces "shop-dev" not found')
  })
})

describe('a cluster with a data file', () => {
  it('is the same after a restart, and refuses a damaged file in a sentence', async () => {
    const dataFile = join(folder, 'cluster.json')
    const first = await startSandbox({ seed: 3, dataFile })
    first.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kept', namespace: 'default' },
    })
    const kept = first.store.get('configmaps', 'default', 'kept')
    const version = first.store.get('apps/deployments', 'shop-production', 'checkout')?.metadata.uid
    await first.close()
    const second = await startSandbox({ seed: 3, dataFile })
    expect(second.store.get('configmaps', 'default', 'kept')).toEqual(kept)
    expect(second.store.get('apps/deployments', 'shop-production', 'checkout')?.metadata.uid).toBe(version)
    const fresh = second.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'new', namespace: 'default' },
    })
    const uids = [...second.store.everything()].map(({ object }) => object.metadata.uid)
    expect(uids.filter((uid) => uid === fresh.metadata.uid)).toHaveLength(1)
    await second.close()
    writeFileSync(dataFile, '{"format":1,')
    await expect(startSandbox({ dataFile })).rejects.toThrow(/snapshot .*cluster\.json is damaged .*delete it/)
  })
})
