import { type CryptoKey, importJWK } from 'jose'
import { z } from 'zod'
import { messageOf, UpstreamError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'

/** A key of the Bot Framework's, and the channels it may speak for. */
export interface SigningKey {
  readonly key: CryptoKey
  readonly endorsements: readonly string[]
}

export interface SigningKeys {
  /** Throws UpstreamError when no keys could be had at all. */
  byId(kid: string): Promise<SigningKey | undefined>
  /** Why nothing can be checked now, where that is so and was tried. */
  trouble(): string | undefined
}

const Metadata = z.object({ jwks_uri: z.string() })
const Keys = z.object({
  keys: z.array(
    z.object({
      kid: z.string(),
      kty: z.string(),
      n: z.string().optional(),
      e: z.string().optional(),
      endorsements: z.array(z.string()).optional(),
    }),
  ),
})

/** Microsoft asks to read the keys again once a day, and when one is met that is not known. */
const FRESH_MS = 24 * 3_600_000
/** Anybody can name unknown keys: the keys are not asked for more often because of them. */
const UNKNOWN_REST_MS = 60_000
const WITHIN_MS = 5_000

/** The keys named by the metadata, kept in memory; while they cannot be read, those read last count. */
export function createSigningKeys(options: {
  readonly metadata: string
  readonly clock: () => Date
  readonly log: Logger
}): SigningKeys {
  const { metadata, clock, log } = options
  let keys: ReadonlyMap<string, SigningKey> | undefined
  let readAtMs = Number.NEGATIVE_INFINITY
  let triedAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  let trouble: string | undefined

  const read = (): Promise<void> => {
    triedAtMs = clock().getTime()
    reading ??= readKeys(metadata)
      .then((read) => {
        keys = read
        readAtMs = clock().getTime()
        trouble = undefined
      })
      .catch((error: unknown) => {
        // Those read last count; without any, nobody is heard.
        if (!keys) trouble = messageOf(error)
        throw error
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  return {
    async byId(kid) {
      const now = clock().getTime()
      const stale = now - readAtMs > FRESH_MS
      const unknown = !keys?.has(kid)
      if (!keys) await read()
      else if ((stale || unknown) && now - triedAtMs > UNKNOWN_REST_MS)
        await read().catch((error: unknown) =>
          log.warn({ err: error, metadata }, 'the Bot Framework’s signing keys cannot be read; those read last count'),
        )
      return keys?.get(kid)
    },
    trouble: () => trouble,
  }
}

async function readKeys(metadata: string): Promise<ReadonlyMap<string, SigningKey>> {
  const { jwks_uri: address } = Metadata.parse(await readJson(metadata))
  // The metadata is trusted by its address; it may not send us elsewhere.
  if (!URL.canParse(address) || new URL(address).origin !== new URL(metadata).origin)
    throw upstream(`The metadata at ${metadata} names keys at another address (${address.slice(0, 200)}).`)
  const { keys } = Keys.parse(await readJson(address))
  const found = new Map<string, SigningKey>()
  for (const { kid, kty, n, e, endorsements } of keys) {
    if (kty !== 'RSA' || !n || !e) continue
    const key = await importJWK({ kty, n, e }, 'RS256')
    // An RSA key is never bytes; the library's type has them for symmetric ones.
    if (!(key instanceof Uint8Array)) found.set(kid, { key, endorsements: endorsements ?? [] })
  }
  return found
}

async function readJson(address: string): Promise<unknown> {
  try {
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) })
    if (!answer.ok) throw new Error(`it answers ${answer.status}`)
    return await answer.json()
  } catch (error) {
    throw upstream(`The Bot Framework’s keys at ${address} cannot be read (${messageOf(error)}).`, error)
  }
}

const upstream = (says: string, cause?: unknown) =>
  new UpstreamError(says, { service: 'botframework', retryable: true, retryAfterMs: 2_000, cause })
