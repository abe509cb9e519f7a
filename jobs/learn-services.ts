import { buildCatalog } from '../core/catalog/build.ts'
import type { Catalog } from '../core/catalog/catalog.ts'
import type { Config } from '../core/config.ts'
import { messageOf } from '../core/errors.ts'
import type { Logger } from '../core/ports/logger.ts'
import { forgetLearnedServices, listLearnedServices, putLearnedServices } from '../db/learned-services.ts'
import { type Store, storeClock } from '../db/store.ts'
import type { Schedule } from './schedules.ts'

/** A Deployment as a cluster client lists it. */
interface SeenService {
  readonly name: string
  readonly environment: string
  readonly namespace: string
  readonly workload: string
  readonly repository: string
}

export interface CatalogKeeper {
  /** The configuration, the Backstage files and what the clusters run, as last known. */
  catalog(): Catalog
  /** Asks every cluster what runs there and stores it. */
  readonly learn: Schedule
  /** Takes over what another process learned. */
  readonly reread: Schedule
}

const LEARN_EVERY_MS = 60_000
const REREAD_EVERY_MS = 30_000
const FORGET_AFTER_MS = 14 * 86_400_000

/** Keeps the catalog in memory, made of the configuration and of what the clusters were seen to run. */
export async function createCatalogKeeper(options: {
  readonly store: Store
  readonly config: Pick<Config, 'environments' | 'services' | 'components'>
  readonly list: (environment: string) => Promise<readonly SeenService[]>
  readonly log: Logger
}): Promise<CatalogKeeper> {
  const { store, config, list, log } = options
  let current = buildCatalog(config, await listLearnedServices(store.db))
  const reread = async () => {
    current = buildCatalog(config, await listLearnedServices(store.db))
  }
  const learn = async () => {
    // By the database's clock: a machine's that is a year ahead must not forget what a cluster that is away was known to run.
    const now = await storeClock(store.db)
    for (const { name } of config.environments) {
      try {
        const seen = await list(name)
        await store.transaction((tx) => putLearnedServices(tx, seen, now))
      } catch (error) {
        // A cluster that is away keeps what it was known to run.
        log.debug({ environment: name, error: messageOf(error) }, 'what the cluster runs could not be asked')
      }
    }
    await forgetLearnedServices(store.db, new Date(now.getTime() - FORGET_AFTER_MS))
    await reread()
  }
  return {
    catalog: () => current,
    learn: { name: 'learn services', everyMs: LEARN_EVERY_MS, run: learn },
    reread: { name: 'reread services', everyMs: REREAD_EVERY_MS, run: reread },
  }
}
