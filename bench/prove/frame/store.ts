import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../../core/ports/logger.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { emptyDatabase } from '../../places.ts'
import type { Backend } from '../prover.ts'
import { layOutEmpty } from './prepared.ts'

/** An empty database of a prover's own, and ways into it; `close` drops it. */
export interface PrivateStore {
  readonly store: Store
  /** As another process would: the same database through connections of its own. The embedded engine has one way in. */
  another(): Promise<Store>
  close(): Promise<void>
}

const GONE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }

export async function privateStore(backend: Backend): Promise<PrivateStore> {
  if (backend === 'pglite') {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-'))
    await layOutEmpty(folder)
    const store = await openStore({ backend, folder }, silentLogger)
    return { store, another: async () => store, close: () => store.close().finally(() => rm(folder, GONE)) }
  }
  const { url, drop } = await emptyDatabase()
  const opened: Store[] = []
  const another = async () => {
    const store = await openStore({ backend: 'postgres', url, poolSize: 8 }, silentLogger)
    opened.push(store)
    return store
  }
  return {
    store: await another(),
    another,
    async close() {
      await Promise.all(opened.map((store) => store.close()))
      await drop()
    },
  }
}
