import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import deploy from '../../skills/deploy.ts'
import restart from '../../skills/restart.ts'
import rollback from '../../skills/rollback.ts'
import { fakeReadContext, fakeWorld, REPOSITORY } from './fake-context.ts'

const ask = { service: 'checkout', version: '1.4.2', environment: 'staging' }

test('a deploy is pinned to the digest that the registry holds now', async () => {
  const plan = await deploy.preview(ask, fakeReadContext(fakeWorld()))
  expect(plan.summary).toBe('Deploy checkout 1.4.2 to staging')
  expect(plan.changes).toEqual([
    { target: 'checkout in staging', field: 'image', from: `${REPOSITORY}:1.4.1`, to: `${REPOSITORY}:1.4.2@sha256:aa` },
    { target: 'checkout in staging', field: 'version', from: '1.4.1', to: '1.4.2' },
  ])
  expect(plan.undo).toEqual({
    skill: 'deploy',
    input: { service: 'checkout', version: '1.4.1', environment: 'staging' },
    says: 'Deploy 1.4.1 again',
  })
})

const DIGEST = `sha256:${'0f3a9c'.repeat(10)}beef`

test.each([
  ['the plan said it and the cluster remembers it', { image: `:1.4.1@${DIGEST}`, remembered: true }],
  ['the plan said it and the registry has it', { image: `:1.4.1@${DIGEST}`, remembered: false }],
  ['the pods said it behind a bare tag', { image: ':1.4.1', remembered: true }],
])('taking a release back brings the digest that ran, though its tag moved: %s', async (_, { image, remembered }) => {
  const world = fakeWorld()
  const ran = `${REPOSITORY}${image}`
  world.workload = { ...world.workload, image: ran, runningDigest: DIGEST }
  const { undo } = await deploy.preview(ask, fakeReadContext(world))
  if ('impossible' in undo) throw new Error(undo.impossible)
  expect(undo).toMatchObject({ skill: 'deploy', says: 'Deploy 1.4.1 (sha256:0f3a9c0f3a9c…) again' })

  world.tags['1.4.1'] = 'sha256:bad'
  world.workload = { ...world.workload, image: `${REPOSITORY}:1.4.2@sha256:aa`, version: '1.4.2' }
  const old = { revision: 3, image: ran, version: '1.4.1', createdAt: '2026-01-03T00:00:00Z', active: false }
  world.revisions = remembered ? [old] : []
  // What the cluster remembers by digest needs no registry.
  world.registryDown = ran.includes('@') && remembered
  const back = await deploy.preview(deploy.input.parse(undo.input), fakeReadContext(world))
  expect(back.summary).toBe('Deploy checkout 1.4.1 (sha256:0f3a9c0f3a9c…) to staging')
  expect(back.changes).toMatchObject([{ to: `${REPOSITORY}:1.4.1@${DIGEST}` }, { to: '1.4.1' }])
  const again = await deploy.preview(deploy.input.parse(back.input), fakeReadContext(world))
  expect({ ...again, evidence: [] }).toEqual({ ...back, evidence: [] })
})

test('a digest under a tag that is not its own is said loudly, because the one who asks chose both words', async () => {
  const world = fakeWorld()
  const warnings = async (version: string) =>
    (await deploy.preview({ ...ask, version }, fakeReadContext(world))).warnings?.filter((one) => one.includes('image'))
  expect(await warnings(`1.4.2@${DIGEST}`)).toEqual(['In the registry this image is not 1.4.2 (any more).'])
  world.tags['1.4.2'] = DIGEST
  expect(await warnings(`1.4.2@${DIGEST}`)).toEqual([])
  const image = `${REPOSITORY}:1.3.0@${DIGEST}`
  world.revisions = [{ revision: 3, image, version: '1.3.0', createdAt: '2026-01-03T00:00:00Z', active: false }]
  expect(await warnings(`1.4.2@${DIGEST}`)).toEqual(['This image ran here as 1.3.0, not as 1.4.2.'])
})

test('an image that nobody has any more is said to be gone, with the way that is left', async () => {
  const world = fakeWorld()
  world.gone = DIGEST
  const refusal = deploy.preview({ ...ask, version: `1.4.1@${DIGEST}` }, fakeReadContext(world))
  await expect(refusal).rejects.toThrow(/1\.4\.1 \(sha256:0f3a9c0f3a9c…\).*"rollback checkout in staging"/)
})

test('a tag that moved since gives another plan', async () => {
  const world = fakeWorld()
  const before = await deploy.preview(ask, fakeReadContext(world))
  world.tags['1.4.2'] = 'sha256:ee'
  const after = await deploy.preview(deploy.input.parse(before.input), fakeReadContext(world))
  expect(after.changes).not.toEqual(before.changes)
})

test('"v1.4.2" and "latest" and "previous" become one version; the alias becomes the name', async () => {
  const versionOf = async (version: string) =>
    (await deploy.preview({ ...ask, service: 'co', version }, fakeReadContext(fakeWorld()))).input
  expect(await versionOf('v1.4.2')).toMatchObject({ service: 'checkout', version: '1.4.2' })
  expect(await versionOf('latest')).toMatchObject({ version: '1.4.2' })
  expect(await versionOf('previous')).toMatchObject({ version: '1.4.0' })
})

test('a version that does not exist is refused with what does', async () => {
  const refusal = deploy.preview({ ...ask, version: '1.4.3' }, fakeReadContext(fakeWorld()))
  await expect(refusal).rejects.toThrow(UserError)
  await expect(refusal).rejects.toThrow(/has no version 1\.4\.3.*1\.4\.2/)
})

test('what runs already is not deployed again', async () => {
  const plan = await deploy.preview({ ...ask, version: '1.4.1' }, fakeReadContext(fakeWorld()))
  expect(plan.alreadySo).toBe('checkout in staging already runs 1.4.1.')
})

test('what GitOps would revert is refused, naming the owner', async () => {
  const world = fakeWorld()
  world.workload = {
    ...world.workload,
    owner: {
      tool: 'argocd',
      name: 'Argo CD application shop-checkout',
      effect: 'It would be put back within minutes.',
      reverts: true,
    },
  }
  for (const skill of [deploy, rollback]) {
    await expect(skill.preview(ask, fakeReadContext(world))).rejects.toThrow(
      /Argo CD application shop-checkout.*put back/,
    )
  }
})

test('a paused rollout is named, with the command that resumes it', async () => {
  const world = fakeWorld()
  world.workload = { ...world.workload, paused: true }
  await expect(deploy.preview(ask, fakeReadContext(world))).rejects.toThrow(/paused.*kubectl rollout resume/)
})

test('the plan shows who calls the service and what is not well already', async () => {
  const world = fakeWorld()
  world.workload = { ...world.workload, problems: [{ kind: 'crash-loop', says: 'checkout-1 crashes at start.' }] }
  const plan = await deploy.preview(ask, fakeReadContext(world))
  expect(JSON.stringify(plan.evidence)).toContain('"value":"web"')
  expect(plan.warnings).toEqual(['Not well now: checkout-1 crashes at start.'])
})

test('a rollback without a version goes to the newest other image that ran', async () => {
  const plan = await rollback.preview({ service: 'checkout', environment: 'staging' }, fakeReadContext(fakeWorld()))
  expect(plan.summary).toBe('Roll checkout in staging back to 1.4.0')
  expect(plan.changes[0]).toMatchObject({ from: `${REPOSITORY}:1.4.1`, to: `${REPOSITORY}:1.4.0` })
})

test('a rollback works while the registry is down, and says what is not known', async () => {
  const world = fakeWorld()
  world.registryDown = true
  const plan = await rollback.preview({ service: 'checkout', environment: 'staging' }, fakeReadContext(world))
  expect(plan.warnings).toEqual(['The registry does not answer, so it is not known whether it still has this image.'])
})

test('a rollback to a version that never ran says what did', async () => {
  const refusal = rollback.preview(
    { service: 'checkout', environment: 'staging', version: '9.9.9' },
    fakeReadContext(fakeWorld()),
  )
  await expect(refusal).rejects.toThrow(/9\.9\.9 is not among.*1\.4\.1, 1\.4\.0, 1\.3\.0/)
})

test('going back to another image of the same tag gives the same plan when it is looked at again', async () => {
  const world = fakeWorld()
  const [now, before] = [`${REPOSITORY}:1.4.1@sha256:b2`, `${REPOSITORY}:1.4.1@sha256:b1`]
  world.workload = { ...world.workload, image: now }
  world.revisions = [
    { revision: 2, image: before, version: '1.4.1', createdAt: '2026-01-02T00:00:00Z', active: false },
    { revision: 3, image: now, version: '1.4.1', createdAt: '2026-01-03T00:00:00Z', active: true },
  ]
  const place = { service: 'checkout', environment: 'staging' }
  const first = await rollback.preview(place, fakeReadContext(world))
  expect(first.changes[0]).toMatchObject({ from: now, to: before })
  const again = await rollback.preview(rollback.input.parse(first.input), fakeReadContext(world))
  expect({ ...again, evidence: [] }).toEqual({ ...first, evidence: [] })
})

test('"latest" is the newest release, and a candidate only where nothing was released', async () => {
  const world = fakeWorld()
  world.tags = { '2.0.0-rc.1': 'sha256:ee', '1.4.2-alpine': 'sha256:ff', ...world.tags }
  const latest = async () => (await deploy.preview({ ...ask, version: 'latest' }, fakeReadContext(world))).input.version
  expect(await latest()).toBe('1.4.2-alpine')
  world.tags = { '2.0.0-rc.2': 'sha256:ee', '2.0.0-beta1': 'sha256:ff' }
  expect(await latest()).toBe('2.0.0-rc.2')
})

test('what would wait for a paused rollout is refused before it is planned', async () => {
  const world = fakeWorld()
  world.workload = { ...world.workload, paused: true }
  const place = { service: 'checkout', environment: 'staging' }
  for (const plan of [
    deploy.preview(ask, fakeReadContext(world)),
    rollback.preview(place, fakeReadContext(world)),
    restart.preview(place, fakeReadContext(world)),
  ])
    await expect(plan).rejects.toThrow(/rollout of checkout in staging is paused .*kubectl rollout resume/)
})
