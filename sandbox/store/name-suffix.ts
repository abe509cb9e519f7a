import { createHash } from 'node:crypto'

/** The five characters behind a generateName, from the uid so that a seed decides them. */
export function nameSuffix(uid: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  const digest = createHash('sha256').update(uid).digest()
  return [...digest.subarray(0, 5)].map((byte) => alphabet[byte % alphabet.length]).join('')
}
