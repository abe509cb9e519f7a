import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visibleText } from '../../core/visible-text.ts'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { type SeenCard, type WebPerson, wordsOf } from '../_harness/web-person.ts'

const labelsOf = ({ card }: SeenCard) => (card.actions ?? []).map((action) => action.label)

/** Characters that hide or reorder what stands beside them, in every string of the cards. */
function unseenIn(value: unknown): string[] {
  if (typeof value === 'string') return visibleText(value) === value ? [] : [JSON.stringify(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(unseenIn) : []
}

describe.skipIf(!kubectlPath())('what cannot be done is asked about or refused, and changes nothing', () => {
  let q: TestProgram
  let mira: WebPerson
  let before: string
  beforeAll(async () => {
    q = await startTestProgram()
    mira = await q.as('mira')
    before = await specs()
  })
  afterAll(() => q?.close())

  /** What every deployment of the shop is set to, as kubectl sees it, but for the sizes that autoscalers choose by the hour of the day. */
  const specs = async () => {
    const lines = async (kind: string, path: string) =>
      (await q.kubectl('get', kind, '-A', '-o', `jsonpath={range .items[*]}${path}{"\\n"}{end}`)).split('\n')
    const scaled = await lines('hpa', '{.metadata.namespace}/{.spec.scaleTargetRef.name}')
    const image = '{.spec.template.spec.containers[0].image}'
    const set = await lines('deploy', `{.metadata.namespace}/{.metadata.name} ${image} {.spec.replicas}`)
    return set.map((line) => (scaled.includes(line.split(' ')[0] ?? '') ? line.replace(/ \d+$/, '') : line)).join('\n')
  }

  test('an unknown service is asked about, the nearest name on a button that goes on', async () => {
    const asked = await mira.says('deploy chkot 1.4.2 to staging')
    expect(wordsOf(asked)).toContain('The nearest is checkout.')
    expect(labelsOf(asked)).toEqual(['checkout', 'Never mind'])
    expect((await mira.clicks(asked, 'checkout')).ok).toBe(true)
    const plan = await mira.sees(({ card }) => card.kind === 'plan', 'the plan')
    expect(plan.card.title).toBe('Deploy checkout 1.4.2 to staging')
    expect((await mira.clicks(plan, 'Cancel')).says).toContain('nothing was changed')
    await mira.seesTheEnd(plan.operationId)
  })

  test('a slip in a long name is read as that name, shown on a plan that waits for a click', async () => {
    await mira.says('restart chekout in dev')
    const plan = await mira.sees(({ card }) => card.kind === 'plan', 'the plan')
    expect(plan.card.title).toBe('Restart checkout in dev')
    expect(wordsOf(plan)).toContain('restart chekout in dev')
    expect((await mira.clicks(plan, 'Cancel')).says).toContain('nothing was changed')
  })

  test('a service like no other gets the known ones offered', async () => {
    const asked = await mira.says('restart zzzqqq in dev')
    expect(wordsOf(asked)).toMatch(/There is no service\W+zzzqqq/)
    // More than there is room for as buttons: all of them stand in the form.
    const fields = asked.card.blocks.flatMap((block) => (block.type === 'form' ? block.fields : []))
    const offered = fields.flatMap(({ options = [] }) => options.map(({ value }) => value))
    expect(offered).toEqual(expect.arrayContaining(['accounts', 'cart', 'checkout', 'search']))
  })

  test('a version that no registry has is refused with those it has, and each offer leads on', async () => {
    const refused = await mira.says('deploy checkout 9.9.9 to staging')
    expect(refused.card.kind).toBe('refusal')
    expect(wordsOf(refused)).toContain('checkout has no version 9.9.9 in its registry')
    const [offer = ''] = labelsOf(refused)
    expect(offer).toContain('1.5.6')
    await mira.clicks(refused, offer)
    const plan = await mira.sees(({ card }) => card.title === 'Deploy checkout 1.5.6 to staging', 'the plan')
    await mira.clicks(plan, 'Cancel')
  })

  test('a misspelt environment is asked about', async () => {
    const asked = await mira.says('deploy checkout 1.4.2 to stgaeg')
    expect(wordsOf(asked)).toContain('Did you mean staging?')
    expect(labelsOf(asked)).toEqual(['staging', 'Never mind'])
  })

  test.each([
    ['-5', 'cannot be below 0'],
    ['1000000', 'cannot be above 1000'],
    ['-7', 'cannot be below 0'],
    ['2.5', 'whole number'],
  ])('%s replicas are refused, and the number is asked for', async (replicas, says) => {
    const asked = await mira.says(`scale checkout to ${replicas} in staging`)
    expect(asked.card.kind).toBe('form')
    expect(wordsOf(asked)).toContain(says)
    const again = await mira.clicks(asked, 'Continue', { values: { replicas: '1000000' } })
    expect(again.says).toContain('cannot be above 1000')
    await mira.clicks(asked, 'Never mind')
  })

  test('an empty message is refused with a sentence', async () => {
    for (const text of ['', '   \n\t ']) {
      const response = await mira.request(`threads/${mira.thread}/messages`, { text, key: 'empty-message' })
      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({ error: 'text: is empty: say what should happen.' })
    }
    const invisible = await mira.says('\u200b\u2060\u202e')
    expect(invisible.card.title).toBe('That message was empty')
  })

  test('100 kB are taken, and answered with why they are not read', async () => {
    const refused = await mira.says(`deploy checkout 1.4.2 to staging ${'x'.repeat(100_000)}`)
    expect(refused.card.title).toBe('That message is too long')
    expect(wordsOf(refused)).toContain('100,033 characters')
    const over = await mira.request(`threads/${mira.thread}/messages`, {
      text: 'x'.repeat(2 * 1024 * 1024),
      key: 'two-mebibytes',
    })
    expect(over.status).toBe(413)
    expect((await mira.says('whoami')).card.kind).toBe('answer')
  })

  test('control and bidi characters neither hide nor reorder anything on a card', async () => {
    const plan = await mira.says('please could you ship checkout 1.4.2 to staging \u202e\u0007')
    expect(wordsOf(plan)).toContain('1.4.2 to staging ⟨U+202E⟩⟨U+0007⟩”')
    await mira.clicks(plan, 'Cancel')
    const asked = await mira.says('deploy che\u202eckuot 1.4.2 to staging')
    const cards = (await mira.cards()).map(({ card }) => card)
    expect(asked.card.kind).not.toBe('refusal')
    expect(unseenIn(cards)).toEqual([])
  })

  test('what GitOps owns is refused, naming the owner', async () => {
    const argo = await mira.says('scale shipping to 3 in staging')
    expect(argo.card.kind).toBe('refusal')
    expect(wordsOf(argo)).toMatch(/shipping-staging.*Argo CD.*Git/)
    const flux = await mira.says('restart accounts in production')
    expect(flux.card.kind).toBe('refusal')
    expect(wordsOf(flux)).toMatch(/accounts-production/)
  })

  test('replicas that an autoscaler owns are planned with a warning', async () => {
    const plan = await mira.says('scale search to 2 in production')
    expect(plan.card.kind).toBe('plan')
    expect(wordsOf(plan)).toMatch(/autoscaler search owns the replicas.*it will pull 2 back into 3 to 10/)
    await mira.clicks(plan, 'Cancel')
  })

  test('a dry run shows the plan and stops there', async () => {
    const shown = await mira.says('dry run: scale cart to 3 in dev')
    expect(shown.final).toBe(true)
    expect(wordsOf(shown)).toContain('Dry run: nothing was changed')
    expect(labelsOf(shown)).toEqual([])
  })

  test('after all of this kubectl sees the shop as it was', async () => {
    expect(before).toMatch(/^shop-staging\/checkout \S+checkout:1\.4\.1 2$/m)
    expect(before).toMatch(/^shop-production\/web \S+web:3\.2\.1$/m)
    expect(await specs()).toBe(before)
  })
})
