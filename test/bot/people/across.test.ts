import { afterEach, describe, expect, it } from 'vitest'
import { plainText } from '../../../core/card.ts'
import type { Account, Person } from '../../../core/person.ts'
import { auditOfOperation } from '../../../db/audit.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { audit } from '../../../db/schema/audit.ts'
import { deliveries } from '../../../db/schema/deliveries.ts'
import { severedAccounts } from '../../../db/schema/severed-accounts.ts'
import { soon } from '../../_harness/soon.ts'
import { useStore } from '../../_harness/store.ts'
import { Square, slack, someone, teams, titles } from './square.ts'

const store = useStore()
let square: Square
afterEach(async () => {
  await square.close()
  for (const table of [accounts, severedAccounts, deliveries]) await store().db.delete(table)
})

const DM = 'T1:D1:'
const CHAT = 'a:chat'
const mira = someone('mira', [slack('U1'), { surface: 'web', id: 'mira' }], 'operator')
const ann = someone('ann', [slack('U2'), teams('t2')], 'approver')
const ben = someone('ben', [teams('t3')], 'approver')
const root = someone('root', [slack('U9')], 'admin')
const CREW = [mira, ann, ben, root]

const open = async (people: readonly Person[] = CREW) => {
  square = await new Square(store()).open(people)
  return square
}
const holders = async () =>
  (await store().db.select().from(accounts)).map(
    ({ surface, accountId, personId, source }) => `${surface}:${accountId} ${personId} ${source}`,
  )

describe('an account that nobody knows', () => {
  it('is tied by its verified e-mail address before its first message counts, which is said privately and audited', async () => {
    await open()
    square.emails['teams:t1'] = 'Mira@Example.com '
    const cards = await square.says(teams('t1'), 'deploy checkout staging', CHAT)
    expect(titles(cards).toSorted()).toEqual(['Deploy checkout to staging', 'Welcome, Mira'])
    const welcome = cards.find(({ key }) => key === 'linked:teams:t1')
    expect(welcome?.onlyPerson).toBe('mira')
    expect(await holders()).toContain('teams:t1 mira email')
    const told = (await store().db.select().from(audit)).filter(({ kind }) => kind === 'account.linked')
    expect(told.at(-1)).toMatchObject({ actor: 'mira', data: { surface: 'teams', id: 't1', by: 'email' } })
    expect(titles(await square.says(teams('t1'), 'deploy cart staging', CHAT))).toEqual(['Deploy cart to staging'])
  })

  it('is tied before its first click counts', async () => {
    await open()
    const [plan] = await square.says(slack('U1'), 'deploy checkout staging', 'T1:C1:1.1')
    square.emails['teams:t7'] = 'ben@example.com'
    const [operation] = await square.cardsOf(plan?.operationId ?? ('none' as never))
    if (!operation) throw new Error('no card')
    expect(await square.clicks(teams('t7'), operation, 'Approve')).toEqual({ ok: true, says: 'It starts now.' })
    expect(await holders()).toContain('teams:t7 ben email')
  })

  it.each([
    ['nobody vouches', undefined, CREW],
    ['its service does not answer', new Error('slack is down'), CREW],
    ['it is nobody’s', 'eve@example.com', CREW],
    [
      'it is two persons’',
      'mira@example.com',
      [...CREW, { ...ben, id: 'm2' as never, email: 'MIRA@example.com', accounts: [] }],
    ],
  ])('stays a stranger when %s', async (_why, email, people) => {
    await open(people)
    if (email) square.emails['teams:t1'] = email
    expect(titles(await square.says(teams('t1'), 'deploy checkout staging', CHAT))).toEqual([
      'I do not know this account yet',
    ])
  })

  it('stays a stranger when its address is a leaver’s', async () => {
    await open()
    await square.employ([ann, ben, root])
    square.emails['teams:t1'] = 'mira@example.com'
    expect(titles(await square.says(teams('t1'), 'deploy checkout staging', CHAT))).toEqual([
      'I do not know this account yet',
    ])
  })

  it.each([
    [slack('U1'), DM, teams('t1'), CHAT],
    [teams('t2'), CHAT, slack('U22'), DM],
    [slack('U1'), DM, { surface: 'web', id: 'phone' } as const, 'web-phone'],
    [{ surface: 'web', id: 'mira' } as const, 'web-mira', slack('U11'), DM],
    [teams('t2'), CHAT, { surface: 'cli', id: 'ann' } as const, 'cli-ann'],
  ])('is linked by a one-time code said there (%j in %s, to %j in %s)', async (from, place, to, there) => {
    await open()
    const own = `${to.surface}:${to.id}`
    const [asked] = await square.says(from, `link ${own}`, place)
    const [card] = await square.cardsOf(asked?.operationId ?? ('none' as never))
    if (!card) throw new Error('no card')
    const { says } = await square.clicks(from, card, 'Show the code')
    const code = /link (\S+)$/.exec(says)?.[1]
    const replies = await square.says(to, `link ${code}`, there)
    expect(titles(replies)[0]).toMatch(/^Welcome, (Mira|Ann)$/)
    expect((await holders()).some((line) => line.startsWith(`${own} `) && line.endsWith(' link'))).toBe(true)
  })
})

describe('unlinking', () => {
  const linked = async (account: Account, email: string, thread: string) => {
    square.emails[`${account.surface}:${account.id}`] = email
    await square.says(account, 'link cli:nothing', thread)
  }

  it('takes effect at the next click, also for an address that is still vouched for', async () => {
    await open()
    await linked(teams('t5'), 'ann@example.com', CHAT)
    const [plan] = await square.says(slack('U1'), 'deploy checkout staging', 'T1:C1:1.1')
    const [done] = await square.says(slack('U2'), 'unlink teams:t5', DM)
    expect(done?.card).toMatchObject({ kind: 'result', tone: 'good' })
    if (!plan) throw new Error('no plan')
    expect(await square.clicks(teams('t5'), plan, 'Approve')).toMatchObject({
      ok: false,
      says: expect.stringContaining('I do not know teams:t5'),
    })
    expect(titles(await square.says(teams('t5'), 'deploy checkout staging', CHAT))).toEqual([
      'I do not know this account yet',
    ])
    const kinds = (await auditOfOperation(store().db, done?.operationId ?? ('none' as never))).map(({ kind }) => kind)
    expect(kinds).toContain('desk.unlink')
  })

  it('is for whose account it is, and for admins', async () => {
    await open()
    await linked(teams('t5'), 'ann@example.com', CHAT)
    const [refused] = await square.says(slack('U1'), 'unlink teams:t5', DM)
    expect(refused?.card).toMatchObject({ kind: 'refusal', title: 'Not allowed' })
    expect(await holders()).toContain('teams:t5 ann email')
    await square.says(slack('U9'), 'unlink teams:t5', 'T1:D9:')
    expect((await holders()).filter((line) => line.startsWith('teams:t5'))).toEqual([])
  })

  it('of an account in quarterdeck.yaml is done in the file', async () => {
    await open()
    const [refused] = await square.says(slack('U1'), 'unlink slack:U1', DM)
    const [block] = refused?.card.blocks ?? []
    expect(block?.type === 'text' && plainText(block.text)).toBe(
      "slack:U1 is Mira's by quarterdeck.yaml (people.mira.accounts.slack): take it out there and restart.",
    )
    expect(await holders()).toContain('slack:U1 mira config')
  })

  it('ends nothing for ever: a code ties it again', async () => {
    await open()
    await linked(teams('t5'), 'ann@example.com', CHAT)
    await square.says(slack('U2'), 'unlink teams:t5', DM)
    const [asked] = await square.says(slack('U2'), 'link teams:t5', DM)
    if (!asked) throw new Error('no card')
    const code = /link (\S+)$/.exec((await square.clicks(slack('U2'), asked, 'Show the code')).says)?.[1]
    await square.says(teams('t5'), `link ${code}`, CHAT)
    expect(await holders()).toContain('teams:t5 ann link')
  })
})

describe('a person with two accounts', () => {
  it('makes one approval, wherever they click', async () => {
    await open()
    const [plan] = await square.says(slack('U1'), 'deploy checkout production', 'T1:C1:1.1')
    if (!plan) throw new Error('no plan')
    expect(await square.clicks(slack('U2'), plan, 'Approve')).toMatchObject({ ok: true })
    expect(await square.clicks(teams('t2'), plan, 'Approve')).toMatchObject({
      says: expect.stringMatching(/^You approved this already\. 1 /),
    })
    expect((await square.cardsOf(plan.operationId as never))[0]?.card.subtitle).toBe('Waiting for approval')
    expect(await square.clicks(teams('t3'), plan, 'Approve')).toEqual({ ok: true, says: 'It starts now.' })
  })

  it('does not approve on one what they asked for on the other', async () => {
    await open([someone('ann', [slack('U2'), teams('t2')], 'approver', 'operator'), ben])
    const [plan] = await square.says(slack('U2'), 'deploy checkout staging', 'T1:C1:1.1')
    if (!plan) throw new Error('no plan')
    expect(await square.clicks(teams('t2'), plan, 'Approve')).toEqual({
      ok: false,
      says: 'Nobody approves their own request. Somebody else has to.',
    })
  })

  it('has no right left anywhere once they leave', async () => {
    await open()
    square.emails['teams:t6'] = 'ann@example.com'
    await square.says(teams('t6'), 'link cli:nothing', CHAT)
    const [plan] = await square.says(slack('U1'), 'deploy checkout staging', 'T1:C1:1.1')
    if (!plan) throw new Error('no plan')
    await square.employ([mira, ben, root])
    for (const account of [slack('U2'), teams('t2'), teams('t6')]) {
      const reply = await square.clicks(account, plan, 'Approve')
      expect(reply.ok).toBe(false)
    }
    expect(await square.clicks(teams('t6'), plan, 'Approve')).toEqual({
      ok: false,
      says: 'Ann is no longer active here.',
    })
    await soon(async () => {
      const [said] = await square.says(teams('t6'), 'deploy cart staging', CHAT)
      expect(said?.card.kind).toBe('refusal')
    })
    expect(await square.clicks(teams('t3'), plan, 'Approve')).toMatchObject({ ok: true })
  })
})
