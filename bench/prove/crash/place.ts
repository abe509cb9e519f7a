import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { silentLogger } from '../../../core/ports/logger.ts'
import { installationId } from '../../../db/installation.ts'
import { openStore, type StoreOptions } from '../../../db/store.ts'
import type { QueuePlace } from '../../../jobs/backends/open.ts'
import { emptyDatabase } from '../../places.ts'
import { layOutEmpty } from '../frame/prepared.ts'
import type { Backend } from '../prover.ts'

/** Where a program that is killed leaves what it wrote, for its successor to find. */
export interface Place {
  readonly store: StoreOptions
  readonly queue: QueuePlace
  close(): Promise<void>
}

/** An empty one of the kind, with its schema made. */
export async function emptyPlace(backend: Backend): Promise<Place> {
  if (backend === 'pglite') {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-'))
    await layOutEmpty(folder)
    return {
      store: { backend, folder },
      queue: 'store',
      close: () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
    }
  }
  const { url, drop } = await emptyDatabase()
  const store = { backend: 'postgres', url, poolSize: 6 } as const
  const opened = await openStore(store, silentLogger)
  const prefix = `quarterdeck-${await installationId(opened.db)}`
  await opened.close()
  if (backend === 'postgres') return { store, queue: 'store', close: drop }
  const redis = process.env.QUARTERDECK_TEST_REDIS ?? ''
  return {
    store,
    queue: { url: redis },
    async close() {
      const client = new Redis(redis)
      const keys = await client.keys(`${prefix}:*`)
      if (keys.length > 0) await client.del(...keys)
      client.disconnect()
      await drop()
    },
  }
}
