import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { firstAdminCode } from '../../../bot/people/first-admin.ts'
import type { PersonId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { linkAccount } from '../../../db/accounts.ts'
import { issueCode } from '../../../db/codes.ts'
import { listPeople } from '../../../db/people.ts'
import { codes } from '../../../db/schema/codes.ts'
import { grants } from '../../../db/schema/grants.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { Chat } from './chat.ts'

let store: Store
let chat: Chat
beforeAll(async () => {
  store = await openStore({ backend: 'pglite' }, silentLogger)
})
afterAll(() => store.close())
afterEach(async () => {
  await chat.close()
  // A fresh install again, as far as these tests look.
  await store.db.delete(grants).where(eq(grants.role, 'admin'))
  await store.db.delete(codes)
})

const admins = async () =>
  (await listPeople(store.db)).filter(({ grants }) => grants.some(({ role }) => role === 'admin')).map(({ id }) => id)
const codeFor = async () => (await firstAdminCode(store, chat.now)) ?? 'none'

describe('the first admin', () => {
  it('is whoever says the printed code, once; the code is stored nowhere', async () => {
    chat = await new Chat(store).open({ people: 'nobody' })
    const code = await codeFor()
    expect(await chat.says('ada', `claim ${code.toUpperCase()}`)).toMatchObject({ title: 'You are the first admin' })
    expect(await admins()).toEqual(['ada'])
    expect(await chat.says('eve', `claim ${code}`)).toMatchObject({ title: 'There is an admin already' })
    expect(await admins()).toEqual(['ada'])
    expect(await firstAdminCode(store, chat.now)).toBeUndefined()
    expect((await chat.requests()).map(({ text }) => text)).toEqual(['claim ••••', 'claim ••••'])
    // Known from now on, without a restart.
    expect(await chat.says('ada', 'status')).toMatchObject({ kind: 'answer' })
  })

  it('may be somebody who is known already', async () => {
    chat = await new Chat(store).open()
    await chat.says('mira', `claim ${await codeFor()}`)
    expect(await admins()).toEqual(['mira'])
  })

  it('is nobody whom no account leads to: what a leaver had linked cannot claim', async () => {
    chat = await new Chat(store).open()
    const account = { surface: 'web', id: 'lee-phone' } as const
    await store.transaction((tx) =>
      linkAccount(tx, { account, personId: 'lee' as PersonId, source: 'link', at: chat.now }),
    )
    const code = await codeFor()
    expect(await chat.says('lee', `claim ${code}`, { account })).toMatchObject({ title: 'Not from this account' })
    expect(await admins()).toEqual([])
    expect(await chat.says('mira', `claim ${code}`)).toMatchObject({ title: 'You are the first admin' })
  })

  it('is nobody after wrong guesses or a day', async () => {
    chat = await new Chat(store).open()
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
    chat = await new Chat(store).open()
    const account = { surface: 'web', id: 'mira-phone' } as const
    const expiresAt = new Date(chat.now.getTime() + 600_000)
    const code = await store.transaction((tx) =>
      issueCode(tx, { purpose: 'link', personId: 'mira' as PersonId, account, now: chat.now, expiresAt }),
    )
    expect(await chat.says('ghost', `link ${code}`)).toMatchObject({ title: 'That code does not work' })
    await chat.says('mira-phone', `link ${code}`)
    expect((await chat.cards('mira')).at(-1)?.card.title).toBe('Welcome, Mira')
    await chat.says('mira-phone', 'deploy checkout 1.4.2 staging')
    expect(await chat.operations()).toMatchObject([{ personId: 'mira' }])
  })
})
