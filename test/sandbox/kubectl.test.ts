import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kubectl, kubectlPath, startKubectl, tryKubectl } from '../_harness/kubectl.ts'
import { type BareServer, startBareServer } from './api/bare-server.ts'

/** Real kubectl against the API alone: what needs no controller. kubectl-rollout.test.ts has the rest. */

let server: BareServer
beforeAll(async () => {
  server = await startBareServer()
})
afterAll(() => server.close())

const run = (...args: string[]) => kubectl(server.kubeconfigPath, ['-n', 'shop', ...args])
const fails = (...args: string[]) => tryKubectl(server.kubeconfigPath, ['-n', 'shop', ...args])
const feed = (input: string, ...args: string[]) => tryKubectl(server.kubeconfigPath, ['-n', 'shop', ...args], { input })

const manifest = (name: string, replicas: number, image = 'registry.test/app:1.0.0') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: app
        image: ${image}
        env: [{name: A, value: "1"}]
        ports: [{containerPort: 8080}]
`

describe.skipIf(!kubectlPath())('kubectl 1.35', () => {
  it('knows the server and its resources', async () => {
    expect(await run('version')).toContain('Server Version: v1.35.0')
    const resources = await run('api-resources', '-o', 'name')
    expect(resources.split('\n')).toEqual(
      expect.arrayContaining(['pods', 'deployments.apps', 'events.events.k8s.io', 'applications.argoproj.io']),
    )
    expect(await run('get', '--raw', '/readyz')).toBe('ok')
    expect(await run('explain', 'deployment.spec.strategy.rollingUpdate')).toContain('maxSurge')
  })

  it('applies, applies again unchanged, changes, shows the difference', async () => {
    expect((await feed(manifest('web', 2), 'apply', '-f', '-')).stdout).toBe('deployment.apps/web created\n')
    expect((await feed(manifest('web', 2), 'apply', '-f', '-')).stdout).toBe('deployment.apps/web unchanged\n')
    const changed = await feed(manifest('web', 2, 'registry.test/app:1.1.0'), 'apply', '-f', '-')
    expect(changed).toMatchObject({ stdout: 'deployment.apps/web configured\n', stderr: '' })
    const difference = await feed(manifest('web', 3, 'registry.test/app:1.1.0'), 'diff', '-f', '-')
    expect(difference.code).toBe(1)
    expect(difference.stdout).toMatch(/-\s+replicas: 2\n\+\s+replicas: 3/)
    // An env entry that the manifest stops naming goes, by a strategic merge patch with a delete directive.
    const without = manifest('web', 2, 'registry.test/app:1.1.0').replace(/.*env:.*\n/, '')
    await feed(without, 'apply', '-f', '-')
    expect(await run('get', 'deploy', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].env}')).toBe('')
  })

  it('applies server-side, is refused with the field and its manager, and forces', async () => {
    await feed(manifest('ssa', 2), 'apply', '--server-side', '--field-manager=ci', '-f', '-')
    const refused = await feed(manifest('ssa', 5), 'apply', '--server-side', '--field-manager=other', '-f', '-')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('Apply failed with 1 conflict: conflict with "ci": .spec.replicas')
    const forced = await feed(
      manifest('ssa', 5),
      'apply',
      '--server-side',
      '--force-conflicts',
      '--field-manager=other',
      '-f',
      '-',
    )
    expect(forced.stdout).toBe('deployment.apps/ssa serverside-applied\n')
    const shown = await run(
      'get',
      'deploy',
      'ssa',
      '--show-managed-fields',
      '-o',
      'jsonpath={.metadata.managedFields[*].manager}',
    )
    expect(shown).toBe('ci other')
    expect(await run('get', 'deploy', 'ssa', '-o', 'jsonpath={.spec.replicas}')).toBe('5')
  })

  it('takes over what client-side apply owned when it turns to server-side apply', async () => {
    await feed(manifest('turned', 2), 'apply', '-f', '-')
    const turned = await feed(manifest('turned', 3), 'apply', '--server-side', '-f', '-')
    expect(turned).toMatchObject({ code: 0, stdout: 'deployment.apps/turned serverside-applied\n' })
    const managers = await run(
      'get',
      'deploy',
      'turned',
      '--show-managed-fields',
      '-o',
      'jsonpath={.metadata.managedFields[*].manager}',
    )
    // The second one holds the annotation alone, as on a real cluster.
    expect(managers).toBe('kubectl kubectl-last-applied')
  })

  it('refuses typos, negative replicas and missing images in sentences', async () => {
    const typo = await feed(manifest('typo', 2).replace('replicas', 'replicsa'), 'apply', '-f', '-')
    expect(typo.stderr).toContain('strict decoding error: unknown field "spec.replicsa"')
    const negative = await feed(manifest('negative', -5), 'apply', '-f', '-')
    expect(negative.stderr).toContain('spec.replicas: Invalid value: -5: must be greater than or equal to 0')
    expect((await fails('scale', 'deploy/nobody', '--replicas=2')).stderr).toContain(
      'deployments.apps "nobody" not found',
    )
    expect(
      (await fails('patch', 'deploy', 'web', '-p', '{"spec":{"selector":{"matchLabels":{"a":"b"}}}}')).stderr,
    ).toContain('field is immutable')
  })

  it('gets in every form', async () => {
    expect(await run('get', 'deploy', 'web')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/2 +0 +0 +\d+s\n$/,
    )
    expect(await run('get', 'deploy', 'web', '-o', 'wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n.*app +registry.test\/app:1.1.0 +app=web\n$/,
    )
    expect(await run('get', 'deploy', 'web', '-o', 'yaml')).toContain('kind: Deployment')
    expect(JSON.parse(await run('get', 'deploy', 'web', '-o', 'json')).spec.replicas).toBe(2)
    expect(await run('get', 'deploy,svc', '-o', 'name')).toContain('deployment.apps/web')
    expect(await run('get', 'deploy', '-l', 'app=web', '-o', 'name')).toBe('deployment.apps/web\n')
    expect(await run('get', 'deploy', '--field-selector', 'metadata.name=ssa', '-o', 'name')).toBe(
      'deployment.apps/ssa\n',
    )
    expect(await run('get', 'deploy', '--chunk-size=1', '-o', 'name')).toMatch(/ssa\n.*turned\n.*web\n/s)
    expect((await fails('get', 'pods')).stderr).toBe('No resources found in shop namespace.\n')
    expect(await run('get', 'ns', '--sort-by=.metadata.name')).toMatch(/default[\s\S]*shop/)
  })

  it('scales, sets images, labels, annotates, patches', async () => {
    expect(await run('scale', 'deploy/web', '--replicas=4', '--current-replicas=2')).toBe(
      'deployment.apps/web scaled\n',
    )
    expect((await fails('scale', 'deploy/web', '--replicas=9', '--current-replicas=2')).stderr).toContain(
      'Expected replicas to be 2, was 4',
    )
    expect(await run('set', 'image', 'deploy/web', 'app=registry.test/app:2.0.0')).toBe(
      'deployment.apps/web image updated\n',
    )
    expect(await run('set', 'env', 'deploy/web', 'B=2')).toBe('deployment.apps/web env updated\n')
    await run('label', 'deploy/web', 'team=shop')
    await run('annotate', 'deploy/web', 'note=x')
    await run('label', 'deploy/web', 'team-')
    await run(
      'patch',
      'deploy/web',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/paused","value":true}]',
    ).catch(() => '')
    await run('patch', 'deploy/web', '--type=merge', '-p', '{"spec":{"minReadySeconds":5}}')
    const web = JSON.parse(await run('get', 'deploy', 'web', '-o', 'json'))
    expect(web.spec).toMatchObject({ replicas: 4, minReadySeconds: 5 })
    expect(web.metadata.labels).not.toHaveProperty('team')
    expect(web.metadata.annotations.note).toBe('x')
    expect(web.spec.template.spec.containers[0]).toMatchObject({
      image: 'registry.test/app:2.0.0',
      env: [{ name: 'B', value: '2' }],
    })
  })

  it('watches until it is stopped', async () => {
    const watching = startKubectl(server.kubeconfigPath, ['-n', 'shop', 'get', 'deploy', 'web', '-w'])
    await watching.prints('web')
    await run('scale', 'deploy/web', '--replicas=7')
    expect(await watching.prints('0/7')).toContain('0/7')
    await watching.stop()
  })

  it('waits for a condition', async () => {
    const waiting = startKubectl(server.kubeconfigPath, [
      '-n',
      'shop',
      'wait',
      'deploy/web',
      '--for=condition=Available',
      '--timeout=20s',
    ])
    server.store.modify(
      'apps/deployments',
      'shop',
      'web',
      (draft) => {
        draft.status = { conditions: [{ type: 'Available', status: 'True' }] }
      },
      { subresource: 'status' },
    )
    expect((await waiting.ended).stdout).toBe('deployment.apps/web condition met\n')
  })

  it('creates, exposes, deletes', async () => {
    expect(await run('run', 'job', '--image=registry.test/job:1')).toBe('pod/job created\n')
    expect(await run('expose', 'deploy/web', '--port=80')).toBe('service/web exposed\n')
    expect(await run('get', 'svc', 'web')).toMatch(/web +ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80\/TCP/)
    const maps =
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {k: v}}\n'
    expect((await feed(maps, 'create', '-f', '-')).stdout).toBe('configmap/a created\nsecret/b created\n')
    expect(await run('get', 'secret', 'b', '-o', 'jsonpath={.data.k}')).toBe('dg==')
    expect(await run('delete', 'pod', 'job')).toContain('pod "job" deleted')
    expect(await run('delete', 'cm,secret', '--all')).toContain('configmap "a" deleted')
    expect(await run('delete', 'deploy', 'web', '--cascade=orphan', '--wait=false')).toContain('"web" deleted')
  })

  it('creates through the typed clients, which speak protobuf', async () => {
    expect(await run('create', 'namespace', 'typed')).toBe('namespace/typed created\n')
    await run('create', 'configmap', 'typed', '--from-literal=a=b', '--from-literal=empty=')
    expect(await run('get', 'cm', 'typed', '-o', 'jsonpath={.data}')).toBe('{"a":"b","empty":""}')
    await run('create', 'secret', 'generic', 'typed', '--from-literal=a=b')
    expect(await run('get', 'secret', 'typed', '-o', 'jsonpath={.type} {.data.a}')).toBe('Opaque Yg==')
    await run('create', 'deployment', 'typed', '--image=registry.test/app:1.0.0', '--replicas=0', '--port=80')
    const typed = JSON.parse(await run('get', 'deploy', 'typed', '-o', 'json'))
    expect(typed.spec.replicas).toBe(0)
    expect(typed.spec.template.spec.containers[0].ports).toEqual([{ containerPort: 80, protocol: 'TCP' }])
    await run('autoscale', 'deploy/typed', '--min=2', '--max=5', '--cpu=60%')
    expect(await run('get', 'hpa', 'typed')).toMatch(/Deployment\/typed +cpu: <unknown>\/60% +2 +5 /)
    expect(await run('auth', 'can-i', 'create', 'pods')).toBe('yes\n')
    const quota = await fails('create', 'quota', 'typed', '--hard=pods=3')
    expect(quota.stderr).toContain('does not read the kind ResourceQuota from protobuf: write it as YAML')
  })

  it('says who is in the way when a write is a conflict', async () => {
    await feed(manifest('busy', 1), 'apply', '-f', '-')
    server.faults.add({ verb: 'patch', resource: 'apps/deployments', conflictOnce: true })
    const refused = await fails('annotate', 'deploy/busy', 'a=b')
    expect(refused.stderr).toContain('the object has been modified; please apply your changes to the latest version')
    expect(await run('annotate', 'deploy/busy', 'a=b')).toBe('deployment.apps/busy annotated\n')
  })
})
