import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { firstAdminCode } from '../../../bot/people/first-admin.ts'
import type { PersonId } from '../../../core/ids.ts'
import { linkAccount } from '../../../db/accounts.ts'
import { issueCode } from '../../../db/codes.ts'
import { listPeople } from '../../../db/people.ts'
import { codes } from '../../../db/schema/codes.ts'
import { grants } from '../../../db/schema/grants.ts'
import { useStore } from '../../_harness/store.ts'
import { Chat, wordsOf } from './chat.ts'

const store = useStore()
let chat: Chat
afterEach(async () => {
  await chat.close()
  // A fresh install again, as far as these tests look.
  await store().db.delete(grants).where(eq(grants.role, 'admin'))
  await store().db.delete(codes)
})

const admins = async () =>
  (await listPeople(store().db)).filter(({ grants }) => grants.some(({ role }) => role === 'admin')).map(({ id }) => id)
const codeSaid = ({ says }: { says: string }) =>
  /link ((?:[0-9a-z]{4}-?){3})$/.exec(says)?.[1] ?? `no code in "${says}"`
const codeFor = async () => (await firstAdminCode(store(), chat.now)) ?? 'none'

describe('the first admin', () => {
  it('is whoever says the printed code, once; the code is stored nowhere', async () => {
    chat = await new Chat(store()).open({ people: 'nobody' })
    const code = await codeFor()
    expect(await chat.says('ada', `claim ${code.toUpperCase()}`)).toMatchObject({ title: 'You are the first admin' })
    expect(await admins()).toEqual(['ada'])
    expect(await chat.says('eve', `claim ${code}`)).toMatchObject({ title: 'There is an admin already' })
    expect(await admins()).toEqual(['ada'])
    expect(await firstAdminCode(store(), chat.now)).toBeUndefined()
    expect((await chat.requests()).map(({ text }) => text)).toEqual(['claim ••••', 'claim ••••'])
    // Known from now on, without a restart.
    expect(await chat.says('ada', 'status')).toMatchObject({ kind: 'answer' })
  })

  it('may be somebody who is known already', async () => {
    chat = await new Chat(store()).open()
    await chat.says('mira', `claim ${await codeFor()}`)
    expect(await admins()).toEqual(['mira'])
  })

  it('is nobody whom no account leads to: what a leaver had linked cannot claim', async () => {
    chat = await new Chat(store()).open()
    const account = { surface: 'web', id: 'lee-phone' } as const
    await store().transaction((tx) =>
      linkAccount(tx, { account, personId: 'lee' as PersonId, source: 'link', at: chat.now }),
    )
    const code = await codeFor()
    expect(await chat.says('lee', `claim ${code}`, { account })).toMatchObject({ title: 'Not from this account' })
    expect(await admins()).toEqual([])
    expect(await chat.says('mira', `claim ${code}`)).toMatchObject({ title: 'You are the first admin' })
  })

  it('is nobody after wrong guesses or a day', async () => {
    chat = await new Chat(store()).open()
    const code = await codeFor()
    for (let guess = 0; guess < 5; guess++)
      expect(await chat.says('mira', 'claim aaaa-bbbb-cccc')).toMatchObject({ title: 'That code does not work' })
    expect(await chat.says('mira', `claim ${code}`)).toMatchObject({ title: 'That code does not work' })
    const next = await codeFor()
    chat.now = new Date(chat.now.getTime() + 25 * 3_600_000)
    expect(await chat.says('mira', `claim ${next}`)).toMatchObject({ title: 'That code does not work' })
    expect(await admins()).toEqual([])
  })
})

describe('linking an account', () => {
  it('works from the account the code was made for, and gives the person’s rights there', async () => {
    chat = await new Chat(store()).open()
    const account = { surface: 'web', id: 'mira-phone' } as const
    const expiresAt = new Date(chat.now.getTime() + 600_000)
    const code = await store().transaction((tx) =>
      issueCode(tx, { purpose: 'link', personId: 'mira' as PersonId, account, now: chat.now, expiresAt }),
    )
    expect(await chat.says('ghost', `link ${code}`)).toMatchObject({ title: 'That code does not work' })
    await chat.says('mira-phone', `link ${code}`)
    expect((await chat.cards('mira')).at(-1)?.card.title).toBe('Welcome, Mira')
    await chat.says('mira-phone', 'deploy checkout 1.4.2 staging')
    expect(await chat.operations()).toMatchObject([{ personId: 'mira' }])
  })

  /** Every text of every table of ours. */
  async function everythingStored(): Promise<string> {
    const tables = await store().db.execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'quarterdeck'`,
    )
    const rows = await Promise.all(
      tables.rows.map(({ name }) => store().db.execute(sql`select * from quarterdeck.${sql.identifier(name)}`)),
    )
    return JSON.stringify(rows)
  }

  async function askedToLink(account: string) {
    chat = await new Chat(store()).open()
    await chat.says('mira', `link web:${account}`)
    const [operation] = await chat.operations()
    if (!operation) throw new Error('there is no operation')
    const card = async () => (await chat.cards()).find((row) => row.operationId === operation.id)?.card
    return { operation, card }
  }

  it('shows the code to who asked and to nobody else, stores it nowhere, and takes it from a second account', async () => {
    const { operation, card } = await askedToLink('mira-tablet')
    expect(operation).toMatchObject({ skill: 'link', state: 'succeeded' })
    expect(await chat.clicks('jonas', 'Show the code')).toMatchObject({
      ok: false,
      says: 'This is for Mira alone, who asked for it.',
    })
    const first = codeSaid(await chat.clicks('mira', 'Show the code'))
    const second = codeSaid(await chat.clicks('mira', 'Show the code'))
    const stored = await everythingStored()
    expect(stored).toContain('mira-tablet')
    for (const code of [first, second]) {
      expect(stored).not.toContain(code)
      expect(stored).not.toContain(code.replaceAll('-', ''))
    }

    expect(await chat.says('eve', `link ${second}`)).toMatchObject({ title: 'That code does not work' })
    await chat.says('mira-tablet', `link ${first}`)
    expect((await chat.cards()).at(-1)?.card.title).toBe('That code does not work')
    await chat.says('mira-tablet', `link ${second}`)
    expect((await chat.cards('mira')).at(-1)?.card.title).toBe('Welcome, Mira')
    await chat.passTime(operation.id)
    expect(wordsOf(await card())).toContain('It was used.')
    expect((await card())?.actions).toEqual([])
    await chat.says('mira-tablet', 'deploy checkout 1.4.2 staging')
    expect(await chat.operations()).toMatchObject([{ skill: 'deploy', personId: 'mira' }, { skill: 'link' }])
  })

  it('takes the button off the card when its time is over', async () => {
    const { operation, card } = await askedToLink('mira-watch')
    const code = codeSaid(await chat.clicks('mira', 'Show the code'))
    chat.now = new Date(chat.now.getTime() + 15 * 60_000)
    expect(await chat.clicks('mira', 'Show the code')).toMatchObject({ ok: false })
    await chat.says('mira-watch', `link ${code}`)
    expect((await chat.cards()).at(-1)?.card.title).toBe('That code does not work')
    await chat.passTime(operation.id)
    expect(wordsOf(await card())).toContain('It was not used in time.')
    expect((await card())?.actions).toEqual([])
  })
})
