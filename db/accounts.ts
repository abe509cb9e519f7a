import type { PersonId } from '../core/ids.ts'
import type { Account } from '../core/person.ts'
import type { Transaction } from './database.ts'
import { accounts } from './schema/accounts.ts'

/** Ties an account to a person. Returns false when it belongs to somebody already; it is left with them. */
export async function linkAccount(
  tx: Transaction,
  link: { account: Account; personId: PersonId; source: 'claim' | 'link'; at: Date },
): Promise<boolean> {
  const { account, personId, source, at } = link
  const added = await tx
    .insert(accounts)
    .values({ surface: account.surface, accountId: account.id, personId, source, linkedAt: at })
    .onConflictDoNothing()
    .returning({ personId: accounts.personId })
  return added.length > 0
}
