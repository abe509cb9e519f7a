import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { type WebPerson, wordsOf } from '../_harness/web-person.ts'

describe.skipIf(!kubectlPath())('several targets in one sentence', () => {
  let q: TestProgram
  let mira: WebPerson
  let jonas: WebPerson
  beforeAll(async () => {
    q = await startTestProgram()
    mira = await q.as('mira')
    jonas = await q.as('jonas', mira.thread)
  })
  afterAll(() => q?.close())

  const get = (service: string, environment: string, path: string) =>
    q.kubectl('-n', `shop-${environment}`, 'get', 'deploy', service, '-o', `jsonpath={${path}}`)
  const restartedAt = (service: string, environment: string) =>
    get(service, environment, '.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt')
  const image = (service: string, environment: string) =>
    get(service, environment, '.spec.template.spec.containers[0].image')
  const replicas = (service: string, environment: string) => get(service, environment, '.spec.replicas')

  test('are restarted after one approval of the whole', async () => {
    const plan = await mira.says('restart cart and search in production')
    expect(plan.card).toMatchObject({
      title: 'Restart cart and search in production',
      subtitle: 'Waiting for approval',
    })
    expect(await mira.clicks(plan, 'Approve')).toMatchObject({ ok: false })
    expect(await jonas.clicks(plan, 'Approve')).toMatchObject({ ok: true })
    const done = await mira.seesTheEnd(plan.operationId)
    expect(done.card.tone).toBe('good')
    expect(await restartedAt('cart', 'production')).toMatch(/^\d{4}-/)
    expect(await restartedAt('search', 'production')).toMatch(/^\d{4}-/)
    for (const service of ['cart', 'search'])
      expect(await q.kubectl('-n', 'shop-production', 'rollout', 'status', `deploy/${service}`)).toContain('success')
  })

  test('stop at the one that fails, which is put back; the one before has its own undo', async () => {
    await q.lever('publish', { service: 'cart', version: '7.7.7', behaviour: 'healthy' })
    await q.lever('publish', { service: 'search', version: '7.7.7', behaviour: 'crash' })
    const [cart, search] = [await image('cart', 'staging'), await image('search', 'staging')]
    const plan = await mira.says('deploy cart, search 7.7.7 to staging')
    await jonas.clicks(plan, 'Approve')
    const end = await mira.seesTheEnd(plan.operationId)
    expect(end.card).toMatchObject({ tone: 'bad', subtitle: 'Failed' })
    expect(wordsOf(end)).toContain('Done before and left so: cart in staging.')
    expect(wordsOf(end)).toMatch(/search in staging is back on/)
    expect(await image('cart', 'staging')).toContain(':7.7.7@')
    expect(await image('search', 'staging')).toContain(search.split('@')[0])

    expect((await mira.clicks(end, 'Undo: cart in staging')).ok).toBe(true)
    const back = await mira.sees(({ card }) => card.kind === 'plan' && card.title.startsWith('Deploy cart'), 'the undo')
    await jonas.clicks(back, 'Approve')
    expect((await mira.seesTheEnd(back.operationId)).card.tone).toBe('good')
    expect(await image('cart', 'staging')).toContain(cart.split('@')[0])
  })

  test('are taken back by one undo, the last one first', async () => {
    const before = [await replicas('cart', 'dev'), await replicas('search', 'dev')]
    const plan = await mira.says('scale cart, search to 3 in dev')
    const done = await mira.seesTheEnd(plan.operationId)
    expect([await replicas('cart', 'dev'), await replicas('search', 'dev')]).toEqual(['3', '3'])
    const reply = await mira.clicks(done, 'Undo: Take back cart and search in dev')
    expect(reply.ok).toBe(true)
    const undo = reply.says.slice(0, reply.says.indexOf(':')) as typeof plan.operationId // the reply begins with the id
    const undone = await mira.seesTheEnd(undo)
    expect(undone.card.title).toMatch(/^Scale search.* and cart/)
    expect([await replicas('cart', 'dev'), await replicas('search', 'dev')]).toEqual(before)
  })

  test('cancelled in the middle, the one under way comes back and the rest is never begun', async () => {
    const before = [await image('catalog', 'dev'), await image('cart', 'dev')]
    await q.lever('publish', { service: 'catalog', version: '7.7.8', behaviour: 'healthy' })
    await q.lever('publish', { service: 'cart', version: '7.7.8', behaviour: 'healthy' })
    const plan = await mira.says('deploy catalog, cart 7.7.8 to dev')
    await expect.poll(() => image('catalog', 'dev')).toContain('7.7.8')
    const running = await mira.seesOperation(plan.operationId, ({ card }) => card.kind === 'progress', 'the run')
    expect((await mira.clicks(running, 'Cancel')).ok).toBe(true)
    const end = await mira.seesTheEnd(plan.operationId)
    expect(end.card.subtitle).toBe('Cancelled')
    expect(wordsOf(end)).toContain('Not begun: cart in dev.')
    expect([await image('catalog', 'dev'), await image('cart', 'dev')]).toEqual(before)
  })

  test('are refused together when one cannot be planned, with a button for the rest', async () => {
    const refused = await mira.says('deploy cart, search 7.7.8 to dev')
    expect(refused.card.kind).toBe('refusal')
    expect(wordsOf(refused)).toMatch(/search in dev: .*7\.7\.8/)
    expect(refused.card.actions?.map(({ label }) => label)).toEqual(['deploy cart in dev version=7.7.8'])
  })

  test('are answered in one card', async () => {
    const card = await mira.says('how are cart and search in staging?')
    expect(card.card.title).toBe('Status of cart and search in staging')
    expect(wordsOf(card)).toMatch(/cart in staging: .*search in staging: /)
  })
})
