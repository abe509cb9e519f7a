import type { CatalogEnvironment } from '../core/catalog/catalog.ts'
import type { LanguageModel } from '../core/ports/language-model.ts'
import { readMeta } from '../db/meta.ts'
import type { Store } from '../db/store.ts'
import type { Health, HealthProbes } from './health.ts'

/** What the queue says of itself: what troubles it, since when. */
export interface QueueHealth {
  readonly backend: string
  readonly working: number
  readonly dispatcher?: { readonly since: Date; readonly says: string }
  readonly worker?: { readonly since: Date; readonly says: string }
  readonly sweeper?: { readonly since: Date; readonly says: string }
}

/** The parts of the program, as `/readyz` and `npm run doctor` show them. Clusters and the language model are shown, not needed: chat says when one is down. */
export function programHealth(parts: {
  readonly store: Store
  readonly queue: () => QueueHealth
  readonly environments: readonly CatalogEnvironment[]
  readonly model?: LanguageModel | undefined
  readonly cluster: (environment: string) => Promise<Health>
}): HealthProbes {
  const { store, queue, environments, cluster, model } = parts
  return {
    needed: {
      store: async () => {
        const before = performance.now()
        await readMeta(store.db, 'installation')
        return { ok: true, says: `${store.backend} answers in ${Math.round(performance.now() - before)} ms` }
      },
      queue: async () => {
        const { backend, working, dispatcher, worker, sweeper } = queue()
        const trouble = dispatcher ?? worker ?? sweeper
        if (trouble) return { ok: false, says: `${trouble.says} (since ${trouble.since.toISOString()})` }
        return { ok: true, says: `BullMQ on ${backend}, ${working} ${working === 1 ? 'job' : 'jobs'} in hand` }
      },
    },
    shown: {
      ...Object.fromEntries(environments.map(({ name }) => [`cluster:${name}`, () => cluster(name)])),
      ...(model ? { 'language model': () => model.health() } : {}),
    },
  }
}
