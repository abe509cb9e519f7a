import { expect, test } from 'vitest'
import { newOperationId, type PersonId } from '../../core/ids.ts'
import { linkAccount } from '../../db/accounts.ts'
import { CODE_ATTEMPTS_MAX, issueCode, redeemCode } from '../../db/codes.ts'
import { activeDelegations, addDelegation } from '../../db/delegations.ts'
import { addGrant, hasActiveAdmin } from '../../db/grants.ts'
import { listPeople, personByAccount, personById, putPerson, syncPeople } from '../../db/people.ts'
import { describeOnStores } from '../_harness/store.ts'

const person = (id: string) => id as PersonId // tests name people freely
const NOW = new Date('2026-11-20T12:00:00Z')
const after = (ms: number) => new Date(NOW.getTime() + ms)

describeOnStores('people', (store) => {
  test('the configuration says who is here; leavers stay on record but count no more', async () => {
    const mira = {
      id: person('mira'),
      name: 'Mira',
      timezone: 'Europe/Berlin',
      accounts: [{ surface: 'web' as const, id: 'mira' }],
      grants: [{ role: 'operator' as const, environments: ['*'], teams: ['*'] }],
    }
    const jonas = { ...mira, id: person('jonas'), name: 'Jonas', accounts: [{ surface: 'web' as const, id: 'jonas' }] }
    await store().transaction((tx) => syncPeople(tx, [mira, jonas]))
    await store().transaction((tx) => syncPeople(tx, [{ ...mira, name: 'Mira K.', grants: [] }]))
    expect(await personByAccount(store().db, { surface: 'web', id: 'mira' })).toMatchObject({
      name: 'Mira K.',
      grants: [],
      active: true,
    })
    expect(await personById(store().db, person('jonas'))).toMatchObject({ active: false, accounts: [], grants: [] })
    await store().transaction((tx) => syncPeople(tx, [mira, jonas]))
    expect((await listPeople(store().db)).filter((row) => row.active).map((row) => row.id)).toEqual(['jonas', 'mira'])
  })

  test('what was linked and claimed in chat survives the next reading of the file', async () => {
    await store().transaction(async (tx) => {
      await putPerson(tx, { id: person('ada'), name: 'Ada', timezone: 'UTC' }, 'claim')
      const account = { surface: 'slack' as const, id: 'U1' }
      expect(await linkAccount(tx, { account, personId: person('ada'), source: 'link', at: NOW })).toBe(true)
      expect(await linkAccount(tx, { account, personId: person('mira'), source: 'link', at: NOW })).toBe(false)
    })
    expect(await hasActiveAdmin(store().db)).toBe(false)
    const grant = { role: 'admin' as const, environments: ['*'], teams: ['*'] }
    await store().transaction((tx) => addGrant(tx, { personId: person('ada'), grant, source: 'claim', at: NOW }))
    await store().transaction((tx) => syncPeople(tx, []))
    expect(await hasActiveAdmin(store().db)).toBe(true)
    expect(await personByAccount(store().db, { surface: 'slack', id: 'U1' })).toMatchObject({
      id: 'ada',
      grants: [grant],
    })
  })

  test('a code works once, in any case, from its own account, until it expires or was guessed at', async () => {
    const account = { surface: 'cli' as const, id: 'mira' }
    const wish = { purpose: 'link' as const, personId: person('mira'), account, now: NOW, expiresAt: after(60_000) }
    const issue = () => store().transaction((tx) => issueCode(tx, wish))
    const redeem = (code: string, over: object = {}) =>
      store().transaction((tx) => redeemCode(tx, { purpose: 'link', code, account, now: NOW, ...over }))
    const code = await issue()
    expect(code).toMatch(/^\w{4}-\w{4}-\w{4}$/)
    expect(await redeem(code, { account: { surface: 'cli', id: 'other' } })).toEqual({ ok: false, why: 'unknown' })
    expect(await redeem(code, { now: after(60_000) })).toEqual({ ok: false, why: 'expired' })
    const both = await Promise.all([redeem(code.toUpperCase().replaceAll('-', ' ')), redeem(code)])
    expect(both).toContainEqual({ ok: true, personId: 'mira' })
    expect(both).toContainEqual({ ok: false, why: 'used' })
    const guessed = await issue()
    for (let guess = 0; guess < CODE_ATTEMPTS_MAX; guess++) await redeem('xxxx-xxxx-xxxx')
    expect(await redeem(guessed)).toEqual({ ok: false, why: 'too-many-attempts' })
    expect(await redeem(await issue())).toMatchObject({ ok: true })
  })

  test('a delegation counts until its date, once per operation', async () => {
    const delegation = {
      from: person('a'),
      to: person('b'),
      until: after(1000),
      operationId: newOperationId(),
      now: NOW,
    }
    await store().transaction((tx) => addDelegation(tx, delegation))
    await store().transaction((tx) => addDelegation(tx, delegation))
    expect(await activeDelegations(store().db, NOW)).toEqual([{ from: 'a', to: 'b', until: after(1000) }])
    expect(await activeDelegations(store().db, after(1000))).toEqual([])
  })
})
