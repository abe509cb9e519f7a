import { issueCode } from '../../db/codes.ts'
import { hasActiveAdmin } from '../../db/grants.ts'
import type { Store } from '../../db/store.ts'

const VALID_MS = 24 * 3_600_000

/**
 * On an install without an admin: a new one-time code, valid for a day, to be printed where only the operator reads (the terminal).
 * Whoever says `claim CODE` becomes the first admin. Undefined when there is one.
 */
export async function firstAdminCode(store: Store, now: Date): Promise<string | undefined> {
  if (await hasActiveAdmin(store.db)) return undefined
  return store.transaction((tx) =>
    issueCode(tx, { purpose: 'first-admin', now, expiresAt: new Date(now.getTime() + VALID_MS) }),
  )
}
