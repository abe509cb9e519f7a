import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditOfOperation } from '../../db/audit.ts'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { type SeenCard, type WebPerson, wordsOf } from '../_harness/web-person.ts'

describe.skipIf(!kubectlPath())('who may say yes, to what, and until when', () => {
  let q: TestProgram
  let mira: WebPerson
  let jonas: WebPerson
  let sam: WebPerson
  beforeAll(async () => {
    // Plans of restarts in staging expire at once, all others as in the example.
    const approvals = [
      {
        name: 'production changes',
        when: { protected: true },
        require: { count: 1, role: 'approver' },
        expires: '30m',
      },
      { name: 'staging deploys', when: { environments: ['staging'], skills: ['deploy'] }, expires: '30m', require: {} },
      { name: 'quick', when: { environments: ['staging'], skills: ['restart'] }, expires: '1s', require: {} },
    ]
    q = await startTestProgram({ config: { approvals } })
    mira = await q.as('mira')
    jonas = await q.as('jonas', mira.thread)
    sam = await q.as('sam', mira.thread)
  })
  afterAll(() => q?.close())

  const spec = (service: string, environment: string, path: string) =>
    q.kubectl('-n', `shop-${environment}`, 'get', 'deploy', service, '-o', `jsonpath={.spec.${path}}`)
  const replicas = (service: string, environment: string) => spec(service, environment, 'replicas')
  const image = (service: string, environment: string) =>
    spec(service, environment, 'template.spec.containers[0].image')
  const auditOf = async ({ operationId }: SeenCard) => {
    if (!operationId) throw new Error('this card is of no operation')
    return (await auditOfOperation(q.program.store.db, operationId)).map((row) => row.kind)
  }

  test('two people click Approve at once: one transition, one audit row', async () => {
    const lena = await q.as('lena', mira.thread)
    const plan = await mira.says('scale cart to 5 in production')
    const replies = await Promise.all([jonas.clicks(plan, 'Approve'), lena.clicks(plan, 'Approve')])
    expect(replies.map((reply) => reply.ok).sort()).toEqual([false, true])
    expect(replies.find((reply) => !reply.ok)?.says).toMatch(/(Jonas Lind|Lena Ortiz) approved this at/)
    const done = await mira.seesTheEnd(plan.operationId)
    expect(done.card.tone).toBe('good')
    expect((await auditOf(plan)).filter((kind) => kind === 'operation.approved')).toHaveLength(1)
    expect(await replicas('cart', 'production')).toBe('5')
  })

  test('nobody approves their own request, and no viewer anybody’s', async () => {
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    expect(await mira.clicks(plan, 'Approve')).toMatchObject({ ok: false, says: expect.stringMatching(/own request/) })
    const priya = await q.as('priya', mira.thread)
    expect(await priya.clicks(plan, 'Approve')).toMatchObject({ ok: false, says: expect.stringMatching(/approver/) })
    expect(await auditOf(plan)).not.toContain('operation.approved')
    await mira.clicks(plan, 'Cancel')
  })

  test('an approval after the expiry does not count', async () => {
    const plan = await mira.says('restart cart in staging')
    const expired = await mira.seesTheEnd(plan.operationId)
    expect(expired.card.subtitle).toBe('Expired')
    const late = await jonas.clicks(plan, 'Approve')
    expect(late).toMatchObject({ ok: false, says: expect.stringMatching(/expired/) })
  })

  test('an approval of a plan that no longer holds shows the new one and asks again', async () => {
    const plan = await mira.says('scale payments to 5 in production')
    await q.kubectl('-n', 'shop-production', 'scale', 'deploy/payments', '--replicas=4')
    const first = await jonas.clicks(plan, 'Approve')
    expect(first).toMatchObject({ ok: false, says: expect.stringMatching(/plan changed/) })
    const anew = await mira.seesOperation(plan.operationId, ({ revision }) => revision > plan.revision, 'the new plan')
    expect(anew.card.title).toBe('Scale payments in production from 4 to 5')
    expect(await replicas('payments', 'production')).toBe('4')
    expect((await jonas.clicks(anew, 'Approve')).ok).toBe(true)
    expect((await mira.seesTheEnd(plan.operationId)).card.tone).toBe('good')
    expect(await replicas('payments', 'production')).toBe('5')
  })

  test('a locked service is refused to everybody but its holder, and a timed lock ends', async () => {
    await mira.says('lock inventory in dev for 3s')
    const refused = await jonas.says('scale inventory to 2 in dev')
    expect(wordsOf(refused)).toMatch(/locked by Mira Vogel/)
    expect(await replicas('inventory', 'dev')).toBe('1')
    await mira.sees(({ card }) => card.title === 'inventory in dev is free again', 'the end of the lock')
    const scaled = await (await q.as('jonas')).says('scale inventory to 2 in dev')
    expect(scaled.operationId).not.toBeNull()
    await expect.poll(() => replicas('inventory', 'dev')).toBe('2')
  })

  test('break-glass goes alone, with a reason, loudly, and is reviewed by somebody else', async () => {
    const plan = await sam.says('restart orders in production')
    expect(await sam.clicks(plan, 'Break glass')).toMatchObject({ ok: false, says: expect.stringMatching(/reason/) })
    expect(await mira.clicks(plan, 'Break glass', { reason: 'why not' })).toMatchObject({ ok: false })
    expect((await sam.clicks(plan, 'Break glass', { reason: 'orders hang, nobody is awake' })).ok).toBe(true)
    const notice = await mira.sees(({ card }) => card.title.startsWith('Break-glass: '), 'the announcement')
    expect(wordsOf(notice)).toContain('orders hang, nobody is awake')
    expect((await sam.clicks(notice, 'Mark as reviewed')).ok).toBe(false)
    expect((await jonas.clicks(notice, 'Mark as reviewed')).ok).toBe(true)
    await mira.seesOperation(plan.operationId, ({ card }) => card.tone === 'good', 'the restart')
  })

  test('a delegate approves in place of the approver until a date', async () => {
    const lena = await q.as('lena', mira.thread)
    const nextWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
    const given = await lena.says(`delegate sam until ${nextWeek}`)
    if (!given.final) {
      if (given.card.actions?.some((action) => action.label === 'Go ahead')) await lena.clicks(given, 'Go ahead')
      await mira.seesTheEnd(given.operationId)
    }
    const plan = await mira.says('scale orders to 4 in production')
    expect((await sam.clicks(plan, 'Approve')).ok).toBe(true)
    const done = await mira.seesTheEnd(plan.operationId)
    expect(wordsOf(done)).toMatch(/Sam Carter.*for.*Lena Ortiz/)
  })

  test('a question is answered by the next message, and an open plan is corrected', async () => {
    await mira.says('deploy checkout 1.4.2')
    const plan = await mira.says('staging')
    const open = plan.operationId ? plan : await mira.sees(({ card }) => card.kind === 'plan', 'the plan')
    expect(open.card.title).toBe('Deploy checkout 1.4.2 to staging')
    await mira.says('make it 1.4.0')
    const mended = await mira.seesOperation(open.operationId, ({ card }) => card.title.includes('1.4.0'), 'the mended')
    expect(await jonas.clicks(open, 'Approve')).toMatchObject({ ok: false })
    await mira.clicks(mended, 'Cancel')
  })

  test('halt holds changes back and resume lets them go', async () => {
    const open = await mira.says('scale checkout to 5 in production')
    const halted = await jonas.says('halt because database migration')
    if (!halted.final) await jonas.seesTheEnd(halted.operationId)
    expect(wordsOf(await mira.says('scale cart to 2 in dev'))).toMatch(/halted by Jonas Lind.*database migration/)
    expect(await jonas.clicks(open, 'Approve')).toMatchObject({ ok: false, says: expect.stringMatching(/halted/) })
    expect(await replicas('checkout', 'production')).toBe('4')
    const resumed = await jonas.says('resume')
    if (!resumed.final) await jonas.seesTheEnd(resumed.operationId)
    expect(await jonas.clicks(open, 'Approve')).toMatchObject({ ok: true })
    expect((await mira.seesTheEnd(open.operationId)).card.tone).toBe('good')
    expect(await replicas('checkout', 'production')).toBe('5')
  })

  test('the claim code makes the first admin, who makes production read-only', async () => {
    const code = q.program.firstAdminCode
    expect((await mira.says(`claim ${code}`)).card.title).toBe('You are the first admin')
    expect((await jonas.says(`claim ${code}`)).card.tone).toBe('warn')
    const set = await mira.says('mode read-only production')
    if (!set.final) await mira.seesTheEnd(set.operationId)
    expect(wordsOf(await mira.says('scale cart to 6 in production'))).toMatch(/mode in production is read-only/)
    const back = await mira.says('mode review production')
    if (!back.final) await mira.seesTheEnd(back.operationId)
    const link = await mira.says('link slack:U012AB3CD')
    const linked = link.final ? link : await mira.seesTheEnd(link.operationId)
    expect((await mira.clicks(linked, 'Show the code')).says).toMatch(/link (?:[0-9a-z]{4}-?){3}$/)
  })

  test('cancelled in the middle of a rollout, the version before comes back', async () => {
    const before = await image('catalog', 'dev')
    const plan = await mira.says('deploy catalog 3.1.1 to dev')
    await mira.seesOperation(plan.operationId, ({ card }) => card.kind === 'progress', 'the run')
    await expect.poll(() => image('catalog', 'dev')).toContain('3.1.1')
    const running = await mira.seesOperation(plan.operationId, () => true, 'the card')
    expect((await mira.clicks(running, 'Cancel')).ok).toBe(true)
    const end = await mira.seesTheEnd(plan.operationId)
    expect(end.card.subtitle).toMatch(/Cancelled/)
    expect(await image('catalog', 'dev')).toBe(before)
  })

  test.each([false, true])(
    'a change for a while puts itself back (unless somebody changed it: %s)',
    async (changed) => {
      const plan = await mira.says('scale payments to 3 in dev for 3s')
      await mira.seesOperation(
        plan.operationId,
        ({ card }) => /Goes on|hold for 3 s/.test(JSON.stringify(card)),
        'the hold',
      )
      await expect.poll(() => replicas('payments', 'dev')).toBe('3')
      if (changed) await q.kubectl('-n', 'shop-dev', 'scale', 'deploy/payments', '--replicas=2')
      const done = await mira.seesTheEnd(plan.operationId)
      expect(wordsOf(done)).toMatch(changed ? /somebody else set, so it was left alone/ : /back at 1 replica\./)
      expect(await replicas('payments', 'dev')).toBe(changed ? '2' : '1')
      const steps = done.card.blocks.find((block) => block.type === 'steps')?.steps ?? []
      const ends = new Map(steps.map(({ name, state }) => [name, state]))
      expect(ends.get('hold for 3 s')).toBe('done')
      expect(ends.get('put the replicas back')).toBe(changed ? 'skipped' : 'done')
    },
  )
})
