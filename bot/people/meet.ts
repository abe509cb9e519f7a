import type { Card } from '../../core/card.ts'
import { messageOf } from '../../core/errors.ts'
import type { ThreadId } from '../../core/ids.ts'
import type { Account, Person } from '../../core/person.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import { linkAccount, personVouchedFor } from '../../db/accounts.ts'
import { appendAudit } from '../../db/audit.ts'
import type { Transaction } from '../../db/database.ts'
import { putDelivery } from '../../db/deliveries.ts'
import { notify, type Store } from '../../db/store.ts'
import { PEOPLE_TOPIC } from './directory.ts'

/** The address that a chat service vouches for as this account's; undefined when it vouches for none. */
export type VouchedEmail = (account: Account) => Promise<string | undefined>

interface Deps {
  readonly store: Store
  readonly people: Pick<PeopleDirectory, 'byAccount' | 'refresh'>
  readonly vouchedEmail?: VouchedEmail
  readonly clock: () => Date
  readonly log: Logger
}

/**
 * Whose account this is. One that nobody knows yet is tied, before what it says counts, to the person of the configuration whose e-mail
 * address its service vouches for; they are told so privately in `thread`. Undefined for strangers.
 */
export async function meet(
  deps: Deps,
  account: Account,
  thread: (tx: Transaction) => Promise<ThreadId | undefined>,
): Promise<Person | undefined> {
  const { people } = deps
  if (!people.byAccount(account)) await people.refresh()
  if (!people.byAccount(account) && (await linkByEmail(deps, account, thread))) await people.refresh()
  return people.byAccount(account)
}

/** Whether the account may be somebody's by now. */
async function linkByEmail(
  { store, vouchedEmail, clock, log }: Deps,
  account: Account,
  thread: (tx: Transaction) => Promise<ThreadId | undefined>,
): Promise<boolean> {
  const email = await vouchedEmail?.(account).catch((error: unknown) => {
    log.warn(
      { surface: account.surface, reason: messageOf(error) },
      'an account could not be looked up; it stays unknown',
    )
    return undefined
  })
  if (!email) return false
  return store.transaction(async (tx) => {
    const person = await personVouchedFor(tx, account, email)
    const at = clock()
    if (!person) return false
    // Their other message, a moment earlier or in another process, may have tied it: then it is known by now.
    if (!(await linkAccount(tx, { account, personId: person.id, source: 'email', at }))) return true
    const own = `${account.surface}:${account.id}`
    const says = `${own} is linked to ${person.name}, by the e-mail address that ${account.surface} vouches for.`
    const data = { ...account, by: 'email' }
    await appendAudit(tx, [{ actor: person.id, kind: 'account.linked', says, data, at }])
    await notify(tx, PEOPLE_TOPIC, '')
    const threadId = await thread(tx)
    const { surface } = account
    const key = `linked:${own}`
    const card = linkedCard(person.name, own)
    if (threadId) await putDelivery(tx, { key, surface, threadId, card, only: person.id, final: true, now: at })
    return true
  })
}

const linkedCard = (name: string, own: string): Card => ({
  kind: 'notice',
  tone: 'good',
  title: `Welcome, ${name}`,
  blocks: [
    {
      type: 'text',
      text: [{ code: own }, ' has your e-mail address, so it is linked to you: your rights hold here too.'],
    },
    { type: 'text', text: ['If it is not yours, say ', { code: `unlink ${own}` }, '.'] },
  ],
})
