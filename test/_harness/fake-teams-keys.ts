import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'

/** A key that the fake Bot Framework signs its tokens with. */
export interface FakeKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly endorsements: readonly string[]
}

export function newKey(endorsements: readonly string[]): FakeKey {
  return { kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2_048 }), endorsements }
}

/** As the metadata show it. */
export function publicPart({ kid, publicKey, endorsements }: FakeKey): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256', endorsements }
}
