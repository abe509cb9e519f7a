import { randomBytes } from 'node:crypto'
import { emptyDatabase } from './places.ts'

export const BACKENDS = ['pglite', 'postgres', 'redis'] as const
export type Backend = (typeof BACKENDS)[number]

/**
 * The backend this run of the suite stands on (QUARTERDECK_TEST_BACKEND): `pglite` needs nothing; `postgres` needs QUARTERDECK_TEST_POSTGRES;
 * `redis` needs that and QUARTERDECK_TEST_REDIS.
 */
export function backendUnderTest(): Backend {
  const named = process.env.QUARTERDECK_TEST_BACKEND ?? 'pglite'
  const backend = BACKENDS.find((known) => known === named)
  if (!backend) throw new Error(`QUARTERDECK_TEST_BACKEND is "${named}"; it may be ${BACKENDS.join(', ')}.`)
  return backend
}

/** The part of a configuration that chooses store and queue, on a database of its own; `drop` removes it. */
export async function backendConfig(backend: Backend): Promise<{ config: object; drop: () => Promise<void> }> {
  if (backend === 'pglite') return { config: { store: 'embedded', queue: 'store' }, drop: async () => {} }
  const { url, drop } = await emptyDatabase()
  const store = { url: reference(url) }
  if (backend === 'postgres') return { config: { store, queue: 'store' }, drop }
  const redis = process.env.QUARTERDECK_TEST_REDIS
  if (!redis) throw new Error('QUARTERDECK_TEST_REDIS is not set')
  // Keys bear the installation's name, so that many programs may share one Redis.
  return { config: { store, queue: { redis: reference(redis) } }, drop }
}

/** The configuration takes secrets by reference only. */
function reference(value: string): string {
  const name = `QUARTERDECK_TEST_SECRET_${randomBytes(4).toString('hex').toUpperCase()}`
  process.env[name] = value
  return `env:${name}`
}
