import { newOperationId, type PersonId } from '../../core/ids.ts'
import type { Account, Person } from '../../core/person.ts'
import { linkAccount } from '../../db/accounts.ts'
import { appendAudit } from '../../db/audit.ts'
import { CODE_ATTEMPTS_MAX, type Redeemed, redeemCode } from '../../db/codes.ts'
import type { Transaction } from '../../db/database.ts'
import { addGrant, hasActiveAdmin } from '../../db/grants.ts'
import { listOperations } from '../../db/operations.ts'
import { addOutbox } from '../../db/outbox.ts'
import { listPeople, putPerson } from '../../db/people.ts'
import { notify } from '../../db/store.ts'
import { PEOPLE_TOPIC } from '../people/directory.ts'
import { cleanText } from '../understand/clean.ts'

export interface TypedCode {
  readonly purpose: 'first-admin' | 'link'
  readonly code: string
}

/** `claim CODE` or `link CODE`; codes are twelve letters and digits, with or without dashes. */
export function codeIn(text: string): TypedCode | undefined {
  const match = /^(claim|link)\s+((?:[0-9a-z][ -]?){12})[.!]?$/i.exec(cleanText(text.slice(0, 200)))
  return match?.[2]
    ? { purpose: match[1]?.toLowerCase() === 'claim' ? 'first-admin' : 'link', code: match[2] }
    : undefined
}

/** What is stored and shown of a message with a code: never the code. */
export const hiddenCode = (typed: TypedCode): string => `${typed.purpose === 'link' ? 'link' : 'claim'} ••••`

/** Longer than a code is good for. */
const OFFERED_MS = 86_400_000

export interface CodeReply {
  readonly ok: boolean
  readonly title: string
  readonly says: string
  readonly personId?: PersonId
}

const WHY: Readonly<Record<Extract<Redeemed, { ok: false }>['why'], string>> = {
  unknown: 'This code is not right, or not for this account. Check it and try again; a few wrong tries end it.',
  expired: 'This code has expired. Ask for a new one.',
  used: 'This code was used already. Ask for a new one.',
  'too-many-attempts': `After ${CODE_ATTEMPTS_MAX} wrong tries a code is dead. Ask for a new one.`,
}

/** Redeems a code inside the transaction that also answers its message: a wrong guess is counted and answered together. */
export async function useCode(
  tx: Transaction,
  typed: TypedCode,
  account: Account,
  person: Person | undefined,
  now: Date,
): Promise<CodeReply> {
  if (typed.purpose === 'first-admin' && (await hasActiveAdmin(tx)))
    return {
      ok: false,
      title: 'There is an admin already',
      says: 'Only a fresh install is claimed. Ask an admin for the role you need.',
    }
  // A new person could not take the account over, so nobody could use the right.
  if (typed.purpose === 'first-admin' && person && !person.active)
    return {
      ok: false,
      title: 'Not from this account',
      says: `It belongs to ${person.name}, who is no longer active here. Say it from another account; the code is still good.`,
    }
  if (typed.purpose === 'link' && person)
    return { ok: false, title: 'Nothing to link', says: `This account belongs to ${person.name} already.` }
  const redeemed = await redeemCode(tx, { ...typed, account, now })
  if (!redeemed.ok) return { ok: false, title: 'That code does not work', says: WHY[redeemed.why] }
  const reply =
    typed.purpose === 'link' ? await link(tx, account, redeemed.personId, now) : await claim(tx, account, person, now)
  if (reply.ok) await notify(tx, PEOPLE_TOPIC, '')
  return reply
}

async function link(tx: Transaction, account: Account, personId: PersonId | undefined, now: Date): Promise<CodeReply> {
  const owner = (await listPeople(tx)).find((one) => one.id === personId && one.active)
  if (!owner)
    return { ok: false, title: 'That code does not work', says: 'Whoever asked for it is no longer active here.' }
  const linked = await linkAccount(tx, { account, personId: owner.id, source: 'link', at: now })
  if (!linked) return { ok: false, title: 'Nothing to link', says: 'This account belongs to somebody already.' }
  const own = `${account.surface}:${account.id}`
  const says = `${own} is linked to ${owner.name}.`
  // The card that offered the code loses its button.
  const since = new Date(now.getTime() - OFFERED_MS)
  const asked = await listOperations(tx, { states: ['succeeded'], personId: owner.id, since, limit: 20 })
  const spent = asked.filter(({ outcome, plan }) => outcome?.reveal && plan.input.account === own)
  await addOutbox(
    tx,
    spent.map(({ id }) => ({ kind: 'expire', operationId: id, payload: { reveal: 'used' }, dueAt: now })),
  )
  await appendAudit(tx, [{ actor: owner.id, kind: 'account.linked', says, data: { ...account }, at: now }])
  return { ok: true, title: `Welcome, ${owner.name}`, says: `${says} Your rights hold here too.`, personId: owner.id }
}

const EVERYWHERE = { role: 'admin', environments: ['*'], teams: ['*'] } as const

async function claim(tx: Transaction, account: Account, person: Person | undefined, now: Date): Promise<CodeReply> {
  const admin = person?.active ? person : await newcomer(tx, account, now)
  await addGrant(tx, { personId: admin.id, grant: EVERYWHERE, source: 'claim', at: now })
  const says = `${admin.name} claimed this install and is its first admin.`
  await appendAudit(tx, [{ actor: admin.id, kind: 'install.claimed', says, data: { ...account }, at: now }])
  return {
    ok: true,
    title: 'You are the first admin',
    says: 'Give the others their roles in quarterdeck.yaml. Say "help" to see what you may do.',
    personId: admin.id,
  }
}

async function newcomer(tx: Transaction, account: Account, now: Date): Promise<Pick<Person, 'id' | 'name'>> {
  const people = await listPeople(tx)
  const plain = account.id
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9._-]/g, '')
    .slice(0, 60)
  const taken = plain === '' || people.some((one) => one.id === plain)
  // A name of its own, even beside a leaver who had the same one.
  const id = (taken ? `${plain || 'person'}-${newOperationId().slice(3)}` : plain) as PersonId
  const name = account.id
  await putPerson(tx, { id, name, timezone: 'UTC' }, 'claim')
  await linkAccount(tx, { account, personId: id, source: 'claim', at: now })
  return { id, name }
}
