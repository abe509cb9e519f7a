import type { Config } from '../core/config.ts'
import { resolveSecret } from '../core/secrets.ts'
import type { StoreOptions } from './store.ts'

/** Which store a configuration means; the secret is resolved now. */
export function storeOptionsOf(config: Pick<Config, 'store' | 'dataFolder'>): StoreOptions {
  if (config.store.kind === 'embedded') return { backend: 'pglite', folder: config.dataFolder }
  return { backend: 'postgres', url: resolveSecret(config.store.url) }
}
