import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messageOf } from '../../core/errors.ts'
import { syncPeople } from '../../db/people.ts'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import type { Place, Talker } from './talker.ts'

/** The example's rules, but that plans of restarts in staging expire at once, so that nobody needs to wait for half an hour. */
const CONFIG = {
  approvals: [
    { name: 'production', when: { protected: true }, require: { count: 1, role: 'approver' }, expires: '30m' },
    { name: 'staging', when: { environments: ['staging'], skills: ['deploy'] }, require: {}, expires: '30m' },
    { name: 'quick', when: { environments: ['staging'], skills: ['restart'] }, require: {}, expires: '1s' },
  ],
}

/**
 * What people may rely on wherever they talk: the same conversations, told in what a person sees and presses, on every surface. `open` puts a
 * place on a program that was started with `config` beside the example.
 */
export function conversationsOn(
  surface: string,
  prepare: () => Promise<{ config: object; open(q: TestProgram): Promise<Place>; close(): Promise<void> }>,
) {
  describe.skipIf(!kubectlPath())(`the conversations on ${surface}`, () => {
    let place: Place
    let end: () => Promise<void>
    let mira: Talker
    let jonas: Talker
    let sam: Talker
    beforeAll(async () => {
      const ground = await prepare()
      end = async () => {
        await place?.close()
        await place?.q.close()
        await ground.close()
      }
      const q = await startTestProgram({ config: { ...CONFIG, ...ground.config } })
      place = await ground.open(q)
    })
    afterAll(() => end?.())
    beforeEach(async () => {
      await place.elsewhere()
      mira = await place.as('mira')
      jonas = await place.as('jonas')
      sam = await place.as('sam')
    })

    const spec = (service: string, environment: string, path: string) =>
      place.q.kubectl('-n', `shop-${environment}`, 'get', 'deploy', service, '-o', `jsonpath={.spec.${path}}`)
    const image = (service: string, environment: string) =>
      spec(service, environment, 'template.spec.containers[0].image')

    test('a change is asked for, approved by somebody else, done, and undone, on one card each', async () => {
      await mira.says('deploy checkout 1.4.2 to staging')
      const plan = await mira.sees([/Deploy checkout 1\.4\.2 to staging/, /1\.4\.1/, /Waiting for approval/])
      expect(await mira.presses(plan, 'Approve')).toMatch(/Nobody approves their own request/)
      await jonas.presses(await jonas.sees(/Deploy checkout 1\.4\.2 to staging/, 'Approve'), 'Approve')
      const done = await mira.sees([/Deploy checkout 1\.4\.2 to staging/, /Jonas Lind/], 'Undo')
      expect(done.message).toBe(plan.message)
      expect(done.buttons).not.toContain('Approve')
      expect(await image('checkout', 'staging')).toContain('checkout:1.4.2@')
      await mira.presses(done, 'Undo')
      await jonas.presses(await jonas.sees(/Deploy checkout 1\.4\.1/, 'Approve'), 'Approve')
      await mira.sees([/Deploy checkout 1\.4\.1/, /Jonas Lind/], 'Undo')
      expect(await image('checkout', 'staging')).toContain('checkout:1.4.1@')
    })

    test('a question is answered by a word, and a plan corrected by another', async () => {
      await mira.says('deploy search 2.7.6')
      await mira.sees(/which environment/i, 'staging')
      await mira.says('staging')
      await mira.sees([/Deploy search 2\.7\.6 to staging/, /Waiting for approval/])
      await mira.says('make it 2.7.5')
      const plan = await mira.sees(/Deploy search 2\.7\.5 to staging/, 'Cancel')
      expect(await mira.presses(plan, 'Cancel')).toMatch(/nothing was changed/)
      await mira.sees([/Deploy search 2\.7\.5 to staging/, /Cancelled/])
    })

    test('a question is answered by its button', async () => {
      await mira.says('scale orders to 7')
      const asked = await mira.sees(/which environment/i, 'production')
      await mira.presses(asked, 'production')
      const plan = await mira.sees(/Scale orders in production/, 'Cancel')
      await mira.presses(plan, 'Cancel')
      await mira.sees([/Scale orders in production/, /Cancelled/])
    })

    test('a form asks for what is missing', async () => {
      await mira.says('scale')
      const form = await mira.sees(/scale/i, 'Continue')
      await mira.fills(form, { service: 'cart', environment: 'dev', replicas: '3' })
      const plan = await mira.sees(/Scale cart in dev/)
      if (plan.buttons.some((label) => label.startsWith('Go ahead'))) await mira.presses(plan, 'Go ahead')
      await mira.sees(/Scale cart in dev/, 'Undo')
      expect(await spec('cart', 'dev', 'replicas')).toBe('3')
    })

    test('who may not is told why, and nothing moves', async () => {
      const priya = await place.as('priya')
      await priya.says('scale cart to 9 in production')
      await priya.sees(/operator/)
      await mira.says('scale cart to 5 in production')
      const plan = await priya.sees([/Scale cart in production/, /Waiting for approval/])
      expect(await priya.presses(plan, 'Approve')).toMatch(/approver/)
      await mira.presses(await mira.sees(/Scale cart in production/, 'Cancel'), 'Cancel')
    })

    test('what was asked in another conversation is found by who may decide, and decided there', async () => {
      await mira.says('scale orders to 5 in production')
      const plan = await mira.sees([/Scale orders in production/, /Waiting for approval/])
      await place.elsewhere()
      jonas = await place.as('jonas')
      await jonas.says('approvals')
      await jonas.presses(await jonas.sees(/Waiting for you/, 'Show op-'), 'Show op-')
      await jonas.sees(/Its way/)
      const there = await jonas.sees([/Scale orders in production/, /Waiting for approval/], 'Reject')
      await jonas.says(`explain ${/\bop-[a-z0-9]{8}\b/.exec(there.words)?.[0]}`)
      await jonas.sees(/Its card is further up in this conversation/)
      await jonas.presses(there, 'Reject', { reason: 'not at this hour' })
      const done = await jonas.sees([/Scale orders in production/, /Rejected/, /not at this hour/])
      expect(done.message).toBe(there.message)
      expect(done.message === undefined || done.message !== plan.message).toBe(true)
    })

    test('at 3 a.m. somebody with the right goes alone, says why, and is reviewed', async () => {
      await sam.says('restart orders in production')
      const seen = await mira.sees([/Restart orders in production/, /Waiting for approval/])
      expect(await mira.presses(seen, 'Break glass', { reason: 'why not' })).toMatch(/break.?glass/i)
      const plan = await sam.sees(/Restart orders in production/, 'Break glass')
      await sam.presses(plan, 'Break glass', { reason: 'orders hang, nobody is awake' })
      const notice = await jonas.sees([/Break-glass: /, /orders hang, nobody is awake/], 'Mark as reviewed')
      const own = await sam.presses(await sam.sees(/Break-glass: /, 'Mark as reviewed'), 'Mark as reviewed')
      expect(own).toMatch(/cannot review it/)
      await jonas.presses(notice, 'Mark as reviewed')
      await sam.sees(/Jonas Lind reviewed the break-glass/)
    })

    test('what runs can be watched and stopped in the middle', async () => {
      const before = await image('catalog', 'dev')
      await mira.says('deploy catalog 3.1.1 to dev')
      const running = await mira.sees([/Deploy catalog 3\.1\.1 to dev/, /(?:pods|ready|roll)/i], 'Cancel')
      await expect.poll(() => image('catalog', 'dev')).toContain('3.1.1')
      await mira.presses(running, 'Cancel')
      await mira.sees([/Deploy catalog 3\.1\.1 to dev/, /Cancelled/])
      expect(await image('catalog', 'dev')).toBe(before)
    })

    test('an answer that is long is cut where one can see it', async () => {
      await mira.says('logs checkout staging')
      const [, left] =
        /(\d+) (?:more|earlier|lines)/.exec(
          (await mira.sees([/Logs of checkout in staging/, /lines from \d pod/])).words,
        ) ?? []
      expect(Number(left)).toBeGreaterThan(0)
    })

    test('what nobody approved in time is over', async () => {
      await mira.says('restart cart in staging')
      const plan = await jonas.sees(/Restart cart in staging/)
      await mira.sees([/Restart cart in staging/, /Expired/])
      if (plan.buttons.includes('Approve')) expect(await jonas.presses(plan, 'Approve')).toMatch(/expired|moved on/)
    })

    test('who left has no say from that moment on', async () => {
      const lena = await place.as('lena')
      await mira.says('scale payments to 6 in production')
      const plan = await lena.sees(/Scale payments in production/, 'Approve')
      const { store } = place.q.program
      const everybody = place.q.config.people
      await store.transaction((tx) =>
        syncPeople(
          tx,
          everybody.filter(({ id }) => id !== 'lena'),
        ),
      )
      try {
        const refused = await lena.presses(plan, 'Approve').catch(messageOf)
        expect(refused).toMatch(/no longer active|do not know|Say who you are|Nobody here is called "lena"/)
      } finally {
        await store.transaction((tx) => syncPeople(tx, everybody))
      }
      expect(await spec('payments', 'production', 'replicas')).not.toBe('6')
      await jonas.presses(await jonas.sees(/Scale payments in production/, 'Approve'), 'Approve')
      const done = await mira.sees([/Scale payments in production/, /Jonas Lind/], 'Undo')
      expect(done.words).not.toContain('Lena Ortiz')
    })

    test('a restart in the middle loses nothing', async () => {
      await mira.says('scale inventory to 6 in production')
      await mira.sees([/Scale inventory in production/, /Waiting for approval/])
      await place.q.restart()
      const [again, approver] = [await place.as('mira'), await place.as('jonas')]
      await approver.presses(await approver.sees(/Scale inventory in production/, 'Approve'), 'Approve')
      await again.sees([/Scale inventory in production/, /Jonas Lind/], 'Undo')
      expect(await spec('inventory', 'production', 'replicas')).toBe('6')
    })
  })
}
