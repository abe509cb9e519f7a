import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { type PersonId, randomCode } from '../core/ids.ts'
import { sha256 } from '../core/json.ts'
import type { Account } from '../core/person.ts'
import type { Transaction } from './database.ts'
import { codes } from './schema/codes.ts'

/** Wrong guesses after which the open codes they were aimed at are dead. */
export const CODE_ATTEMPTS_MAX = 5

export type Redeemed =
  | { readonly ok: true; readonly personId?: PersonId }
  | { readonly ok: false; readonly why: 'unknown' | 'expired' | 'used' | 'too-many-attempts' }

/** Codes are read aloud and typed on phones: case, spaces and dashes do not matter, and o, i, l are the digits they look like. */
function hashOf(code: string): string {
  const plain = code
    .toLowerCase()
    .replaceAll(/[\s\-–—]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
  return sha256(`quarterdeck-code:${plain}`)
}

/** A new code of 12 characters (60 bits), shown as `abcd-efgh-jkmn`. Earlier open ones for the same purpose and account die. */
export async function issueCode(
  tx: Transaction,
  wish: { purpose: 'first-admin' | 'link'; personId?: PersonId; account?: Account; now: Date; expiresAt: Date },
): Promise<string> {
  const { purpose, personId, account, now, expiresAt } = wish
  await tx
    .update(codes)
    .set({ usedAt: now })
    .where(and(aimedAt(purpose, account), isNull(codes.usedAt)))
  const code = randomCode(12)
  await tx.insert(codes).values({
    hash: hashOf(code),
    purpose,
    personId,
    surface: account?.surface,
    accountId: account?.id,
    createdAt: now,
    expiresAt,
  })
  return code.replace(/(.{4})(.{4})(.{4})/, '$1-$2-$3')
}

/**
 * Uses a code up, once. A `link` code works only from the account it was made for. Commit the transaction also when the answer is no:
 * the wrong guess is counted in it.
 */
export async function redeemCode(
  tx: Transaction,
  guess: { purpose: 'first-admin' | 'link'; code: string; account: Account; now: Date },
): Promise<Redeemed> {
  const { purpose, code, account, now } = guess
  const aim = aimedAt(purpose, purpose === 'link' ? account : undefined)
  const [found] = await tx
    .select()
    .from(codes)
    .where(and(aim, eq(codes.hash, hashOf(code))))
    .for('update')
  if (!found) {
    await tx
      .update(codes)
      .set({ attempts: sql`${codes.attempts} + 1` })
      .where(and(aim, isNull(codes.usedAt), gt(codes.expiresAt, now)))
    return { ok: false, why: 'unknown' }
  }
  if (found.usedAt) return { ok: false, why: 'used' }
  if (found.expiresAt <= now) return { ok: false, why: 'expired' }
  if (found.attempts >= CODE_ATTEMPTS_MAX) return { ok: false, why: 'too-many-attempts' }
  await tx.update(codes).set({ usedAt: now }).where(eq(codes.hash, found.hash))
  return { ok: true, personId: found.personId ?? undefined }
}

function aimedAt(purpose: 'first-admin' | 'link', account: Account | undefined) {
  return and(
    eq(codes.purpose, purpose),
    account && eq(codes.surface, account.surface),
    account && eq(codes.accountId, account.id),
  )
}
